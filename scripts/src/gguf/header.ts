/** Most layers of a model in llama.cpp (`LLAMA_MAX_LAYERS`). @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-hparams.h */
const MOST_LAYERS = 512;

/** Values of a header by their keys. Integers of 64 bits are bigints. */
export type HeaderValues = Readonly<Record<string, unknown>>;

/** Header of a GGUF file: what llama.cpp knows about a model before it reads weights. */
export class Header {
  /** `general.architecture`. */
  public readonly architecture: string;

  /** @throws TypeError if the header does not name its architecture */
  public constructor(private readonly values: HeaderValues) {
    const architecture = values['general.architecture'];
    if (typeof architecture !== 'string') throw new TypeError('the header has no general.architecture');
    this.architecture = architecture;
  }

  /** `<arch>.block_count`. @throws RangeError if it is missing, or is not a number of layers that llama.cpp can load */
  public get blockCount(): number {
    this.required('block_count');
    return this.integer('block_count', 1, MOST_LAYERS) ?? 0;
  }

  /** Whether the header has a key of the architecture. */
  public has(key: string): boolean {
    return this.values[`${this.architecture}.${key}`] !== undefined;
  }

  /** Returns a number; undefined if it is missing or a list. @throws RangeError if it is not a number, as llama.cpp does */
  public number(key: string): number | undefined {
    const value = this.values[`${this.architecture}.${key}`];
    return value === undefined || Array.isArray(value) ? undefined : this.toNumber(key, value);
  }

  /** Returns a whole number; undefined if it is missing or a list. @throws RangeError if it is not between the limits */
  public integer(key: string, min: number, max: number): number | undefined {
    const value = this.number(key);
    if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return value;
    throw new RangeError(
      `${this.architecture}.${key} in the header is ${String(value)}, but must be a whole number from ${String(min)} to ${String(max)}`,
    );
  }

  /** Returns a number. @throws RangeError if it is missing or a list */
  public required(key: string): number {
    const value = this.number(key);
    if (value === undefined) throw new RangeError(`the header has no ${this.architecture}.${key}`);
    return value;
  }

  /** `<arch>.nextn_predict_layers`: layers that only predict further tokens, at the end of all layers. */
  public get draftLayers(): number {
    return this.integer('nextn_predict_layers', 0, this.blockCount - 1) ?? 0;
  }

  /**
   * Returns the numbers of all layers, whether the header has one for all or a list; undefined if it is missing.
   * @throws RangeError if one is not a number, or if a layer has none
   */
  public perLayer(key: string): readonly number[] | undefined {
    const value = this.values[`${this.architecture}.${key}`];
    if (Array.isArray(value)) {
      if (value.length < this.blockCount - this.draftLayers)
        throw new RangeError(
          `${this.architecture}.${key} in the header has ${String(value.length)} values for ${String(this.blockCount)} layers`,
        );
      return value.map((item) => this.toNumber(key, item));
    }
    const one = this.number(key);
    return one === undefined ? undefined : Array.from({ length: this.blockCount }, () => one);
  }

  /** Returns the header with another architecture, whose keys have the values of this one's unless they are given. */
  public renamed(architecture: string, values: Readonly<Record<string, unknown>> = {}): Header {
    const prefix = `${this.architecture}.`;
    const copies = Object.entries(this.values).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[`${architecture}.${key.slice(prefix.length)}`, value] as const] : [],
    );
    const given = Object.entries(values).map(([key, value]) => [`${architecture}.${key}`, value] as const);
    return new Header({
      ...this.values,
      ...Object.fromEntries([...copies, ...given]),
      'general.architecture': architecture,
    });
  }

  private toNumber(key: string, value: unknown): number {
    const number = ['boolean', 'number', 'bigint'].includes(typeof value) ? Number(value) : NaN;
    if (Number.isFinite(number)) return number;
    throw new RangeError(`${this.architecture}.${key} in the header is not a number`);
  }
}
