import { command } from '../program/command';
import { CLUSTER, ENDPOINT } from './common';

/** `audit`: evidence that prompts and answers stay in the account. */
export const audit = command({
  name: 'audit',
  summary: 'Collect evidence that no data leaves: cloud models off, egress limited, routes refused, no prompts logged',
  settings: [...CLUSTER, ...ENDPOINT],
  examples: [
    { line: 'audit', does: 'print the findings; exit code 6 if a check fails' },
    { line: 'audit --json > evidence.json', does: 'save the evidence' },
  ],
  run(context) {
    const { runAudit } = require('../audit/run') as typeof import('../audit/run');
    return runAudit(context);
  },
});
