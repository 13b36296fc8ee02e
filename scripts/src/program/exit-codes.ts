import type { ValidationError } from '@org/ollama-eks/pure';

/** Exit codes, one per class of failure, so that a script can distinguish "request more quota" from "try again". */
export const ExitCode = {
  done: 0,
  /** An error that this program did not expect. */
  unexpected: 1,
  /** Wrong usage or configuration. Running the same command again gives the same result. */
  usage: 2,
  /** The token or account lacks a permission. */
  notAllowed: 3,
  quota: 4,
  /** Not finished in time. Running the same command again resumes the work. */
  timeout: 5,
  /** An external object is in a state from which it does not recover by itself. */
  failedState: 6,
  /** A comparison requested with `--exit-code` found differences. This is not a failure, and no other result uses the code. */
  different: 7,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Exit code of a failure. */
export type FailureCode = Exclude<ExitCode, 0>;

/** What an error says in addition to the problem. */
export interface Advice extends ErrorOptions {
  /** Allowed values. */
  readonly allowed?: string | undefined;
  /** How to fix the problem. */
  readonly remedy?: string | undefined;
}

/** A failure with its exit code. The message joins the parts; code that needs a single part reads its field. */
export class CommandError extends Error {
  public readonly allowed: string | undefined;
  public readonly remedy: string | undefined;

  /** @param problem what is wrong, including the name of the object */
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

/** The outcome of a command that runs until Ctrl-C: it was not interrupted, but has ended as intended. */
export class LastState extends CommandError {}

/** A failure with separate parts: an error of this program, or invalid input refused by the library. */
export type StructuredFailure = CommandError | ValidationError;

/** Compares the name, since comparing the class would load the library. */
export function isStructuredFailure(error: unknown): error is StructuredFailure {
  return error instanceof CommandError || (error instanceof Error && error.name === 'ValidationError');
}

/** Exit code of anything thrown: the first one in the chain of causes. */
export function exitCodeOf(error: unknown): FailureCode {
  if (isStructuredFailure(error)) return error instanceof CommandError ? error.exitCode : ExitCode.usage;
  if (error instanceof Error && error.cause !== undefined) return exitCodeOf(error.cause);
  return ExitCode.unexpected;
}

/** Message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
