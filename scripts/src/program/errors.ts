import { type Advice, CommandError, ExitCode } from './exit-codes';

/** A command that was called or configured wrongly: exit code 2. */
export class UsageError extends CommandError {
  public constructor(problem: string, advice?: Advice) {
    super(ExitCode.usage, problem, advice);
    this.name = 'UsageError';
  }
}

/** A value that something can't have, said as the library says it: `--terraform = "pulumi": is not supported; allowed: …`. */
export function wrongValue(name: string, value: string, problem: string, advice?: Advice): UsageError {
  return new UsageError(`${name} = ${JSON.stringify(value)}: ${problem}`, advice);
}
