import type { Masker } from './masker';
import type { Runner } from './process';
import type { Question } from './question';
import type { Reporter, Streams } from './reporter';
import type { Settings } from './resolved-settings';

/** Clock of the command line, which tests control. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after the given number of milliseconds; rejects as soon as the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Sends a request, as the `fetch` of Node.js does. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Flags that every command accepts. */
export interface GlobalFlags {
  /** Print one JSON document on standard output instead of text. */
  readonly json: boolean;
  /** Show what would be done without changing anything. */
  readonly dryRun: boolean;
  /** Skip confirmation prompts. */
  readonly yes: boolean;
  readonly verbose: boolean;
}

/** Everything external that a command may use. Tests can replace all of it. */
export interface Context {
  readonly flags: GlobalFlags;
  readonly settings: Settings;
  readonly streams: Streams;
  readonly reporter: Reporter;
  readonly masker: Masker;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly fetch: Fetch;
  /** Working directory of the command, to which relative paths refer. */
  readonly directory: string;
  /** Environment variables, including those that are not settings, such as variables of decK and the AWS CLI. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Asks the user to confirm. Throws UsageError if stdin is not a terminal and `--yes` is not passed. */
  confirm(question: string): Promise<boolean>;
  /** Asks the user until the answer is valid. Returns the preset's if stdin is not a terminal or `--yes` is passed. */
  ask<Answer>(question: Question<Answer>): Promise<Answer>;
}
