import { command } from '../program/command';
import { CLUSTER, ENDPOINT } from './common';

/** `diagnose`: what is wrong, and how to fix it. */
export const diagnose = command({
  name: 'diagnose',
  summary: 'Check everything that is known to fail, from the GPU to Kong, and show how to fix it',
  settings: [...CLUSTER, ...ENDPOINT],
  examples: [
    { line: 'diagnose', does: 'check nodes, servers, mesh, gateway, Konnect and the endpoint' },
    { line: 'diagnose --json', does: 'print the findings and their remedies as JSON' },
  ],
  run(context) {
    const { runDiagnose } = require('../diagnose/run') as typeof import('../diagnose/run');
    return runDiagnose(context);
  },
});
