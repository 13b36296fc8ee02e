/** Error of Node.js for a missing program; a missing module that the program imports has a `requireStack`. */
const MISSING = /^Error: Cannot find module '([^']+)'$[^]*requireStack: \[\]/m;

/** First line of an error that refuses input, of which only the message matters. */
const REFUSED = /^(?:ValidationError: |Error: Validation failed with the following errors:)/m;

/** Failure of a program that could not synthesize. */
export interface SynthFailure {
  /** Message, without a stack trace if the program refused its input or is not built. */
  readonly words: string;
  /** Whether the caller can fix it. */
  readonly usage: boolean;
}

/** Parses the output of a program that could not synthesize. */
export function synthFailure(written: string): SynthFailure {
  const missing = MISSING.exec(written)?.[1];
  if (missing !== undefined) return { words: `${missing} does not exist; build it first: npm run build`, usage: true };
  const refused = REFUSED.exec(written);
  if (refused === null) return { words: written.trimEnd(), usage: false };
  const [words = ''] = written.slice(refused.index).split(/\n +at /);
  return { words: words.replace(/^\w*Error: /, '').trimEnd(), usage: true };
}
