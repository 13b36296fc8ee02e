import { wrongValue } from './errors';

/** Bounds of a number, both included. */
export interface Range {
  /** @default 1 */
  readonly from?: number;
  /** @default - no upper bound */
  readonly to?: number;
}

/**
 * A parser of whole numbers, for options and for answers to questions. Throws UsageError.
 * @param name what an error calls the number by: `--days`
 */
export function wholeNumber(name: string, { from = 1, to }: Range = {}): (text: string) => number {
  const range = to === undefined ? `of at least ${String(from)}` : `from ${String(from)} to ${String(to)}`;
  return (text) => {
    const number = Number(text);
    const isWhole = /^\d+$/.test(text) && Number.isSafeInteger(number);
    if (isWhole && number >= from && number <= (to ?? number)) return number;
    throw wrongValue(name, text, `must be a whole number ${range}`);
  };
}

/** A parser of TCP ports. Throws UsageError. */
export const portNumber = wholeNumber('--port', { to: 65_535 });
