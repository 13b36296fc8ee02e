import { CommandError, ExitCode } from '../program/exit-codes';

/** Parses the JSON output of an external program. The error names the program but not its output, which may contain secrets. */
export function parseJson<Type>(program: string, text: string): Type {
  try {
    return JSON.parse(text) as Type;
  } catch (cause) {
    throw new CommandError(ExitCode.failedState, `${program} printed something other than JSON`, {
      remedy: 'run it by hand to see its output',
      cause,
    });
  }
}

/** Parses JSON output that is an object or a list. */
export function parseJsonObject<Type extends object>(program: string, text: string): Type {
  const value = parseJson<Type | null>(program, text);
  if (typeof value === 'object' && value !== null) return value;
  throw new CommandError(ExitCode.failedState, `${program} printed JSON that is not an object`, {
    remedy: 'run it by hand to see its output',
  });
}
