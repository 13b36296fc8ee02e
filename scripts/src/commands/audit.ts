import { command } from '../program/command';
import { CLUSTER, ENDPOINT } from './common';
import { LISTED } from './listed';

/** `audit`: evidence that prompts and answers stay in the account. */
export const audit = command({
  ...LISTED.audit,
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
