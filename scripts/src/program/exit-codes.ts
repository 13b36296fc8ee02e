import type { ValidationError } from '@org/ollama-eks/pure';

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

/** Exit code of a failure. */
export type FailureCode = Exclude<ExitCode, 0>;

/** What an error says beside what is wrong. */
export interface Advice extends ErrorOptions {
  /** What is allowed. */
  readonly allowed?: string | undefined;
  /** What to do. */
  readonly remedy?: string | undefined;
}

/** A failure that knows its exit code. The message is made of its parts; whoever wants one part takes the field. */
export class CommandError extends Error {
  public readonly allowed: string | undefined;
  public readonly remedy: string | undefined;

  /** @param problem what is wrong, with the name of the object */
  public constructor(
    public readonly exitCode: FailureCode,
    public readonly problem: string,
    { allowed, remedy, ...options }: Advice = {},
  ) {
    const parts = [
      problem,
      ...(allowed === undefined ? [] : [`allowed: ${allowed}`]),
      ...(remedy === undefined ? [] : [remedy]),
    ];
    super(parts.join(problem.includes('\n') ? '\n' : '; '), options);
    this.name = 'CommandError';
    this.allowed = allowed;
    this.remedy = remedy;
  }
}

/** A failure that is told in parts: one of this program, or wrong input that the library has refused. */
export type ToldFailure = CommandError | ValidationError;

/** By its name: the library would have to be loaded to ask for its class. */
export function isToldFailure(error: unknown): error is ToldFailure {
  return error instanceof CommandError || (error instanceof Error && error.name === 'ValidationError');
}

/** The exit code of anything thrown: the first one found on the chain of causes. */
export function exitCodeOf(error: unknown): FailureCode {
  if (isToldFailure(error)) return error instanceof CommandError ? error.exitCode : ExitCode.usage;
  if (error instanceof Error && error.cause !== undefined) return exitCodeOf(error.cause);
  return ExitCode.unexpected;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
