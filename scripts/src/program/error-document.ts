import { CommanderError } from 'commander';
import { ExitCode, exitCodeOf, isStructuredFailure, messageOf, type FailureCode } from './exit-codes';

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
    readonly allowed?: string;
    /** How to fix the problem. */
    readonly remedy?: string;
  };
}

/** `interrupted` is Ctrl-C, and each other name stands for one exit code. */
export type FailureKind = Exclude<keyof typeof ExitCode, 'done'> | 'interrupted';

/** Describes anything thrown. */
export function errorDocument(error: unknown): ErrorResult {
  if (error instanceof CommanderError) {
    const problem = error.message.replace(/^error: /, '');
    return failed('usage', ExitCode.usage, problem, { remedy: 'see ollama-eks --help' });
  }
  const exitCode = exitCodeOf(error);
  return isStructuredFailure(error)
    ? failed(kindOf(exitCode), exitCode, error.problem, error)
    : failed(kindOf(exitCode), exitCode, messageOf(error));
}

/** What Ctrl-C leaves. */
export const INTERRUPTED = failed('interrupted', ExitCode.unexpected, 'interrupted', {
  remedy: 'to continue, run the same command again',
});

function failed(
  kind: FailureKind,
  exitCode: FailureCode,
  problem: string,
  { allowed, remedy }: { readonly allowed?: string | undefined; readonly remedy?: string | undefined } = {},
): ErrorResult {
  return {
    error: {
      kind,
      exitCode,
      problem,
      ...(allowed !== undefined && { allowed }),
      ...(remedy !== undefined && { remedy }),
    },
  };
}

function kindOf(exitCode: FailureCode): FailureKind {
  const names = Object.keys(ExitCode) as (keyof typeof ExitCode)[];
  return (
    names.find((name): name is Exclude<keyof typeof ExitCode, 'done'> => ExitCode[name] === exitCode) ?? 'unexpected'
  );
}
