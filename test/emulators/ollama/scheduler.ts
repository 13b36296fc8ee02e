import { setTimeout as sleep } from 'node:timers/promises';
import type { OllamaFaults } from './faults';
import type { OpenModel } from './model-store';
import type { Parameters } from './registry';
import { RunnerProcess, type SocketTable } from './runner-process';

/** A model in memory. */
export interface Runner {
  /** Name that it was loaded by, out of all names with its weights. */
  readonly model: OpenModel;
  readonly contextLength: number;
  readonly batch?: number;
  readonly size: number;
  readonly vram: number;
  readonly process: RunnerProcess;
}

/** Request for a model in memory. */
export interface Wanted {
  readonly model: OpenModel;
  readonly options: Parameters;
  /** Whether the client has disconnected. */
  readonly gone: () => boolean;
}

/** Error for a request if the queue is full. */
export const BUSY = 'server busy, please try again.  maximum pending requests exceeded';

/**
 * Loads models sequentially. A request whose model is in memory, under any name and with the same options, is served at
 * once; up to `maxQueue` others wait.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/server/sched.go
 */
export class Scheduler {
  /** Number of loads so far. */
  public launches = 0;
  private readonly loaded = new Map<string, Runner>();
  /** Keys of runners whose process has died unnoticed. */
  private readonly dead = new Set<string>();
  private waiting = 0;
  private loading: Promise<unknown> = Promise.resolve();
  private isLoading = false;

  public constructor(
    private readonly faults: OllamaFaults,
    private readonly maxQueue: number,
    private readonly defaultContext: number,
    private readonly sockets: SocketTable,
  ) {}

  /** Returns the models in memory, as far as the server knows, without those that are being loaded. */
  public get runners(): readonly Runner[] {
    return [...this.loaded.values()];
  }

  /** Kills a process, as a CUDA error does. */
  public kill(key: string): void {
    this.dead.add(key);
    this.loaded.get(key)?.process.stop();
  }

  /** Makes a process hang, as a GPU that stops to answer does. */
  public hang(key: string): void {
    this.loaded.get(key)?.process.hang();
  }

  /** Ends all processes, as the end of the server does. */
  public stop(): void {
    [...this.loaded.keys()].forEach((key) => this.unload(key));
    this.sockets.close();
  }

  /** Unloads a model, as memory pressure does. */
  public unload(key: string): void {
    this.loaded.get(key)?.process.stop();
    this.loaded.delete(key);
  }

  /**
   * Returns a model that stays loaded until the request has connected to its process and ended.
   * @throws if the queue is full or the load fails
   */
  public async runner(wanted: Wanted): Promise<Runner> {
    const present = this.usable(wanted);
    if (present !== undefined) return reserved(present);
    if (this.isLoading && this.waiting >= this.maxQueue) throw new Error(BUSY);
    this.waiting += 1;
    const turn = this.loading.then(async () => {
      this.waiting -= 1;
      this.isLoading = true;
      return reserved(this.usable(wanted) ?? (await this.load(wanted)));
    });
    this.loading = turn.catch(() => undefined).then(() => (this.isLoading = false));
    return turn;
  }

  private usable(wanted: Wanted): Runner | undefined {
    const { key } = wanted.model;
    const runner = this.loaded.get(key);
    const isUsable =
      !this.dead.has(key) &&
      runner?.contextLength === this.contextOf(wanted) &&
      runner.batch === wanted.options['num_batch'];
    return isUsable ? runner : undefined;
  }

  /** A load is aborted when the client that it is for disconnects. */
  private async load(wanted: Wanted): Promise<Runner> {
    const { model, options, gone } = wanted;
    const { key } = model;
    while (this.loaded.get(key)?.process.isUsed === true && !this.dead.has(key) && !gone()) {
      await sleep(5, undefined, { ref: false });
    }
    this.unload(key);
    this.dead.delete(key);
    while (this.loaded.size >= this.faults.room) {
      const [oldest] = this.loaded.keys();
      if (oldest === undefined) break;
      this.unload(oldest);
    }
    this.launches += 1;
    const process = await RunnerProcess.start(this.sockets);
    const start = Date.now();
    while (Date.now() - start < this.faults.loadDelay && !gone()) await sleep(10, undefined, { ref: false });
    const error = gone() ? 'timed out waiting for llama-server to start: context canceled' : this.faults.loadError;
    if (error !== undefined) {
      process.stop();
      throw new Error(error);
    }
    process.loaded();
    const { bytes: size } = model.weights;
    const runner: Runner = {
      model,
      contextLength: this.contextOf(wanted),
      batch: options['num_batch'],
      size,
      vram: Math.round(size * this.faults.gpuShare),
      process,
    };
    this.loaded.set(key, runner);
    return runner;
  }

  private contextOf({ model, options }: Wanted): number {
    return Math.min(options['num_ctx'] ?? this.defaultContext, model.weights.contextLength);
  }
}

function reserved(runner: Runner): Runner {
  runner.process.reserve();
  return runner;
}
