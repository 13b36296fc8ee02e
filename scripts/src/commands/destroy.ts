import type { DestroyOptions } from '../destroy/destroy';
import type { CommandModule } from '../program/program';

/** `destroy`: everything away, and a search for what is left. */
export const destroy: CommandModule = (program, act) => {
  program
    .command('destroy')
    .description('take everything away, Konnect first, and search for what is left')
    .argument('[example]', 'folder under examples/, or any with a cdktf.json; the project itself without it')
    .option('--delete-volumes', 'delete volumes that the cluster leaves, with the models on them')
    .action(
      act<DestroyOptions>((context, options, [example]) => {
        const commands = require('../destroy/destroy') as typeof import('../destroy/destroy');
        return commands.destroy(context, example, options);
      }),
    );
};
