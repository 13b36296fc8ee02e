/** What Node.js says where the program itself is missing; a module that it needs has a `requireStack`. */
const MISSING = /^Error: Cannot find module '([^']+)'$[^]*requireStack: \[\]/m;

/** First line of an error of which the message is all that matters: input was refused. */
const REFUSED = /^(?:ValidationError: |Error: Validation failed with the following errors:)/m;

/** What a program that could not synthesize has to tell. */
export interface SynthFailure {
  /** Without a stack where it refused its input, or was not built yet. */
  readonly words: string;
  /** Whether it is for its caller to mend. */
  readonly usage: boolean;
}

/** Reads what a program wrote that could not synthesize. */
export function synthFailure(written: string): SynthFailure {
  const missing = MISSING.exec(written)?.[1];
  if (missing !== undefined) return { words: `there is no ${missing}; build first: npm run build`, usage: true };
  const refused = REFUSED.exec(written);
  if (refused === null) return { words: written.trimEnd(), usage: false };
  const [words = ''] = written.slice(refused.index).split(/\n +at /);
  return { words: words.replace(/^\w*Error: /, '').trimEnd(), usage: true };
}
