import type { CommandModule } from '../program/program';

/** `doctor`: what a deployment would stumble over. */
export const doctor: CommandModule = (program, act) => {
  program
    .command('doctor')
    .description('check tools, accounts, quotas and ranges before anything is paid for')
    .argument('[example]', 'folder under examples/, or any with a cdktf.json; the project itself without it')
    .action(
      act((context, _, [example]) => {
        const commands = require('../doctor/doctor') as typeof import('../doctor/doctor');
        return commands.doctor(context, example);
      }),
    );
};
