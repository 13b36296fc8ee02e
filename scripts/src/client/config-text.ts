import { readJson, setJson } from './json-text';
import { readToml, setToml } from './toml-text';
import { getValue } from './value-path';

/** A format whose values can be set one by one. */
export type Format = 'json' | 'toml';

/** The text of a configuration file, read and edited value by value; everything else in it stays. */
export class ConfigText {
  public constructor(
    private readonly file: string,
    private readonly format: Format,
    public readonly text: string,
  ) {}

  /** The value at a path, or undefined. Throws UsageError where the text is not valid. */
  public get(path: readonly string[]): unknown {
    const value = getValue(this.values(), path);
    return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown); // as the journal keeps it
  }

  /** With a value set; undefined takes it out. Throws UsageError where the text is not valid, or cannot be changed safely. */
  public set(path: readonly string[], value: unknown): ConfigText {
    const edit = this.format === 'json' ? setJson : setToml;
    return new ConfigText(this.file, this.format, edit(this.file, this.text, path, value));
  }

  /** Whether there is nothing in it: no value, and no comment. */
  public get isBlank(): boolean {
    return this.text.trim() === '' || (this.format === 'json' && /^\s*\{\s*\}\s*$/.test(this.text));
  }

  private values(): object {
    return this.format === 'json' ? readJson(this.file, this.text) : readToml(this.file, this.text);
  }
}
