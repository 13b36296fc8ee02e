import type { DiffOptions } from '../deploy/diff';
import { command } from '../program/command';
import { CLUSTER, EXAMPLE, NETWORK } from './common';
import { LISTED } from './listed';

/** `diff`: what a deployment would change, and what that means. */
export const diff = command<DiffOptions>({
  ...LISTED.diff,
  arguments: [EXAMPLE],
  switches: [
    {
      name: '--exit-code',
      summary: 'end with exit code 7 if something would change, with 6 if something cannot be compared',
    },
  ],
  settings: [...CLUSTER, 'terraformBinary', ...NETWORK],
  examples: [
    { line: 'diff', does: 'name each loss in words: a volume, an address, nodes, an upgrade' },
    { line: 'diff g5-12xlarge --exit-code --json', does: 'fail in CI if an example differs from what runs' },
  ],
  run(context, flags, [example]) {
    const commands = require('../deploy/diff') as typeof import('../deploy/diff');
    return commands.diff(context, example, flags);
  },
});
