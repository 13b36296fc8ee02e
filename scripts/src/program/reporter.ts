import pc from 'picocolors';
import { messageOf } from './exit-codes';
import { LiveLines } from './live-lines';
import type { Masker } from './masker';

/** An output stream. */
interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Width of the terminal. */
  readonly columns?: number;
}

/** Output streams: standard output for results, standard error for progress. */
export interface Streams {
  readonly out: Stream;
  readonly err: Stream;
}

/** A wait, as shown on its progress line. */
export interface Wait {
  readonly step: string;
  readonly elapsedSeconds: number;
  readonly expectedSeconds: number;
  /** Last state that was read, and the state that is awaited. */
  readonly waitsFor: string;
}

/** Seconds between two lines about the same wait if standard error is not a terminal. */
const LINE_INTERVAL = 60;

/**
 * Reports progress on standard error, without secrets. A wait is one line that is replaced on a terminal, and a line a minute
 * elsewhere.
 */
export class Reporter {
  readonly #colors: ReturnType<typeof pc.createColors>;
  readonly #live: LiveLines | undefined;
  /** When each wait was last reported, in its seconds. */
  readonly #reported = new Map<string, number>();

  public constructor(
    private readonly streams: Streams,
    private readonly masker: Masker,
    private readonly verbose = false,
  ) {
    const { err } = streams;
    this.#colors = pc.createColors(err.isTTY === true && pc.isColorSupported);
    this.#live = err.isTTY === true ? new LiveLines(err) : undefined;
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

  /** Reports that a wait goes on. */
  public waiting(wait: Wait): void {
    const { step, elapsedSeconds, waitsFor } = wait;
    const [words, duration] = [`wait   ${step}: ${waitsFor}`, `, ${durationOf(wait)}`];
    if (this.#live !== undefined) {
      this.#live.set(step, this.masker.mask(words), duration);
      return;
    }
    const last = this.#reported.get(step);
    if (last !== undefined && elapsedSeconds - last < LINE_INTERVAL) return;
    this.#reported.set(step, elapsedSeconds);
    this.line(words + duration);
  }

  /** Removes the line of a wait that has ended. */
  public waited(step: string): void {
    this.#reported.delete(step);
    this.#live?.remove(step);
  }

  /** Asks the user while nothing else is written to the terminal. */
  public hold<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return this.#live === undefined ? ask() : this.#live.hold(ask);
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
    const line = `${this.masker.mask(text)}\n`;
    if (this.#live === undefined) this.streams.err.write(line);
    else this.#live.write(line);
  }
}

/** `12:10 of about 20:00`; an expectation that has passed is not presented as if it still held. */
function durationOf({ elapsedSeconds, expectedSeconds }: Wait): string {
  const [elapsed, expected] = [clockTime(elapsedSeconds), clockTime(expectedSeconds)];
  return elapsedSeconds > expectedSeconds ? `${elapsed}, usually about ${expected}` : `${elapsed} of about ${expected}`;
}

/** `7:05` for 425 seconds. */
export function clockTime(seconds: number): string {
  return `${String(Math.floor(seconds / 60))}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
