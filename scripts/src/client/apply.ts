import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { ConfigText } from './config-text';
import type { Entry } from './entry';
import type { Journal } from './journal';
import { restore } from './restore';
import type { ConfigFile, Connection, Scope, Tool } from './tool-config';
import { missingDirectory, readUserFile, replaceUserFile } from '../program/user-file';

/** Planned change of a file. */
export interface Plan {
  readonly text: string;
  readonly entry: Entry;
  /** Whether the file already has this text. */
  readonly unchanged: boolean;
  /** A copy of a file that only we write, but that the user has edited since. */
  readonly copy?: { readonly file: string; readonly text: string } | undefined;
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
  const directory = missingDirectory(file) ?? earlier?.directory;
  const existing = readUserFile(file);
  const undone = earlier === undefined || existing === undefined ? undefined : restore(earlier, existing);
  const isEdited = format === 'text' && undone !== undefined && undone.left.length > 0;
  const before = isEdited ? earlier?.texts?.before : undone === undefined ? existing : undone.text;
  const { text, changes } = edited(config, before ?? '');
  const entry: Entry = {
    tool: about.tool.name,
    ...ownerOf(file, about.scope, earlier),
    format,
    created: before === undefined,
    ...(directory !== undefined && { directory }),
    texts: { ...(before !== undefined && { before }), after: text },
    changes,
    url: about.connection.url,
    model: about.connection.model.alias,
  };
  const unchanged = text === existing;
  const copy = isEdited && !unchanged ? { file: freeName(`${file}.bak`), text: existing ?? '' } : undefined;
  return { text, entry, unchanged, copy };
}

/** Writes the journal, then the file, and returns the plan. Throws UsageError, and restores the journal, if the file cannot be written. */
export function write(planned: Plan, journal: Journal): Plan {
  const { text, entry, copy } = planned;
  const { file } = entry;
  if (copy !== undefined) replaceUserFile(copy.file, copy.text);
  const earlier = journal.find(file);
  journal.put(entry);
  try {
    replaceUserFile(file, text);
  } catch (error) {
    if (earlier === undefined) journal.remove(file);
    else journal.put(earlier);
    throw error;
  }
  return planned;
}

function edited(config: ConfigFile, before: string): Pick<Entry, 'changes'> & { readonly text: string } {
  if (config.format === 'text') return { text: config.text, changes: [] };
  const from = new ConfigText(config.path, config.format, before);
  const changed = config.edits.filter(({ path, value }) => !isDeepStrictEqual(from.get(path), value));
  const changes = changed.map(({ path, value }) => ({ path, before: from.source(path), after: value }));
  const to = changes.reduce((text, { path, after }) => text.set(path, after), from);
  return { text: to.text, changes };
}

/** Scopes by how many people they apply to. */
const WIDTH: Readonly<Record<Scope, number>> = { project: 0, user: 1, managed: 2 };

/** A file that two scopes lead to, through a symbolic link, belongs to the wider one: undoing that one restores it from anywhere. */
function ownerOf(file: string, scope: Scope, earlier: Entry | undefined): Pick<Entry, 'file' | 'scope'> {
  const keeps = earlier !== undefined && WIDTH[earlier.scope] >= WIDTH[scope];
  return keeps ? { scope: earlier.scope, file: earlier.file } : { scope, file };
}

function freeName(name: string, count = 1): string {
  const candidate = count === 1 ? name : `${name}${String(count)}`;
  return existsSync(candidate) ? freeName(name, count + 1) : candidate;
}
