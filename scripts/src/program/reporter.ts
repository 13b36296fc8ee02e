import pc from 'picocolors';
import { messageOf } from './exit-codes';
import type { Masker } from './masker';

/** Output streams: standard output for results, standard error for progress. */
export interface Streams {
  readonly out: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly err: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** A wait, as shown on its progress line. */
export interface Wait {
  readonly step: string;
  readonly elapsedSeconds: number;
  readonly expectedSeconds: number;
  /** Last state that was read, and the state that is awaited. */
  readonly waitsFor: string;
}

/** Reports progress on standard error, one line per event, without secrets. */
export class Reporter {
  readonly #colors: ReturnType<typeof pc.createColors>;

  public constructor(
    private readonly streams: Streams,
    private readonly masker: Masker,
    private readonly verbose = false,
  ) {
    this.#colors = pc.createColors(streams.err.isTTY === true && pc.isColorSupported);
  }

  public started(step: string, title: string, minutes: number): void {
    this.line(
      `${this.#colors.cyan('start')}  ${step}: ${title}${minutes >= 1 ? ` (about ${String(minutes)} min)` : ''}`,
    );
  }

  public finished(step: string, outcome: string): void {
    this.line(`${this.#colors.green('done')}   ${step}: ${outcome}`);
  }

  public failed(step: string, cause: unknown): void {
    this.line(`${this.#colors.red('failed')} ${step}: ${messageOf(cause)}`);
  }

  public waiting({ step, elapsedSeconds, expectedSeconds, waitsFor }: Wait): void {
    this.line(
      `${this.#colors.dim('wait')}   ${step}: ${waitsFor}, ${clockTime(elapsedSeconds)} of about ${clockTime(expectedSeconds)}`,
    );
  }

  /** Prints a plain line. */
  public note(text: string): void {
    this.line(text);
  }

  /** Prints a line that is only shown with `--verbose`. */
  public detail(text: string): void {
    if (this.verbose) this.line(this.#colors.dim(text));
  }

  public warn(text: string): void {
    this.line(`${this.#colors.yellow('warn')}   ${text}`);
  }

  private line(text: string): void {
    this.streams.err.write(`${this.masker.mask(text)}\n`);
  }
}

/** `7:05` for 425 seconds. */
export function clockTime(seconds: number): string {
  return `${String(Math.floor(seconds / 60))}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
