import { setMaxListeners } from 'node:events';
import type { Chapter } from './command';
import type { World } from './create-context';
import type { ErrorResult } from './error-document';
import { ExitCode, exitCodeOf, LastState, messageOf } from './exit-codes';
import { Masker } from './masker';
import { isHelp, programHelp } from './program-help';
import { ResultStream } from './result-stream';

/** What `--json` prints of a failure. */
const failures = () => require('./error-document') as typeof import('./error-document');

/**
 * Runs one command line and returns its exit code. Catches every error and prints its message without secrets. With `--json`, standard output
 * gets exactly one document: the result, or the error if the command failed before it had one.
 */
export async function main(argv: readonly string[], world: World, chapters: readonly Chapter[]): Promise<ExitCode> {
  if (isHelp(argv)) {
    world.streams.out.write(programHelp(chapters));
    return ExitCode.done;
  }
  const { CommanderError } = require('commander') as typeof import('commander');
  const { parse } = require('./command-line') as typeof import('./command-line');
  const masker = new Masker();
  const out = new ResultStream(world.streams.out);
  const streams = {
    get in() {
      return world.streams.in;
    },
    out,
    err: world.streams.err,
  };
  const failWith = (document: ErrorResult): void => {
    if (argv.includes('--json') && !out.isWritten)
      out.write(`${masker.mask(JSON.stringify(document, undefined, 2))}\n`);
  };
  setMaxListeners(0, world.signal); // every request and child process is one; Node.js would warn from the 11th on
  try {
    await parse(argv, streams, chapters, async ({ options, run }) => {
      // Help ends before this, and needs neither child processes nor prompts.
      const { createContext } = require('./create-context') as typeof import('./create-context');
      await run(createContext(options, { ...world, streams }, masker));
    });
    return ExitCode.done;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return ExitCode.done;
      failWith(failures().errorDocument(error));
      return ExitCode.usage;
    }
    if (world.signal.aborted && !(error instanceof LastState)) {
      world.streams.err.write('interrupted; to continue, run the same command again\n');
      failWith(failures().INTERRUPTED);
      return ExitCode.unexpected;
    }
    world.streams.err.write(`${masker.mask(`error: ${messageOf(error)}`)}\n`);
    failWith(failures().errorDocument(error));
    return exitCodeOf(error);
  }
}
