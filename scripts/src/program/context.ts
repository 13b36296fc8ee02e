import type { Masker } from './masker';
import type { Runner } from './process';
import type { Reporter, Streams } from './reporter';
import type { Settings } from './settings';

/** Time as the command line sees it; tests step it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after so many milliseconds; rejects at once when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Flags that every command takes. */
export interface GlobalFlags {
  /** One JSON document on standard output instead of text. */
  readonly json: boolean;
  /** Say what would be done; change nothing. */
  readonly dryRun: boolean;
  /** Don't ask. */
  readonly yes: boolean;
  readonly verbose: boolean;
}

/** What a command may use of the outside world; all of it can be replaced in tests. */
export interface Context {
  readonly flags: GlobalFlags;
  readonly settings: Settings;
  readonly streams: Streams;
  readonly reporter: Reporter;
  readonly masker: Masker;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** Where the command was called; relative paths start there. */
  readonly directory: string;
  /** Variables that are no settings: those of decK, of the AWS CLI. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Asks the person; throws UsageError where nobody can be asked and `--yes` was not given. */
  confirm(question: string): Promise<boolean>;
  /** Asks the person for a value; the preset is taken where nobody can be asked, or `--yes` was given. */
  ask(question: string, preset: string): Promise<string>;
}
