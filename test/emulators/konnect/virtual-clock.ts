/** Idle turns of the event loop before time advances; an answer in the same process needs fewer. */
const QUIET_ROUNDS = 3;

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/**
 * Time that advances only when nothing else can happen: as soon as everything waits for the clock, it jumps to the next timer. An hour
 * of waiting takes no time, and the order of events is always the same.
 */
export class VirtualClock {
  #now: number;
  #timers: Timer[] = [];
  #running = false;
  #quiet = 0;

  public constructor(start = Date.parse('2026-01-01T00:00:00Z')) {
    this.#now = start;
  }

  public now(): number {
    return this.#now;
  }

  /** Resolves after a number of virtual milliseconds; rejects at once if the signal aborts. */
  public sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(reasonOf(signal));
        return;
      }
      const onAbort = (): void => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        reject(reasonOf(signal));
      };
      const timer: Timer = {
        at: this.#now + milliseconds,
        fire: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#timers.push(timer);
      this.#quiet = 0;
      this.#watch();
    });
  }

  /** Advances time. */
  public advance(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (let next = this.#next(); next !== undefined && next.at <= until; next = this.#next()) this.#fire(next);
    this.#now = until;
  }

  /** Returns a clock for one process that can be killed: after `kill`, its sleeps never end. */
  public process(): KillableClock {
    return new KillableClock(this);
  }

  #watch(): void {
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => {
      this.#round();
    });
  }

  #round(): void {
    const next = this.#next();
    if (next === undefined) {
      this.#running = false;
      return;
    }
    this.#quiet += 1;
    if (this.#quiet > QUIET_ROUNDS) {
      this.#quiet = 0;
      this.#fire(next);
    }
    setImmediate(() => {
      this.#round();
    });
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (first === undefined || timer.at < first.at) first = timer;
    }
    return first;
  }

  #fire(timer: Timer): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
    this.#now = Math.max(this.#now, timer.at);
    timer.fire();
  }
}

/** Clock of one simulated process. */
export class KillableClock {
  readonly #killed = new AbortController();

  public constructor(private readonly clock: VirtualClock) {}

  public now(): number {
    return this.clock.now();
  }

  public async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const signals = signal === undefined ? [this.#killed.signal] : [this.#killed.signal, signal];
    try {
      await this.clock.sleep(milliseconds, AbortSignal.any(signals));
    } catch (error) {
      if (!this.#killed.signal.aborted) throw error;
    }
    if (this.#killed.signal.aborted) await new Promise(() => undefined); // a killed process runs no handlers
  }

  public kill(): void {
    this.#killed.abort();
  }
}

function reasonOf(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('aborted');
}
