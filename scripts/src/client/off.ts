import type { Context } from '../program/context';
import { print } from '../program/output';
import { appliesIn, type Entry } from './entry';
import { forEachEntry, requireNone } from './failures';
import { Journal } from './journal';
import { locked } from '../program/lock';
import { placesOf } from './places';
import type { Scope } from './tool-config';
import { foreseen, undo, type Undone } from './undo';

/** Options of `client off`. */
export interface OffFlags {
  readonly scope?: Scope;
  /** Whether to restore values that were changed since, too. */
  readonly force?: boolean;
}

/** Restores the files of one tool, or of all tools. Throws UsageError at the end if one could not be restored. */
export async function turnOff(
  context: Context,
  tool: string | undefined,
  { scope, force = false }: OffFlags,
): Promise<void> {
  const places = placesOf(context);
  const journal = new Journal(places);
  const { damages } = journal;
  const chosen = () =>
    journal.entries.filter(
      (entry) =>
        (tool === undefined || entry.tool === tool) &&
        (scope === undefined || entry.scope === scope) &&
        appliesIn(entry, places),
    );
  const { dryRun } = context.flags;
  const act = (entry: Entry) => (dryRun ? foreseen(entry, force) : undo(entry, journal, force));
  // The last one first: a folder is removed with the first file in it.
  const actOnAll = () => forEachEntry(chosen().reverse(), act);
  const isReadOnly = dryRun || chosen().length === 0;
  const { done, failed } = isReadOnly ? actOnAll() : await locked(context, journal.lock, actOnAll);
  const files = [
    ...done,
    ...failed.map(({ entry, error }) => ({ file: entry.file, outcome: 'failed', problem: error.message })),
  ];
  const prefix = dryRun ? 'dry run: ' : '';
  const lines = files.map(({ outcome, file }) => `${prefix}${outcome}: ${file}`);
  print(context, { files }, () => lines.join('\n') || 'nothing to restore');
  done.forEach((undone) => warnOfChanges(context, undone));
  requireNone([...damages, ...failed.map(({ error }) => error)], 'these files cannot be restored');
}

function warnOfChanges({ reporter }: Context, { file, left }: Undone): void {
  if (left.length === 0) return;
  reporter.warn(`${file}: changed since and left unchanged: ${left.join(', ')}; restore with client off --force`);
}
