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

  /** `<arch>.block_count`. */
  public get blockCount(): number {
    return this.required('block_count');
  }

  /** Whether the header has a key of the architecture. */
  public has(key: string): boolean {
    return this.values[`${this.architecture}.${key}`] !== undefined;
  }

  /** Returns a number; undefined if it is missing or a list. */
  public number(key: string): number | undefined {
    return toNumber(this.values[`${this.architecture}.${key}`]);
  }

  /** Returns a number. @throws RangeError if it is missing or a list */
  public required(key: string): number {
    const value = this.number(key);
    if (value === undefined) throw new RangeError(`the header has no ${this.architecture}.${key}`);
    return value;
  }

  /** Returns the numbers of all layers, whether the header has one for all or a list; undefined if it is missing. */
  public perLayer(key: string): readonly number[] | undefined {
    const value = this.values[`${this.architecture}.${key}`];
    if (Array.isArray(value)) return value.map((item) => toNumber(item) ?? 0);
    const one = toNumber(value);
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
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}
