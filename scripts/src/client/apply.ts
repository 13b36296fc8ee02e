import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readJson, setJson } from './json-text';
import type { Change, Entry, Journal } from './journal';
import type { ClientTool, ConfigFile, Connection, Edit, Scope } from './tool-config';
import { readToml, setToml } from './toml-text';
import { getValue, isEmpty } from './value-path';

/** What would be, or was, done to a file. */
export interface Plan {
  readonly file: string;
  readonly text: string;
  readonly entry: Entry;
  /** The file is so already. */
  readonly unchanged: boolean;
}

/** What became of an undo. */
export interface Undone {
  readonly file: string;
  /** Values that somebody has changed since; they are left. */
  readonly left: readonly string[];
}

/** Works out what a file becomes. Reads, writes nothing. Throws UsageError for a file that can't be read as what it is. */
export function plan(
  config: ConfigFile,
  journal: Journal,
  about: { readonly tool: ClientTool; readonly scope: Scope; readonly connection: Connection },
): Plan {
  const { path: file, format } = config;
  const existing = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const earlier = journal.find(file);
  const edits: readonly Edit[] = format === 'text' ? [{ path: [], value: config.text }] : config.edits;
  const changes = [...dropped(earlier, edits), ...edits].map((edit) => change(config, existing ?? '', earlier, edit));
  const text =
    format === 'text'
      ? config.text
      : changes.reduce((all, { path, after }) => set(config, all, path, after), existing ?? '');
  const entry: Entry = {
    tool: about.tool,
    scope: about.scope,
    file,
    format,
    created: earlier?.created ?? existing === undefined,
    changes: changes.filter(({ before, after }) => !isDeepStrictEqual(before, after)),
    url: about.connection.url,
    model: about.connection.model.alias,
  };
  return { file, text, entry, unchanged: text === existing };
}

/** Writes what was planned, the journal first. */
export function write({ file, text, entry }: Plan, journal: Journal): void {
  journal.put(entry);
  replace(file, text);
}

/** Puts every value back that is still as it was written, removes the file where it was made for this, and forgets it. */
export function undo(entry: Entry, journal: Journal): Undone {
  const { file, format, changes, created } = entry;
  const left: string[] = [];
  if (existsSync(file)) {
    let text = readFileSync(file, 'utf8');
    for (const { path, before, after } of [...changes].reverse()) {
      if (!isDeepStrictEqual(valueIn(entry, text, path), after)) left.push(path.join('.') || file);
      else if (format === 'text') text = typeof before === 'string' ? before : '';
      else text = set({ path: file, format }, text, path, before);
    }
    text = format === 'json' ? withoutEmptyParents(entry, text) : text;
    if (left.length === 0 && created && isNothing(entry, text)) rmSync(file);
    else replace(file, text);
  }
  journal.remove(file);
  return { file, left };
}

/** An earlier run's first value is what undo must restore, however often a tool is configured anew. */
function change(config: ConfigFile, text: string, earlier: Entry | undefined, { path, value }: Edit): Change {
  const known = earlier?.changes.find((candidate) => isDeepStrictEqual(candidate.path, path));
  const now =
    text === '' && config.format === 'text'
      ? undefined
      : valueIn({ file: config.path, format: config.format }, text, path);
  const before = known !== undefined && isDeepStrictEqual(now, known.after) ? known.before : now;
  return { path, ...(before !== undefined && { before }), ...(value !== undefined && { after: value }) };
}

/** What was written before and is not wanted any more goes back to what it was. */
function dropped(earlier: Entry | undefined, edits: readonly Edit[]): readonly Edit[] {
  const wanted = (path: readonly string[]) => edits.some((edit) => isDeepStrictEqual(edit.path, path));
  return (earlier?.changes ?? [])
    .filter(({ path }) => !wanted(path))
    .map(({ path, before }) => ({ path, value: before }));
}

function valueIn({ file, format }: Pick<Entry, 'file' | 'format'>, text: string, path: readonly string[]): unknown {
  if (format === 'text') return text;
  return getValue(format === 'json' ? readJson(file, text) : readToml(file, text), path);
}

function set(
  config: { readonly path: string; readonly format: string },
  text: string,
  path: readonly string[],
  value: unknown,
): string {
  return config.format === 'json' ? setJson(text, path, value) : setToml(config.path, text, path, value);
}

/** Whether a file still holds what was written to it. */
export function stateOf(entry: Entry): 'as written' | 'changed' | 'gone' {
  if (!existsSync(entry.file)) return 'gone';
  const text = readFileSync(entry.file, 'utf8');
  const same = entry.changes.every(({ path, after }) => isDeepStrictEqual(valueIn(entry, text, path), after));
  return same ? 'as written' : 'changed';
}

/** Objects that were made for our values alone. */
function withoutEmptyParents({ file, changes }: Entry, text: string): string {
  const parents = new Set(
    changes.flatMap(({ path }) => path.slice(0, -1).map((_, depth) => path.slice(0, depth + 1).join('\0'))),
  );
  return [...parents]
    .sort()
    .reverse()
    .reduce((all, parent) => {
      const path = parent.split('\0');
      return isEmpty(getValue(readJson(file, all), path)) ? setJson(all, path, undefined) : all;
    }, text);
}

function isNothing({ file, format }: Entry, text: string): boolean {
  return text.trim() === '' || (format === 'json' && isEmpty(readJson(file, text)));
}

/** Whole or not at all: a tool may read it at any moment. */
function replace(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const target = existsSync(file) ? realpathSync(file) : file; // a link to somebody's dotfiles stays one
  const next = `${target}.ollama-eks-${String(process.pid)}`;
  writeFileSync(next, text);
  if (existsSync(target)) chmodSync(next, statSync(target).mode);
  renameSync(next, target);
}
