import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJsonFile } from '../program/text-file';
import type { Format } from './config-text';
import type { Scope } from './tool-config';

/** A value that was changed: what it was, and what it was made. Absent means that it was not there. */
export interface Change {
  readonly path: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What was written for a tool, so that it can be taken back. */
export interface Entry {
  /** Name of the tool. */
  readonly tool: string;
  readonly scope: Scope;
  readonly file: string;
  readonly format: Format | 'text';
  /** The file did not exist before. */
  readonly created: boolean;
  /** Outermost directory that was created for it. */
  readonly directory?: string;
  /** The whole text before, absent where there was none, and as it was written; absent once a part of it was taken back. */
  readonly texts?: { readonly before?: string; readonly after: string } | undefined;
  readonly changes: readonly Change[];
  /** URL and model, for `client status`. */
  readonly url: string;
  readonly model: string;
}

/**
 * The list of what was written, in a file that its owner alone may read: earlier values may be anybody's.
 * It is written before the tool's file is, so that a kill in between leaves nothing that can't be undone.
 */
export class Journal {
  private readonly file: string;

  public constructor({
    home,
    environment,
  }: {
    home: string;
    environment: Readonly<Record<string, string | undefined>>;
  }) {
    const state = environment['XDG_STATE_HOME'] ?? join(home, '.local', 'state');
    this.file = join(state, 'ollama-eks', 'client.json');
  }

  public get entries(): readonly Entry[] {
    if (!existsSync(this.file)) return [];
    return readJsonFile<{ entries: readonly Entry[] }>(this.file).entries;
  }

  public find(file: string): Entry | undefined {
    return this.entries.find((entry) => entry.file === file);
  }

  public put(entry: Entry): void {
    this.write([...this.entries.filter(({ file }) => file !== entry.file), entry]);
  }

  public remove(file: string): void {
    const left = this.entries.filter((entry) => entry.file !== file);
    if (left.length === 0) rmSync(this.file, { force: true });
    else this.write(left);
  }

  private write(entries: readonly Entry[]): void {
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    writeFileSync(this.file, `${JSON.stringify({ entries }, undefined, 2)}\n`, { mode: 0o600 });
    chmodSync(this.file, 0o600);
  }
}
