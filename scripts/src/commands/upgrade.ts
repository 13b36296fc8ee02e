import type { UpgradeOptions } from '../deploy/upgrade';
import { command } from '../program/command';
import { CLUSTER, EXAMPLE, NETWORK } from './common';
import { ALLOW_DELETIONS } from './deploy';
import { LISTED } from './listed';

/** `upgrade`: Kubernetes or Istio, one minor version at a time. */
export const upgrade = command<UpgradeOptions>({
  ...LISTED.upgrade,
  arguments: [EXAMPLE],
  switches: [ALLOW_DELETIONS],
  settings: [...CLUSTER, 'terraformBinary', ...NETWORK],
  examples: [
    { line: 'upgrade --dry-run', does: 'show what would roll, for how long, and how to go back' },
    { line: 'upgrade', does: 'show that, ask, and upgrade; run it again to continue where it stopped' },
  ],
  run(context, flags, [example]) {
    const commands = require('../deploy/upgrade') as typeof import('../deploy/upgrade');
    return commands.upgrade(context, example, flags);
  },
});
