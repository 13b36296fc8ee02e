import type { CommandModule } from '../program/program';
import { wholeNumber } from '../program/whole-number';
import type { VerifyFlags } from '../verify/run';

/** `verify`: the whole path, with proof. */
export const verify: CommandModule = (program, act) => {
  program
    .command('verify')
    .description('ask the endpoint, from outside through Kong and from inside past it, and say what does not hold')
    .option('-m, --model <alias...>', "model with its context; those of the project's cluster without it")
    .option('--tools', 'ask for a tool call, and see whether it arrives whole')
    .option('--context', 'send a prompt as long as promised, and see whether it is read whole')
    .option('--no-outside', 'leave out what goes through Kong')
    .option('--no-inside', 'leave out what needs kubectl')
    .option(
      '--request-timeout <seconds>',
      'longest request, in seconds; that of the cluster, or 900, without it',
      wholeNumber('--request-timeout'),
    )
    .action(
      act<VerifyFlags>((context, options) => {
        const { runVerify } = require('../verify/run') as typeof import('../verify/run');
        return runVerify(context, options);
      }),
    );
};
