import { command } from '../program/command';
import { CLUSTER, ENDPOINT } from './common';

/** `audit`: evidence that nothing leaves. */
export const audit = command({
  name: 'audit',
  summary: 'Collect evidence that nothing leaves: cloud models off, egress denied, routes refused, no prompts logged',
  settings: [...CLUSTER, ...ENDPOINT],
  examples: [
    { line: 'audit', does: 'print what was found, with exit code 6 where something does not hold' },
    { line: 'audit --json > evidence.json', does: 'keep the evidence' },
  ],
  run(context) {
    const { runAudit } = require('../audit/run') as typeof import('../audit/run');
    return runAudit(context);
  },
});
