import type { Context } from '../program/context';
import { print } from '../program/output';
import { undo, type Undone } from './apply';
import { forEachEntry, requireNone, type Results } from './failures';
import { Journal } from './journal';
import { locked } from './lock';
import { placesOf } from './places';
import type { Scope } from './tool-config';
import { isBelow } from './user-file';

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
        (entry.scope !== 'project' || isBelow(places.project, entry.file)),
    );
  const entries = chosen();
  if (context.flags.dryRun) {
    const files = entries.map(({ file }) => file);
    print(context, { wouldRestore: files }, () => linesOf(files.map((file) => `would restore ${file}`)));
    requireNone(damages, CANNOT);
    return;
  }
  // The last one first: a folder is removed with the first file in it.
  const undoAll = () => forEachEntry(chosen().reverse(), (entry) => undo(entry, journal, force));
  const { done, failed } = entries.length === 0 ? NONE : await locked(context, journal.lock, undoAll);
  const files = [
    ...done,
    ...failed.map(({ entry, error }) => ({ file: entry.file, outcome: 'failed', problem: error.message })),
  ];
  print(context, { files }, () => linesOf(files.map(({ outcome, file }) => `${outcome}: ${file}`)));
  done.forEach((undone) => warnOfChanges(context, undone));
  requireNone([...damages, ...failed.map(({ error }) => error)], CANNOT);
}

const NONE: Results<Undone> = { done: [], failed: [] };
const CANNOT = 'these files cannot be restored; all others are';

function warnOfChanges({ reporter }: Context, { file, left }: Undone): void {
  if (left.length === 0) return;
  reporter.warn(`${file}: changed since and left unchanged: ${left.join(', ')}; restore with client off --force`);
}

function linesOf(lines: readonly string[]): string {
  return lines.length === 0 ? 'nothing to restore' : lines.join('\n');
}
