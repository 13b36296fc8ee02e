import type { DeployOptions } from '../deploy/deploy';
import { command, type SwitchSpec } from '../program/command';
import { teamName } from '../program/team-name';
import { CLUSTER, ENDPOINT, EXAMPLE, NETWORK } from './common';
import { LISTED } from './listed';

/** Switch that allows deletions. */
export const ALLOW_DELETIONS: SwitchSpec = {
  name: '--allow-deletions',
  summary: 'let Terraform and the GitOps tree delete and replace without asking',
};

/** `deploy`: from nothing to a verified answer. */
export const deploy = command<DeployOptions>({
  ...LISTED.deploy,
  arguments: [EXAMPLE],
  switches: [ALLOW_DELETIONS],
  options: [
    { name: '--team <name>', summary: 'first team, which gets a key to Kong', parse: teamName, default: 'default' },
  ],
  settings: [...CLUSTER, 'terraformBinary', ...NETWORK, ...ENDPOINT],
  examples: [
    { line: 'deploy', does: 'show the steps with their minutes and the price, ask, and deploy' },
    { line: 'deploy g5-12xlarge --dry-run', does: 'show what Terraform would change for an example' },
  ],
  run(context, flags, [example]) {
    const commands = require('../deploy/deploy') as typeof import('../deploy/deploy');
    return commands.deploy(context, example, flags);
  },
});
