import type { DestroyOptions } from '../destroy/destroy';
import { command } from '../program/command';
import { CLUSTER, CONTROL_PLANE, EXAMPLE } from './common';

/** `destroy`: everything away, and a search for what is left. */
export const destroy = command<DestroyOptions>({
  name: 'destroy',
  summary: 'Take everything away, Konnect first, and search for what is left',
  arguments: [EXAMPLE],
  switches: [{ name: '--delete-volumes', summary: 'delete volumes that the cluster leaves, with the models on them' }],
  settings: [...CLUSTER, 'terraformBinary', ...CONTROL_PLANE, 'networkName'],
  examples: [
    { line: 'destroy --dry-run', does: 'list all that would go, and change nothing' },
    { line: 'destroy --delete-volumes', does: 'list it, ask, and delete it, volumes with models included' },
  ],
  run(context, flags, [example]) {
    const commands = require('../destroy/destroy') as typeof import('../destroy/destroy');
    return commands.destroy(context, example, flags);
  },
});
