import type { CommandModule } from '../program/program';

/** `status`: one screen. */
export const status: CommandModule = (program, act) => {
  program
    .command('status')
    .description('show stacks, Argo CD, nodes, model, Konnect and what today has cost so far')
    .argument('[example]', 'folder under examples/, or any with a cdktf.json; the project itself without it')
    .action(
      act((context, _, [example]) => {
        const commands = require('../status/status') as typeof import('../status/status');
        return commands.status(context, example);
      }),
    );
};
