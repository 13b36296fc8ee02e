import { CommandError, ExitCode } from '../program/exit-codes';

/** Reads what a program of another maker printed as JSON; the error names the program, not its output (which may hold secrets). */
export function parseJson<Type>(program: string, text: string): Type {
  try {
    return JSON.parse(text) as Type;
  } catch (cause) {
    throw new CommandError(ExitCode.failedState, `${program} gave what is not JSON`, {
      remedy: 'call it by hand to see what it says',
      cause,
    });
  }
}
