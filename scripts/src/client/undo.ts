import type { Change, Entry } from './entry';
import type { Journal } from './journal';
import { restore, type Restored } from './restore';
import { readUserFile, removeUserFile, replaceUserFile } from '../program/user-file';

/** How an undo ended. */
export type Outcome = 'restored' | 'removed' | 'partly restored' | 'left unchanged' | 'nothing to restore';

/** Result of an undo. */
export interface Undone {
  readonly file: string;
  readonly outcome: Outcome;
  /** Values that were changed since; they are left, and the next undo still knows them. */
  readonly left: readonly string[];
}

/** Returns how an undo would end, and writes nothing. */
export function foreseen(entry: Entry, force: boolean): Undone {
  return undoneOf(entry, restored(entry, force));
}

/** Restores every value that was not changed since. What is left stays in the journal. */
export function undo(entry: Entry, journal: Journal, force: boolean): Undone {
  const { file, format, directory } = entry;
  const result = restored(entry, force);
  const { existing, text, left } = result;
  if (text === undefined) removeUserFile(file, directory);
  else if (text !== existing) replaceUserFile(file, text);
  if (left.length === 0) journal.remove(file);
  else if (format !== 'text' && existing !== undefined) journal.put({ ...entry, texts: undefined, changes: left });
  return undoneOf(entry, result);
}

interface Result extends Restored {
  readonly existing: string | undefined;
}

function restored(entry: Entry, force: boolean): Result {
  const existing = readUserFile(entry.file);
  if (existing !== undefined) return { existing, ...restore(entry, existing, force) };
  // Someone removed the file since: only --force writes it again, and until then its earlier text is kept.
  const before = entry.texts?.before;
  return { existing, text: force ? before : undefined, left: force || before === undefined ? [] : [{ path: [] }] };
}

function undoneOf({ file }: Entry, { existing, text, left }: Result): Undone {
  return { file, outcome: outcomeOf(existing, text, left), left: left.map(({ path }) => path.join('.') || file) };
}

function outcomeOf(existing: string | undefined, text: string | undefined, left: readonly Change[]): Outcome {
  if (text === existing) return left.length > 0 ? 'left unchanged' : 'nothing to restore';
  if (text === undefined) return 'removed';
  return left.length > 0 ? 'partly restored' : 'restored';
}
