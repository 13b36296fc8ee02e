import type { CommandModule } from '../program/program';
import type { RenderFlags } from '../render/run';

/** `render`: the GitOps tree, for Git. */
export const render: CommandModule = (program, act) => {
  program
    .command('render [directory]')
    .description('write the GitOps tree that synth made to its place in a repository; here without a directory')
    .option('--example <name>', 'one of the examples of the project')
    .option('--check', 'write nothing; exit code 6 where the repository differs')
    .action(
      act<RenderFlags>((context, options, [directory = '.']) => {
        const { renderTrees } = require('../render/run') as typeof import('../render/run');
        renderTrees(context, directory, options);
        return Promise.resolve();
      }),
    );
};
