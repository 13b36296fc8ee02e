import type { Parsed } from './command-line';
import type { Clock, Context, GlobalFlags } from './context';
import { UsageError } from './errors';
import { messageOf } from './exit-codes';
import type { Masker } from './masker';
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

/** Returns what a command works with. Throws UsageError for an invalid setting. */
export function createContext(options: Parsed['options'], world: World, masker: Masker): Context {
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
