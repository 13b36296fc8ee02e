import type { GithubOptions } from '../github/setup';
import type { CommandModule } from '../program/program';

/** `github`: the workflow that syncs Kong's configuration. */
export const github: CommandModule = (program, act) => {
  const group = program.command('github').description("the workflow that syncs Kong's configuration");
  group
    .command('setup')
    .description('give the workflow its secret and variables, and start it when they changed')
    .option('--run', 'start the workflow even where nothing changed')
    .action(
      act<GithubOptions>((context, options) => {
        const { githubSetup } = require('../github/setup') as typeof import('../github/setup');
        return githubSetup(context, options);
      }),
    );
};
