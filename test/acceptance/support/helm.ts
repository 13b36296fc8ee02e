import { runProgram, type Output, type ProgramOptions } from './program';
import { tool } from './tools';

/** Runs Helm. Rejects if the exit code is not allowed. */
export async function helm(args: readonly string[], options: ProgramOptions = {}): Promise<Output> {
  return runProgram(tool('helm'), args, options);
}
