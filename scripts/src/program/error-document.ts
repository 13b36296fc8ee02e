import { CommanderError } from 'commander';
import { type Advice, ExitCode, exitCodeOf, isStructuredFailure, messageOf, type FailureCode } from './exit-codes';

/** What standard output has instead of a result if a command with `--json` failed before it had one. */
export interface ErrorResult {
  readonly error: {
    /** Class of the failure. */
    readonly kind: FailureKind;
    /** Exit code of the process. */
    readonly exitCode: FailureCode;
    /** What is wrong, including the name of the object. */
    readonly problem: string;
    /** Allowed values, in words. */
    readonly allowed?: string | undefined;
    /** How to fix the problem. */
    readonly remedy?: string | undefined;
  };
}

/** `interrupted` is Ctrl-C, and each other name stands for one exit code. */
export type FailureKind = Exclude<keyof typeof ExitCode, 'done'> | 'interrupted';

/** Kinds by exit code. */
const KINDS = Object.fromEntries(Object.entries(ExitCode).map(([kind, exitCode]) => [exitCode, kind])) as Readonly<
  Record<FailureCode, FailureKind>
>;

/** What Ctrl-C leaves. */
export const INTERRUPTED: ErrorResult = {
  error: {
    kind: 'interrupted',
    exitCode: ExitCode.unexpected,
    problem: 'interrupted',
    remedy: 'to continue, run the same command again',
  },
};

/** Describes anything thrown. */
export function errorDocument(error: unknown): ErrorResult {
  if (error instanceof CommanderError) {
    const problem = error.message.replace(/^error: /, '');
    return failed(ExitCode.usage, problem, { remedy: 'see ollama-eks --help' });
  }
  const exitCode = exitCodeOf(error);
  return isStructuredFailure(error) ? failed(exitCode, error.problem, error) : failed(exitCode, messageOf(error));
}

function failed(exitCode: FailureCode, problem: string, { allowed, remedy }: Advice = {}): ErrorResult {
  return { error: { kind: KINDS[exitCode], exitCode, problem, allowed, remedy } };
}
