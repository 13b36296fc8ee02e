import type { DeployOptions } from '../deploy/deploy';
import { command, type SwitchSpec } from '../program/command';
import { teamName } from '../program/team-name';
import { CLUSTER, ENDPOINT, EXAMPLE, NETWORK } from './common';

/** What Terraform may take away. */
export const ALLOW_DELETIONS: SwitchSpec = {
  name: '--allow-deletions',
  summary: 'let Terraform delete and replace what its plans name, without asking',
};

/** `deploy`: from nothing to a verified answer. */
export const deploy = command<DeployOptions>({
  name: 'deploy',
  summary: 'Bring up everything, from nothing to a verified answer; run again, it goes on from where it was',
  arguments: [EXAMPLE],
  switches: [ALLOW_DELETIONS],
  options: [
    { name: '--team <name>', summary: 'first team, which gets a key to Kong', parse: teamName, default: 'default' },
  ],
  settings: [...CLUSTER, 'terraformBinary', ...NETWORK, ...ENDPOINT],
  examples: [
    { line: 'deploy', does: 'show the plan with its minutes and its price, ask, and deploy' },
    { line: 'deploy g5-12xlarge --dry-run', does: 'show what Terraform would do for an example, and change nothing' },
  ],
  run(context, flags, [example]) {
    const commands = require('../deploy/deploy') as typeof import('../deploy/deploy');
    return commands.deploy(context, example, flags);
  },
});
