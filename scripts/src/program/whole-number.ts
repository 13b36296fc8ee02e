import { wrongValue } from './errors';

/** Inclusive bounds of a number. */
export interface Range {
  /** @default 1 */
  readonly from?: number;
  /** @default - no upper bound */
  readonly to?: number;
}

/**
 * Returns a parser of whole numbers, for options and for answers to prompts. The parser throws UsageError.
 * @param name name of the number in errors: `--days`
 */
export function wholeNumber(name: string, { from = 1, to }: Range = {}): (text: string) => number {
  const range = to === undefined ? `of at least ${String(from)}` : `from ${String(from)} to ${String(to)}`;
  return (text) => {
    const number = Number(text);
    const isWhole = /^\d+$/.test(text) && Number.isSafeInteger(number);
    if (isWhole && number >= from && number <= (to ?? number)) return number;
    throw wrongValue(name, text, `must be a whole number ${range}`, { remedy: 'pass digits only, without a unit' });
  };
}

/** Parses a TCP port. Throws UsageError. */
export const portNumber = wholeNumber('--port', { to: 65_535 });
