import { randomUUID } from 'node:crypto';
import { jsonSource, readJson, setJson } from '../program/json-text';
import { getValue } from '../program/value-path';
import { readToml, setToml, tomlSource } from './toml-text';

/** A format whose values can be set individually. */
export type Format = 'json' | 'toml';

const FORMATS = {
  json: { read: readJson, source: jsonSource, set: setJson },
  toml: { read: readToml, source: tomlSource, set: setToml },
};

/** A byte order mark, which editors on Windows write before the first character. */
const MARK = '\uFEFF';

/**
 * Text of a configuration file, which is read and edited value by value; the rest of it stays unchanged. Methods throw UsageError if the
 * text is not valid, or cannot be edited without losing something.
 */
export class ConfigText {
  private readonly mark: string;
  private readonly body: string;

  public constructor(
    private readonly file: string,
    private readonly format: Format,
    public readonly text: string,
  ) {
    this.mark = text.startsWith(MARK) ? MARK : '';
    this.body = text.slice(this.mark.length);
  }

  /** Returns the value at a path, or undefined. */
  public get(path: readonly string[]): unknown {
    return getValue(FORMATS[this.format].read(this.file, this.body), path);
  }

  /** Returns the value at a path as it is written, or undefined. Unlike the value, it keeps dates, comments and long integers. */
  public source(path: readonly string[]): string | undefined {
    return FORMATS[this.format].source(this.file, this.body, path);
  }

  /** Returns a copy with a value set, or removed if it is undefined. */
  public set(path: readonly string[], value: unknown): ConfigText {
    const body = FORMATS[this.format].set(this.file, this.body, path, value);
    return new ConfigText(this.file, this.format, this.mark + body);
  }

  /** Returns a copy with a value set as it is written, or removed if it is undefined. */
  public setSource(path: readonly string[], source: string | undefined): ConfigText {
    if (source === undefined) return this.set(path, undefined);
    const placeholder = randomUUID();
    const text = this.set(path, placeholder).text.replace(`"${placeholder}"`, () => source);
    return new ConfigText(this.file, this.format, text);
  }

  /** Whether the text has no values and no comments. */
  public get isBlank(): boolean {
    return this.body.trim() === '' || (this.format === 'json' && /^\s*\{\s*\}\s*$/.test(this.body));
  }
}
