import { command } from '../program/command';
import { CLUSTER, ENDPOINT } from './common';

/** `diagnose`: what is wrong, and what mends it. */
export const diagnose = command({
  name: 'diagnose',
  summary: 'Look at what is known to go wrong, from the GPU to Kong, and say what fixes it',
  settings: [...CLUSTER, ...ENDPOINT],
  examples: [
    { line: 'diagnose', does: 'check nodes, servers, mesh, gateway, Konnect and the endpoint' },
    { line: 'diagnose --json', does: 'print findings with their remedies for a script' },
  ],
  run(context) {
    const { runDiagnose } = require('../diagnose/run') as typeof import('../diagnose/run');
    return runDiagnose(context);
  },
});
