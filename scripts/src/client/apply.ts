import { isDeepStrictEqual } from 'node:util';
import { ConfigText } from './config-text';
import type { Entry, Journal } from './journal';
import { restore } from './restore';
import type { ConfigFile, Connection, Scope, Tool } from './tool-config';
import { missingDirectory, readUserFile, removeUserFile, replaceUserFile } from './user-file';

/** What would be, or was, done to a file. */
export interface Plan {
  readonly text: string;
  readonly entry: Entry;
  /** The file is so already. */
  readonly unchanged: boolean;
}

/** What became of an undo. */
export interface Undone {
  readonly file: string;
  /** Values that somebody has changed since; they are left, and known to the next undo. */
  readonly left: readonly string[];
}

/**
 * Works out what a file becomes: what an earlier run wrote is taken back first, so that there is one way back however often a tool is
 * configured anew. Reads, writes nothing. Throws UsageError for a file that can't be read as what it is, or can't be created.
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

/** Writes what was planned, the journal first. Throws UsageError where the file can't be written; the journal is as it was then. */
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

/** Puts everything back that is still as it was written. What is left stays in the journal. */
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
