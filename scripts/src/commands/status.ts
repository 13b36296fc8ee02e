import { command } from '../program/command';
import { CLUSTER, CONTROL_PLANE, EXAMPLE } from './common';

/** `status`: everything on one screen. */
export const status = command({
  name: 'status',
  summary: 'Show stacks, Argo CD, nodes, models, Konnect and what today has cost so far',
  arguments: [EXAMPLE],
  settings: [...CLUSTER, 'terraformBinary', ...CONTROL_PLANE, 'networkName'],
  examples: [
    { line: 'status', does: 'show the state of the project in the current folder' },
    { line: 'status --json', does: 'print it as JSON' },
  ],
  run(context, _, [example]) {
    const commands = require('../status/status') as typeof import('../status/status');
    return commands.status(context, example);
  },
});
