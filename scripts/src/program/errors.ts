import { type Advice, CommandError, ExitCode } from './exit-codes';

/** Wrong usage or configuration of a command (exit code 2). */
export class UsageError extends CommandError {
  public constructor(problem: string, advice?: Advice) {
    super(ExitCode.usage, problem, advice);
    this.name = 'UsageError';
  }
}

/** Returns the error for an invalid value, in the form that the library uses: `--terraform = "pulumi": is not supported; allowed: …`. */
export function wrongValue(name: string, value: string, problem: string, advice?: Advice): UsageError {
  return new UsageError(`${name} = ${JSON.stringify(value)}: ${problem}`, advice);
}
