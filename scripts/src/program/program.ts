import { setMaxListeners } from 'node:events';
import { CommanderError } from 'commander';
import type { Chapter } from './command';
import { parse } from './command-line';
import type { World } from './create-context';
import { ExitCode, exitCodeOf, messageOf } from './exit-codes';
import { Masker } from './masker';

/** Runs one command line and returns its exit code. Catches every error and prints its message without secrets. */
export async function main(argv: readonly string[], world: World, chapters: readonly Chapter[]): Promise<ExitCode> {
  const masker = new Masker();
  setMaxListeners(0, world.signal); // every request and child process is one; Node.js would warn from the 11th on
  try {
    await parse(argv, world.streams, chapters, async ({ options, run }) => {
      // Help ends before this, and needs neither child processes nor prompts.
      const { createContext } = require('./create-context') as typeof import('./create-context');
      await run(createContext(options, world, masker));
    });
    return ExitCode.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    if (world.signal.aborted) {
      world.streams.err.write('interrupted; to continue, run the same command again\n');
      return ExitCode.unexpected;
    }
    world.streams.err.write(`${masker.mask(`error: ${messageOf(error)}`)}\n`);
    return exitCodeOf(error);
  }
}
