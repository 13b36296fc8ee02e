import { UsageError } from '../program/errors';
import { CommandError } from '../program/exit-codes';
import type { ToolError } from '../program/tool-error';

/** Error of Node.js for a missing program; for a missing module of a program, `requireStack` is not empty. */
const MISSING = /^Error: Cannot find module '([^']+)'$/m;

/** Path of a program that npm installs. */
const INSTALLED = /[\\/]node_modules[\\/]/;

/** First line of an uncaught error. */
const UNCAUGHT = /^(?:Uncaught )?(\w*Error)(?: \[\w+\])?: /m;

/** Error of the TypeScript compiler, which it writes to standard output. */
const NOT_COMPILED = /^.*error TS\d+: .*$/gm;

/** Error of the library, or of CDKTF on its behalf, for invalid input. */
const REFUSED = /^ValidationError: |^Error: Validation failed with the following errors:/m;

/**
 * Returns the error of a failed synthesis, with the program's own message but without its stack trace: a UsageError if the program refused
 * its input, does not compile, or is not installed or built yet. With `--verbose`, its whole output was shown already.
 * @param app command that was run
 * @param output everything that it wrote
 */
export function synthFailure(error: ToolError, app: string, output: string): Error {
  const missing = MISSING.exec(error.stderr)?.[1];
  if (missing !== undefined && error.stderr.includes('requireStack: []')) {
    return new UsageError(`${missing}, which \`${app}\` runs, does not exist`, {
      remedy: INSTALLED.test(missing) ? 'run npm install' : 'build the project first: npm run build',
    });
  }
  if (missing !== undefined) {
    return new UsageError(`\`${app}\` needs the module ${missing}, which is not installed`, {
      remedy: 'run npm install',
    });
  }
  const compiler = output.match(NOT_COMPILED);
  if (compiler !== null) return new UsageError(`the program does not compile\n${compiler.join('\n')}`);
  const words = uncaught(error.stderr);
  if (words === undefined) return error;
  if (REFUSED.test(error.stderr)) return new UsageError(words.replace(/^\w*Error: /, ''));
  return new CommandError(
    error.exitCode,
    `\`${app}\` failed: ${words}\nsee its whole output with --verbose, fix the cause, and run the command again`,
    { cause: error },
  );
}

/** Returns an error from its first line to its stack trace. */
function uncaught(stderr: string): string | undefined {
  const found = UNCAUGHT.exec(stderr);
  if (found === null) return undefined;
  const [words = ''] = stderr.slice(found.index).split(/\n +at /);
  return words.trim();
}
