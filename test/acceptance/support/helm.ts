import { runProgram, type Output, type ProgramOptions } from './program';
import { tool } from './tools';

/** Runs Helm; rejects where the exit code isn't allowed. */
export async function helm(args: readonly string[], options: ProgramOptions = {}): Promise<Output> {
  return runProgram(tool('helm'), args, options);
}
