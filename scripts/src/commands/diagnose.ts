import type { CommandModule } from '../program/program';

/** `diagnose`: what is wrong, and what mends it. */
export const diagnose: CommandModule = (program, act) => {
  program
    .command('diagnose')
    .description('look at what is known to go wrong, from the GPU to Kong, and say what mends it')
    .action(
      act((context) => {
        const { runDiagnose } = require('../diagnose/run') as typeof import('../diagnose/run');
        return runDiagnose(context);
      }),
    );
};
