import { UsageError } from './errors';

/** What the shell is told. One class each, so that a script can tell "ask for more quota" from "try again". */
export const ExitCode = {
  done: 0,
  /** Something this program did not foresee. */
  unexpected: 1,
  /** Called or configured wrongly; running it again without a change gives the same answer. */
  usage: 2,
  /** A token or an account may not do that. */
  notAllowed: 3,
  quota: 4,
  /** Not done in time; running it again goes on from there. */
  timeout: 5,
  /** Something outside is in a state that does not mend itself. */
  failedState: 6,
  /** A comparison that was asked for by `--exit-code` found differences: no failure, and no other command's answer. */
  different: 7,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** A failure that knows its exit code. The message names the object and says what to do. */
export class CommandError extends Error {
  public constructor(
    public readonly exitCode: Exclude<ExitCode, 0>,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CommandError';
  }
}

/** The exit code of anything thrown: the first one found on the chain of causes. */
export function exitCodeOf(error: unknown): Exclude<ExitCode, 0> {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof UsageError) return ExitCode.usage;
  if (error instanceof Error && error.cause !== undefined) return exitCodeOf(error.cause);
  return ExitCode.unexpected;
}
