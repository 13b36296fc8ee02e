import type { ReportFlags } from '../report/run';
import { command } from '../program/command';
import { EXAMPLE, TARGET } from './common';
import { LISTED } from './listed';

/** `report`: what a project will create. */
export const report = command<ReportFlags>({
  ...LISTED.report,
  arguments: [EXAMPLE],
  switches: [
    { name: '--markdown', summary: 'print Markdown, for a comment on a pull request' },
    { name: '--html', summary: 'print a page that needs no other file' },
  ],
  settings: TARGET,
  examples: [
    { line: 'report', does: 'show the report of the project in the current folder, after npm run synth' },
    { line: 'report --html > report.html', does: 'write it as a page' },
  ],
  run(context, flags, [example]) {
    const { printReport } = require('../report/run') as typeof import('../report/run');
    printReport(context, example, flags);
  },
});
