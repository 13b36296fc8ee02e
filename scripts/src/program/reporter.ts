import pc from 'picocolors';
import { messageOf } from './exit-codes';
import type { Masker } from './masker';

/** Where text goes: standard output is for results, standard error for progress. */
export interface Streams {
  readonly out: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly err: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** A wait, as its progress line shows it. */
export interface Wait {
  readonly step: string;
  readonly elapsedSeconds: number;
  readonly expectedSeconds: number;
  /** The state that was last seen and what is waited for. */
  readonly waitsFor: string;
}

/** Tells people what happens: one line an event, on standard error, without secrets. Silent where only a result is wanted. */
export class Reporter {
  readonly #colours: ReturnType<typeof pc.createColors>;

  public constructor(
    private readonly streams: Streams,
    private readonly masker: Masker,
    private readonly verbose = false,
  ) {
    this.#colours = pc.createColors(streams.err.isTTY === true && pc.isColorSupported);
  }

  public started(step: string, title: string, minutes: number): void {
    this.line(
      `${this.#colours.cyan('start')}  ${step}: ${title}${minutes >= 1 ? ` (about ${String(minutes)} min)` : ''}`,
    );
  }

  public finished(step: string, outcome: string): void {
    this.line(`${this.#colours.green('done')}   ${step}: ${outcome}`);
  }

  public failed(step: string, cause: unknown): void {
    this.line(`${this.#colours.red('failed')} ${step}: ${messageOf(cause)}`);
  }

  public waiting({ step, elapsedSeconds, expectedSeconds, waitsFor }: Wait): void {
    this.line(
      `${this.#colours.dim('wait')}   ${step}: ${waitsFor}, ${clockTime(elapsedSeconds)} of about ${clockTime(expectedSeconds)}`,
    );
  }

  /** A plain line. */
  public note(text: string): void {
    this.line(text);
  }

  /** A line that only `--verbose` shows. */
  public detail(text: string): void {
    if (this.verbose) this.line(this.#colours.dim(text));
  }

  public warn(text: string): void {
    this.line(`${this.#colours.yellow('warn')}   ${text}`);
  }

  private line(text: string): void {
    this.streams.err.write(`${this.masker.mask(text)}\n`);
  }
}

/** `7:05` for 425 seconds. */
export function clockTime(seconds: number): string {
  return `${String(Math.floor(seconds / 60))}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
