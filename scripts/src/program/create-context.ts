import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { proxiedFetch } from './proxied-fetch';
import type { Parsed } from './command-line';
import type { Clock, Context, Fetch, GlobalFlags } from './context';
import { UsageError, wrongValue } from './errors';
import { messageOf } from './exit-codes';
import type { Masker } from './masker';
import { ZxRunner, type Runner } from './process';
import { ask, confirm, type Terminal } from './prompt';
import { Reporter } from './reporter';
import { Settings } from './resolved-settings';

/** Everything external that one run uses. Tests replace all of it. */
export interface World extends Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly clock: Clock;
  readonly fetch: Fetch;
  /** @default - child processes started by zx */
  readonly runner?: Runner;
}

/** Returns what a command works with. Throws UsageError for an invalid setting. */
export function createContext(options: Parsed['options'], world: World, masker: Masker): Context {
  const { streams, environment, directory, clock, signal } = world;
  const settings = Settings.resolve(options, environment, projectOf(options['project'], directory));
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
    fetch: proxiedFetch(world.fetch, environment),
    directory,
    environment,
    signal,
    runner: world.runner ?? new ZxRunner(masker, signal, environment, (line) => reporter.detail(`$ ${line}`)),
    confirm: (question) => reporter.hold(() => confirm(question, flags, world)),
    ask: (question) => reporter.hold(() => ask(question, flags, world)),
  };
}

/** Returns the folder with the settings of the project. Throws UsageError for one that does not exist. */
function projectOf(project: unknown, directory: string): string {
  if (typeof project !== 'string') return directory;
  const path = resolve(directory, project);
  if (existsSync(path)) return path;
  throw wrongValue('--project', project, 'does not exist', {
    allowed: 'the folder of a project',
    remedy: 'correct the path, which is relative to the current folder',
  });
}

function learn(masker: Masker, variable: string, secret: string): void {
  try {
    masker.add(secret);
  } catch (cause) {
    throw new UsageError(`${variable} is not a secret: ${messageOf(cause)}`, { remedy: 'set the whole token or key' });
  }
}
