import { CommandError, ExitCode, type FailureCode } from './exit-codes';

/** Output of a child whose account lacks a permission or is not recognized. */
const NOT_ALLOWED =
  /AccessDenied|UnauthorizedOperation|not authorized|ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|Unable to locate credentials|No valid credential|\b40[13]\b|Forbidden|Unauthorized/i;

/** Errors of AWS for an exhausted quota. */
const QUOTA = /LimitExceeded|QuotaExceeded|quota .*exceeded/i;

/** Errors that are temporary. */
const PASSING = /timed? ?out|deadline exceeded|connection refused|Throttling|RequestLimitExceeded|TooManyRequests/i;

/** The shell's exit code for a command that does not exist. */
export const NOT_FOUND = 127;

/** What to do about each class of failure. */
const REMEDIES: Readonly<Record<FailureCode, string>> = {
  [ExitCode.unexpected]: 'see its output, and run the command again',
  [ExitCode.usage]: 'correct that, and run the command again',
  [ExitCode.notAllowed]: 'sign in or request the permission, and run the command again',
  [ExitCode.quota]:
    'request a higher quota from AWS (`ollama-eks doctor` reports which one), and run the command again',
  [ExitCode.timeout]: 'run the command again to resume',
  [ExitCode.failedState]: 'fix that, and run the command again to resume',
  [ExitCode.different]: 'make both sides equal, and run the command again',
};

/** A child that is not installed, or failed. Contains no secret. */
export class ToolError extends CommandError {
  public constructor(
    public readonly tool: string,
    /** Exit code of the child. */
    public readonly status: number,
    problem: string,
    public readonly stderr = '',
    /** @default - the remedy for its class of failure */
    remedy?: string,
  ) {
    const exitCode = classify(status, stderr);
    super(exitCode, problem, { remedy: remedy ?? REMEDIES[exitCode] });
    this.name = 'ToolError';
  }
}

function classify(status: number, stderr: string): FailureCode {
  if (status === NOT_FOUND) return ExitCode.usage;
  if (QUOTA.test(stderr) && !stderr.includes('RequestLimitExceeded')) return ExitCode.quota;
  if (NOT_ALLOWED.test(stderr)) return ExitCode.notAllowed;
  return PASSING.test(stderr) ? ExitCode.timeout : ExitCode.failedState;
}
