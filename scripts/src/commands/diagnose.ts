import type { DiagnoseFlags } from '../diagnose/run';
import { command } from '../program/command';
import { CLUSTER, ENDPOINT } from './common';
import { LISTED } from './listed';

/** `diagnose`: what is wrong, and how to fix it. */
export const diagnose = command<DiagnoseFlags>({
  ...LISTED.diagnose,
  switches: [
    {
      name: '--fix',
      summary:
        "repair what can be repaired from here: syncs that Argo CD has given up on, the controller's certificate",
    },
  ],
  settings: [...CLUSTER, ...ENDPOINT],
  examples: [
    { line: 'diagnose', does: 'check nodes, servers, mesh, gateway, Konnect and the endpoint' },
    { line: 'diagnose --fix', does: 'ask, then start failed syncs again, and renew what does not match' },
    { line: 'diagnose --json', does: 'print the findings and their remedies as JSON' },
  ],
  run(context, flags) {
    const { runDiagnose } = require('../diagnose/run') as typeof import('../diagnose/run');
    return runDiagnose(context, flags);
  },
});
