import { join } from 'node:path';
import { UsageError } from '../program/errors';
import { parse } from '../program/json';
import { isObject } from '../program/value-path';
import { isEntry, problemOf, type Entry } from './entry';
import type { Places } from './tool-config';
import { readUserFile, removeUserFile, replacePrivateFile, targetOf } from '../program/user-file';

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
    const content = parse<unknown>(text);
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
