import { readJson, setJson } from '../program/json-text';
import { readToml, setToml } from './toml-text';
import { getValue } from '../program/value-path';

/** A format whose values can be set individually. */
export type Format = 'json' | 'toml';

/** Text of a configuration file, which is read and edited value by value; the rest of it stays unchanged. */
export class ConfigText {
  public constructor(
    private readonly file: string,
    private readonly format: Format,
    public readonly text: string,
  ) {}

  /** Returns the value at a path, or undefined. Throws UsageError if the text is not valid. */
  public get(path: readonly string[]): unknown {
    const value = getValue(this.values(), path);
    return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown); // as the journal stores it
  }

  /** Returns a copy with a value set, or removed if it is undefined. Throws UsageError if the text is not valid or cannot be edited safely. */
  public set(path: readonly string[], value: unknown): ConfigText {
    const edit = this.format === 'json' ? setJson : setToml;
    return new ConfigText(this.file, this.format, edit(this.file, this.text, path, value));
  }

  /** Whether the text has no values and no comments. */
  public get isBlank(): boolean {
    return this.text.trim() === '' || (this.format === 'json' && /^\s*\{\s*\}\s*$/.test(this.text));
  }

  private values(): object {
    return this.format === 'json' ? readJson(this.file, this.text) : readToml(this.file, this.text);
  }
}
