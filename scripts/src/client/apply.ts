import { isDeepStrictEqual } from 'node:util';
import { ConfigText } from './config-text';
import type { Entry, Journal } from './journal';
import { restore } from './restore';
import type { ConfigFile, Connection, Scope, Tool } from './tool-config';
import { missingDirectory, readUserFile, removeUserFile, replaceUserFile } from './user-file';

/** Planned change of a file. */
export interface Plan {
  readonly text: string;
  readonly entry: Entry;
  /** Whether the file already has this text. */
  readonly unchanged: boolean;
}

/** Result of an undo. */
export interface Undone {
  readonly file: string;
  /** Values that were changed since; they are left, and the next undo still knows them. */
  readonly left: readonly string[];
}

/**
 * Plans the new text of a file. It undoes an earlier run first, so that one undo is enough however often a tool is configured. Writes
 * nothing. Throws UsageError for a file that cannot be parsed or created.
 */
export function plan(
  config: ConfigFile,
  journal: Journal,
  about: { readonly tool: Tool; readonly scope: Scope; readonly connection: Connection },
): Plan {
  const { path: file, format } = config;
  const earlier = journal.find(file);
  const existing = readUserFile(file);
  const directory = existing === undefined ? missingDirectory(file) : earlier?.directory;
  const before = earlier === undefined || existing === undefined ? existing : restore(earlier, existing).text;
  const { text, changes } = edited(config, before ?? '');
  const entry: Entry = {
    tool: about.tool.name,
    scope: about.scope,
    file,
    format,
    created: before === undefined,
    ...(directory !== undefined && { directory }),
    texts: { ...(before !== undefined && { before }), after: text },
    changes,
    url: about.connection.url,
    model: about.connection.model.alias,
  };
  return { text, entry, unchanged: text === existing };
}

/** Writes the journal, then the file. Throws UsageError, and restores the journal, if the file cannot be written. */
export function write({ text, entry }: Plan, journal: Journal): void {
  const { file } = entry;
  const earlier = journal.find(file);
  journal.put(entry);
  try {
    replaceUserFile(file, text);
  } catch (error) {
    if (earlier === undefined) journal.remove(file);
    else journal.put(earlier);
    throw error;
  }
}

/** Restores every value that was not changed since. What is left stays in the journal. */
export function undo(entry: Entry, journal: Journal, force: boolean): Undone {
  const { file } = entry;
  const existing = readUserFile(file);
  const { text, left } = existing === undefined ? { text: existing, left: [] } : restore(entry, existing, force);
  if (text === undefined) removeUserFile(file, entry.directory);
  else if (text !== existing) replaceUserFile(file, text);
  if (left.length === 0) journal.remove(file);
  else if (entry.format !== 'text') journal.put({ ...entry, texts: undefined, changes: left });
  return { file, left: left.map(({ path }) => path.join('.') || file) };
}

function edited(config: ConfigFile, before: string): Pick<Entry, 'changes'> & { readonly text: string } {
  if (config.format === 'text') return { text: config.text, changes: [] };
  const from = new ConfigText(config.path, config.format, before);
  const changes = config.edits
    .map(({ path, value }) => ({ path, before: from.get(path), after: value }))
    .filter((change) => !isDeepStrictEqual(change.before, change.after));
  const to = changes.reduce((text, { path, after }) => text.set(path, after), from);
  return { text: to.text, changes };
}
