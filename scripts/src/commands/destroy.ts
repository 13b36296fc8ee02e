import type { DestroyOptions } from '../destroy/destroy';
import { command } from '../program/command';
import { CLUSTER, CONTROL_PLANE, EXAMPLE } from './common';
import { LISTED } from './listed';

/** `destroy`: deletes everything, then searches for leftovers. */
export const destroy = command<DestroyOptions>({
  ...LISTED.destroy,
  arguments: [EXAMPLE],
  switches: [{ name: '--delete-volumes', summary: 'delete volumes that the cluster leaves, with the models on them' }],
  settings: [...CLUSTER, 'terraformBinary', ...CONTROL_PLANE, 'networkName'],
  examples: [
    { line: 'destroy --dry-run', does: 'list everything that would be deleted' },
    { line: 'destroy --delete-volumes', does: 'list everything, ask, and delete it, including volumes with models' },
  ],
  run(context, flags, [example]) {
    const commands = require('../destroy/destroy') as typeof import('../destroy/destroy');
    return commands.destroy(context, example, flags);
  },
});
