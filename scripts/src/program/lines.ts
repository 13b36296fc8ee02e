import { StringDecoder } from 'node:string_decoder';

/** Splits a stream into lines, whatever its chunks are. */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  public constructor(private readonly onLine: (line: string) => void) {}

  public add(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    lines.forEach(this.onLine);
  }

  /** Ends the stream; its last line may have no line break. */
  public end(): void {
    const last = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (last !== '') this.onLine(last);
  }
}
