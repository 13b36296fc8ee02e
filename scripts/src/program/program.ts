import { setMaxListeners } from 'node:events';
import { CommanderError } from 'commander';
import type { Chapter } from './command';
import { parse, type Parsed } from './command-line';
import type { Clock, Context, GlobalFlags } from './context';
import { UsageError } from './errors';
import { ExitCode, exitCodeOf, messageOf } from './exit-codes';
import { Masker } from './masker';
import { ZxRunner, type Runner } from './process';
import { ask, confirm, type Terminal } from './prompt';
import { Reporter } from './reporter';
import { Settings } from './settings';

/** Everything external that one run uses. Tests replace all of it. */
export interface World extends Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** @default - child processes started by zx */
  readonly runner?: Runner;
}

/** Runs one command line and returns its exit code. Catches every error and prints its message without secrets. */
export async function main(argv: readonly string[], world: World, chapters: readonly Chapter[]): Promise<ExitCode> {
  const masker = new Masker();
  setMaxListeners(0, world.signal); // every request and child process is one; Node.js would warn from the 11th on
  try {
    await parse(argv, world.streams, chapters, async ({ options, run }) => run(createContext(options, world, masker)));
    return ExitCode.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    if (world.signal.aborted) {
      world.streams.err.write('interrupted; nothing is lost: run the same command again to resume\n');
      return ExitCode.unexpected;
    }
    world.streams.err.write(`${masker.mask(`error: ${messageOf(error)}`)}\n`);
    return exitCodeOf(error);
  }
}

function createContext(options: Parsed['options'], world: World, masker: Masker): Context {
  const { streams, environment, directory, clock, fetch, signal } = world;
  const settings = Settings.resolve(
    options,
    environment,
    typeof options['project'] === 'string' ? options['project'] : directory,
  );
  for (const [variable, secret] of settings.secrets()) learn(masker, variable, secret);
  const isOn = (name: string): boolean => options[name] === true;
  const flags: GlobalFlags = {
    json: isOn('json'),
    dryRun: isOn('dryRun'),
    yes: isOn('yes'),
    verbose: isOn('verbose'),
  };
  const reporter = new Reporter(streams, masker, flags.verbose);
  return {
    flags,
    settings,
    masker,
    reporter,
    streams,
    clock,
    fetch,
    directory,
    environment,
    signal,
    runner: world.runner ?? new ZxRunner(masker, signal, environment, (line) => reporter.detail(`$ ${line}`)),
    confirm: (question) => reporter.hold(() => confirm(question, flags, world)),
    ask: (question) => reporter.hold(() => ask(question, flags, world)),
  };
}

function learn(masker: Masker, variable: string, secret: string): void {
  try {
    masker.add(secret);
  } catch (cause) {
    throw new UsageError(`${variable} is not a secret: ${messageOf(cause)}`);
  }
}
