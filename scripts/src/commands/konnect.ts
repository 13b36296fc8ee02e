import type { KonnectUpOptions } from '../deploy/deploy';
import type { AccountsOptions } from '../konnect/accounts-command';
import { command, type GroupSpec } from '../program/command';
import { wholeNumber } from '../program/whole-number';
import { CLUSTER, CONTROL_PLANE, EXAMPLE, NETWORK, TARGET } from './common';
import { ALLOW_DELETIONS } from './deploy';
import { LISTED } from './listed';

/** Lifetime of a token in days, and the longest that Konnect allows. @see https://developer.konghq.com/konnect-platform/system-accounts/ */
const TOKEN_DAYS = 90;
const LONGEST_TOKEN_DAYS = 365;

/** `konnect`: only what is in Konnect. */
export const konnect: GroupSpec = {
  ...LISTED.konnect,
  commands: [
    command<KonnectUpOptions>({
      name: 'up',
      summary: 'Create everything in Konnect for an existing infrastructure',
      arguments: [EXAMPLE],
      switches: [ALLOW_DELETIONS],
      settings: [...CLUSTER, 'terraformBinary', ...NETWORK, 'proxyUrl'],
      examples: [
        { line: 'konnect up', does: 'show the steps with their minutes, ask, and create everything' },
        { line: 'konnect up g5-12xlarge --yes', does: 'create everything for an example, without asking' },
      ],
      run(context, flags, [example]) {
        const { konnectUp } = require('../deploy/deploy') as typeof import('../deploy/deploy');
        return konnectUp(context, example, flags);
      },
    }),
    command({
      name: 'status',
      summary: 'Show every object in Konnect and its state',
      settings: [...TARGET, ...CONTROL_PLANE, 'networkName'],
      examples: [
        { line: 'konnect status', does: "show the objects of the project's cluster" },
        { line: 'konnect status --cluster ollama --json', does: 'print the objects of another cluster as JSON' },
      ],
      run(context) {
        const { konnectStatus } = require('../konnect/status') as typeof import('../konnect/status');
        return konnectStatus(context);
      },
    }),
    command({
      name: 'down',
      summary: 'Delete everything in Konnect, in order, while the transit gateway still exists',
      settings: [...TARGET, ...CONTROL_PLANE, 'networkName'],
      examples: [
        { line: 'konnect down --dry-run', does: 'list what would be deleted, with ids' },
        { line: 'konnect down', does: 'list everything, ask, and delete it' },
      ],
      run(context) {
        const { konnectDown } = require('../konnect/down') as typeof import('../konnect/down');
        return konnectDown(context);
      },
    }),
    command<AccountsOptions>({
      name: 'accounts',
      summary: 'Create least-privilege system accounts: one to provision, one to sync configuration',
      switches: [{ name: '--replace', summary: 'replace tokens whose secrets are lost' }],
      options: [
        {
          name: '--days <number>',
          summary: `lifetime of the tokens in days, at most ${String(LONGEST_TOKEN_DAYS)}`,
          parse: wholeNumber('--days', { to: LONGEST_TOKEN_DAYS }),
          default: TOKEN_DAYS,
        },
      ],
      settings: [...TARGET, ...CONTROL_PLANE],
      examples: [
        { line: 'konnect accounts', does: 'create both, and show their tokens once' },
        { line: 'konnect accounts --days 30 --replace', does: 'replace their tokens with new ones for 30 days' },
      ],
      run(context, flags) {
        const { konnectAccounts } =
          require('../konnect/accounts-command') as typeof import('../konnect/accounts-command');
        return konnectAccounts(context, flags);
      },
    }),
  ],
};
