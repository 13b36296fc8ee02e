import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJsonFile } from '../program/text-file';
import type { Format } from './config-text';
import type { Scope } from './tool-config';

/** A value that was changed. `before` or `after` is absent if there was no value. */
export interface Change {
  readonly path: readonly string[];
  readonly before?: unknown;
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
 * tool's file, so that everything can be undone after a kill in between.
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
