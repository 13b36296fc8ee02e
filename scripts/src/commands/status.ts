import { command } from '../program/command';
import { CLUSTER, CONTROL_PLANE, EXAMPLE } from './common';
import { LISTED } from './listed';

/** `status`: everything on one screen. */
export const status = command<{ readonly timings?: boolean; readonly watch?: boolean }>({
  ...LISTED.status,
  arguments: [EXAMPLE],
  switches: [
    {
      name: '--timings',
      summary: 'print how long each stage of the last start of every server took, and nothing else',
    },
    {
      name: '--watch',
      summary: 'show it again every 15 seconds until Ctrl-C; without a terminal, print a line for each change',
    },
  ],
  settings: [...CLUSTER, 'terraformBinary', ...CONTROL_PLANE, 'networkName'],
  examples: [
    { line: 'status', does: 'show the state of the project in the current folder' },
    { line: 'status --json', does: 'print it as JSON' },
    {
      line: 'status --watch',
      does: 'follow a start; Ctrl-C ends with exit code 0 if everything is ready, otherwise with 6',
    },
    { line: 'status --timings', does: 'compare the last start of each server with the planned one' },
  ],
  run(context, { timings, watch }, [example]) {
    if (watch === true) {
      return (require('../status/watch') as typeof import('../status/watch')).watchStatus(context, example, timings);
    }
    if (timings === true) {
      return (require('../status/timings') as typeof import('../status/timings')).timings(context, example);
    }
    return (require('../status/status') as typeof import('../status/status')).status(context, example);
  },
});
