import type { Streams } from './reporter';

/** Standard output, which knows whether a result was written. */
export class ResultStream {
  #isWritten = false;

  public constructor(private readonly stream: Streams['out']) {}

  public get isWritten(): boolean {
    return this.#isWritten;
  }

  public get isTTY(): boolean {
    return this.stream.isTTY === true;
  }

  public write(text: string): void {
    this.#isWritten = true;
    this.stream.write(text);
  }
}
