import type { FileOptions } from '../kong/commands';
import type { CommandModule } from '../program/program';

/** Most objects that one sync deletes unless told otherwise. */
const MAX_DELETES = '5';

const FILE =
  'configuration file; deck/kong-config.yaml of the project without it, or else the one that the library makes';

/** `kong`: Kong's configuration, by decK. */
export const kong: CommandModule = (program, act) => {
  const load = () => require('../kong/commands') as typeof import('../kong/commands');
  const group = program.command('kong').description("Kong's configuration, by decK: never touches consumers");
  group
    .command('diff')
    .description('say what a sync would do')
    .option('--file <path>', FILE)
    .option('--consumers <path>', "the consumers' file instead, in a run of its own")
    .option('--max-deletes <number>', 'most deletions that the guard lets pass', MAX_DELETES)
    .option('--exit-code', 'end with exit code 7 where there is something to do')
    .action(act<FileOptions & { exitCode?: boolean }>((context, options) => load().kongDiff(context, options)));
  group
    .command('sync')
    .description('bring Kong in line with the file, when the guard lets the plan pass')
    .option('--file <path>', FILE)
    .option('--consumers <path>', "the consumers' file instead, in a run of its own")
    .option('--max-deletes <number>', 'most deletions that the guard lets pass', MAX_DELETES)
    .action(act<FileOptions>((context, options) => load().kongSync(context, options)));
  group
    .command('guard')
    .description('judge a plan of decK: no consumer, no credential, few deletions')
    .argument('[plan]', 'what `deck gateway diff --json-output` printed')
    .option('--environment <file>', 'judge the values that this state file takes from the environment, instead')
    .option('--max-deletes <number>', 'most deletions that the guard lets pass', MAX_DELETES)
    .action(
      act<{ environment?: string; maxDeletes: string }>((context, options, [plan]) => {
        load().kongGuard(context, plan, options);
        return Promise.resolve();
      }),
    );
};
