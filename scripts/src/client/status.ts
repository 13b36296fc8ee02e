import type { Context } from '../program/context';
import { print, table } from '../program/output';
import type { Entry } from './entry';
import { forEachEntry, requireNone } from './failures';
import { Journal } from './journal';
import { placesOf } from './places';
import { stateOf, type State } from './restore';
import { readUserFile } from '../program/user-file';

/** Prints the files that were written, and whether they are unchanged. Throws UsageError at the end if one cannot be read. */
export function printStatus(context: Context): void {
  const journal = new Journal(placesOf(context));
  const { damages } = journal;
  const { done, failed } = forEachEntry(journal.entries, (entry) =>
    rowOf(entry, stateOf(entry, readUserFile(entry.file))),
  );
  const tools = [...done, ...failed.map(({ entry, error }) => ({ ...rowOf(entry, 'broken'), problem: error.message }))];
  print(context, { tools }, () =>
    tools.length === 0
      ? 'no tool is configured; configure one with ollama-eks client claude'
      : table(
          ['tool', 'scope', 'state', 'model', 'file'],
          tools.map(({ tool, scope, state, model, file }) => [tool, scope, state, model, file]),
        ),
  );
  requireNone([...damages, ...failed.map(({ error }) => error)], 'the state of these files is unknown');
}

function rowOf({ tool, scope, model, url, file }: Entry, state: State | 'broken') {
  return { tool, scope, state, model, url, file };
}
