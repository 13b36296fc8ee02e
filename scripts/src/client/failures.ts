import { UsageError } from '../program/errors';
import { isStructuredFailure, type StructuredFailure } from '../program/exit-codes';
import type { Entry } from './entry';

/** Results for the entries that worked, and the errors of the others. */
export interface Results<Result> {
  readonly done: readonly Result[];
  readonly failed: readonly { readonly entry: Entry; readonly error: StructuredFailure }[];
}

/** Does something with every entry, so that a broken file does not block the others. Errors that this program did not expect are thrown. */
export function forEachEntry<Result>(entries: readonly Entry[], act: (entry: Entry) => Result): Results<Result> {
  const done: Result[] = [];
  const failed: { entry: Entry; error: StructuredFailure }[] = [];
  for (const entry of entries) {
    try {
      done.push(act(entry));
    } catch (error) {
      if (!isStructuredFailure(error)) throw error;
      failed.push({ entry, error });
    }
  }
  return { done, failed };
}

/** Throws UsageError that lists all errors, if there are any. */
export function requireNone(errors: readonly Error[], what: string): void {
  if (errors.length === 0) return;
  throw new UsageError([`${what}:`, ...errors.map(({ message }) => `  ${message}`)].join('\n'));
}
