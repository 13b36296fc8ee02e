import { CommandError, ExitCode, type FailureCode } from './exit-codes';

/** What a child says when its account may not do that, or is nobody's. */
const NOT_ALLOWED =
  /AccessDenied|UnauthorizedOperation|not authorized|ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|Unable to locate credentials|No valid credential|\b40[13]\b|Forbidden|Unauthorized/i;

/** What AWS says when a quota is used up. */
const QUOTA = /LimitExceeded|QuotaExceeded|quota .*exceeded/i;

/** What passes by itself. */
const PASSING = /timed? ?out|deadline exceeded|connection refused|Throttling|RequestLimitExceeded|TooManyRequests/i;

/** The shell's exit code for a command that does not exist. */
export const NOT_FOUND = 127;

/** What to do about each class of failure. */
const REMEDIES: Readonly<Record<FailureCode, string>> = {
  [ExitCode.unexpected]: 'see what it says, and run the command again',
  [ExitCode.usage]: 'correct that, and run the command again',
  [ExitCode.notAllowed]: 'log in, or ask for that permission, and run the command again',
  [ExitCode.quota]: 'ask AWS for a higher quota (`ollama-eks doctor` tells which), and run the command again',
  [ExitCode.timeout]: 'run the command again, it goes on from here',
  [ExitCode.failedState]: 'mend that, and run the command again: it goes on from here',
  [ExitCode.different]: 'bring both in line, and run the command again',
};

/** A child that is missing or ended with an exit code that is not an answer. Holds no secret. */
export class ToolError extends CommandError {
  public constructor(
    public readonly tool: string,
    /** Exit code of the child. */
    public readonly status: number,
    problem: string,
    public readonly stderr = '',
    /** @default - what goes for every failure of its class */
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
