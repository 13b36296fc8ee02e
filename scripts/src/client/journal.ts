import { isAbsolute, join } from 'node:path';
import { UsageError } from '../program/errors';
import { isObject } from '../program/value-path';
import type { Format } from './config-text';
import { SCOPES, type Places, type Scope } from './tool-config';
import { isBelow, readUserFile, removeUserFile, replacePrivateFile, targetOf } from './user-file';

/** A value that was changed. `before` or `after` is absent if there was no value. */
export interface Change {
  readonly path: readonly string[];
  /** The value before, as it was written in the file: as a value, a date or a long integer would be lost. */
  readonly before?: string | undefined;
  readonly after?: unknown;
}

/** A file that was written for a tool, with what is needed to restore it. */
export interface Entry {
  /** Name of the tool on the command line. */
  readonly tool: string;
  readonly scope: Scope;
  readonly file: string;
  readonly format: Format | 'text';
  /** Whether the file did not exist before. */
  readonly created: boolean;
  /** Outermost directory that was created for it. */
  readonly directory?: string;
  /** The whole text before, if there was one, and after; absent once a part was restored. */
  readonly texts?: { readonly before?: string; readonly after: string } | undefined;
  readonly changes: readonly Change[];
  /** URL and model, for `client status`. */
  readonly url: string;
  readonly model: string;
}

/**
 * List of the files that were written, stored where only its owner can read it: earlier values may be secret. It is written before the
 * tool's file, so that everything can be undone after a kill in between. An entry that is damaged stays in it, since a person may still be
 * able to use it.
 */
export class Journal {
  private readonly file: string;
  /** Lock to hold while files are planned and written: two runs at once would each lose the entries of the other. */
  public readonly lock: string;

  public constructor({ home, environment }: Pick<Places, 'home' | 'environment'>) {
    const state = environment['XDG_STATE_HOME'] ?? join(home, '.local', 'state');
    this.file = join(state, 'ollama-eks', 'client.json');
    this.lock = join(state, 'ollama-eks', 'client.lock');
  }

  /** Entries that can be used. Throws UsageError if the journal is not a list of entries. */
  public get entries(): readonly Entry[] {
    return this.stored().filter(isEntry);
  }

  /** An error for each entry that cannot be used. */
  public get damages(): readonly UsageError[] {
    return this.stored().flatMap((entry, index) => {
      const problem = problemOf(entry);
      return problem === undefined ? [] : [this.damage(`entries[${String(index)}]${problem}`)];
    });
  }

  /** Returns the entry of a file, which may be known by another path through a symbolic link. */
  public find(file: string): Entry | undefined {
    return this.entries.find(isAt(file));
  }

  public put(entry: Entry): void {
    this.write([...this.storedWithout(entry.file), entry]);
  }

  public remove(file: string): void {
    const left = this.storedWithout(file);
    if (left.length === 0) removeUserFile(this.file);
    else this.write(left);
  }

  private storedWithout(file: string): readonly unknown[] {
    const isOld = isAt(file);
    return this.stored().filter((stored) => !isEntry(stored) || !isOld(stored));
  }

  private stored(): readonly unknown[] {
    const text = readUserFile(this.file);
    if (text === undefined) return [];
    const content = parse(text);
    if (!isObject(content)) throw this.damage('it must be a JSON object');
    const { entries } = content;
    if (!Array.isArray(entries)) throw this.damage('entries must be an array');
    return entries;
  }

  private write(entries: readonly unknown[]): void {
    replacePrivateFile(this.file, `${JSON.stringify({ entries }, undefined, 2)}\n`);
  }

  private damage(problem: string): UsageError {
    return new UsageError(`${this.file}, the list of what can be restored, is damaged: ${problem}`, {
      remedy:
        'restore it from a backup, or move it away and remove the settings of the endpoint from the files of your tools yourself',
    });
  }
}

/** Returns whether a file is read in a project: files of other projects are not. */
export function appliesIn({ scope, file }: Entry, { project }: Pick<Places, 'project'>): boolean {
  return scope !== 'project' || isBelow(project, file);
}

function isAt(file: string): (entry: Entry) => boolean {
  const target = locationOf(file);
  return (entry) => entry.file === file || locationOf(entry.file) === target;
}

/** A path that cannot be resolved is only equal to itself, so that one broken link does not block the other tools. */
function locationOf(file: string): string {
  try {
    return targetOf(file);
  } catch (error) {
    if (error instanceof UsageError) return file;
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is Entry {
  return problemOf(value) === undefined;
}

const isString = (value: unknown) => typeof value === 'string';
const isOptionalString = (value: unknown) => value === undefined || isString(value);
const isText = (value: unknown) =>
  value === undefined || (isObject(value) && isOptionalString(value['before']) && isString(value['after']));
const isChange = (value: unknown) =>
  isObject(value) && Array.isArray(value['path']) && value['path'].every(isString) && isOptionalString(value['before']);

/** What each field of an entry must be. */
const FIELDS: Readonly<Record<keyof Entry, readonly [(value: unknown) => boolean, string]>> = {
  tool: [isString, 'a string'],
  scope: [(value) => SCOPES.some((scope) => scope === value), `one of ${SCOPES.join(', ')}`],
  file: [(value) => typeof value === 'string' && isAbsolute(value), 'an absolute path'],
  format: [(value) => ['json', 'toml', 'text'].some((format) => format === value), 'one of json, toml, text'],
  created: [(value) => typeof value === 'boolean', 'true or false'],
  directory: [isOptionalString, 'a string'],
  texts: [isText, 'an object with the strings before and after'],
  changes: [(value) => Array.isArray(value) && value.every(isChange), 'an array of objects with path and before'],
  url: [isString, 'a string'],
  model: [isString, 'a string'],
};

/** Returns what is wrong with an entry, without any of its values; undefined if it can be used. */
function problemOf(value: unknown): string | undefined {
  if (!isObject(value)) return ' must be an object';
  const wrong = Object.entries(FIELDS).find(([name, [isValid]]) => !isValid(value[name]));
  return wrong && `.${wrong[0]} must be ${wrong[1][1]}`;
}
