import { UsageError } from '../program/errors';
import { CommandError } from '../program/exit-codes';
import type { ToolError } from '../program/tool-error';

/** What Node.js says where the program itself is missing; a module that it needs has a `requireStack`. */
const MISSING = /^Error: Cannot find module '([^']+)'$/m;

/** First line of an error that nobody caught. */
const UNCAUGHT = /^(?:Uncaught )?(\w*Error)(?: \[\w+\])?: /m;

/** What the library, or CDKTF in its name, says of input that it refuses. */
const REFUSED = /^ValidationError: |^Error: Validation failed with the following errors:/m;

/**
 * The failure of a program that synthesizes, in its own words without the stack: a UsageError where it refused its input, or was not built
 * yet. With `--verbose` all of what it wrote was shown already.
 * @param app the command that was run
 */
export function synthFailure(error: ToolError, app: string): Error {
  const missing = MISSING.exec(error.stderr)?.[1];
  if (missing !== undefined && error.stderr.includes('requireStack: []')) {
    return new UsageError(`there is no ${missing}, which \`${app}\` runs`, {
      remedy: 'build the project first: npm run build',
    });
  }
  if (missing !== undefined) {
    return new UsageError(`\`${app}\` needs the module ${missing}, which is not there`, {
      remedy: 'install it: npm install',
    });
  }
  const words = uncaught(error.stderr);
  if (words === undefined) return error;
  if (REFUSED.test(error.stderr)) return new UsageError(words.replace(/^\w*Error: /, ''));
  return new CommandError(
    error.exitCode,
    `\`${app}\` failed: ${words}\nsee all of it with --verbose, mend that, and run the command again`,
    { cause: error },
  );
}

/** From the first line of the error to its stack. */
function uncaught(stderr: string): string | undefined {
  const found = UNCAUGHT.exec(stderr);
  if (found === null) return undefined;
  const [words = ''] = stderr.slice(found.index).split(/\n +at /);
  return words.trim();
}
