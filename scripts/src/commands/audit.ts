import type { CommandModule } from '../program/program';

/** `audit`: evidence that nothing leaves. */
export const audit: CommandModule = (program, act) => {
  program
    .command('audit')
    .description(
      'evidence that nothing leaves: cloud models off, egress denied, routes refused, no prompts logged, TLS, digests',
    )
    .action(
      act((context) => {
        const { runAudit } = require('../audit/run') as typeof import('../audit/run');
        return runAudit(context);
      }),
    );
};
