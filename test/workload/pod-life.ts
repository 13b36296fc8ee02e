import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LLAMA, LLAMA_8K, Pod } from './emulated-pod';
import { until } from '../support/until';
import type { ScriptRun } from './script-run';

const ALIAS = 'llama3.2:3b-ctx8k';
/**
 * Times in seconds, in the order of the rendered ones. A process that takes longer to start than `HANG_SECONDS`, as on a busy machine,
 * makes a healthy runner look as if it hung.
 */
const TIMES = { SETTLE_SECONDS: '0.5', HANG_SECONDS: '2', STALL_SECONDS: '3', PROOF_SECONDS: '4' };
/** Duration of a stream and of a load in milliseconds. */
const STREAM = 250;
const LOAD = 400;
/** Longest wait for an answer in milliseconds. */
const PATIENCE = 15_000;
const MAX_QUEUE = 3;
const CLIENTS = 2;
/** Failures of the liveness probe after which the kubelet restarts a container. */
const FAILURE_THRESHOLD = 3;
/** Checks of the sidecar that may begin between the moment when a model hangs and the one when the pod is not ready. */
const CHECKS_UNTIL_UNREADY = 3;

/** Age at which the mark of the last check is stale. */
const STALE_SECONDS = 121;

/** What happens to a pod. */
export const POD_EVENTS = ['kill', 'hang', 'full queue', 'reload', 'SIGTERM', 'stalled registry', 'base tag'] as const;
export type PodEvent = (typeof POD_EVENTS)[number];

/** A pod with a kubelet and clients. It records what must not happen. */
export class PodLife {
  /** What happened although it must not. */
  public readonly violations: string[] = [];
  /** Number of complete streams. */
  public completed = 0;
  private readonly pod = new Pod([LLAMA_8K], { maxQueue: MAX_QUEUE });
  private readonly loops: Promise<void>[] = [];
  private sidecar: ScriptRun | undefined;
  /** Number of streams in progress. */
  private streams = 0;
  private hasEnded = false;
  /** Whether the pod has a sidecar: always, except while it is replaced. */
  private exists = true;
  /** Whether the gateway knows the pod: it is ready, and neither stops nor restarts. */
  private isServing = true;
  /** How often a process of the model was killed or hung. */
  private broken = 0;
  /** The process that hangs, by its number, and the checks before; undefined if none has since the server started. */
  private hung: { readonly launch: number; readonly checks: number } | undefined;
  /** Restarts and replacements, which do not overlap. */
  private change: Promise<void> = Promise.resolve();

  public async start(): Promise<this> {
    await this.pod.start();
    this.pod.server.faults.answerDelay = STREAM;
    this.pod.server.faults.loadDelay = LOAD;
    this.loops.push(this.runSidecar(), this.runKubelet(), ...Array.from({ length: CLIENTS }, () => this.runClient()));
    await this.recovers();
    return this;
  }

  public async happens(event: PodEvent): Promise<void> {
    const { server } = this.pod;
    switch (event) {
      case 'kill':
        if (!(await this.isLoaded())) return;
        this.broken += 1;
        server.kill(LLAMA.name);
        return;
      case 'hang':
        if (!(await this.isLoaded())) return;
        this.broken += 1;
        this.hung = { launch: server.launches, checks: this.checks };
        server.hang(LLAMA.name);
        return;
      case 'full queue':
        if (!(await this.isLoaded())) return;
        server.unload(LLAMA.name);
        await Promise.all(Array.from({ length: 4 * MAX_QUEUE }, () => this.ask(ALIAS)));
        return;
      case 'reload':
        await this.ask(ALIAS, { num_ctx: 2048 });
        return;
      case 'SIGTERM':
        return this.changes(() => this.replace());
      case 'stalled registry':
        server.faults.pulls = ['stall'];
        return this.changes(() => this.replace({ volume: 'empty' }));
      case 'base tag':
        await this.ask(LLAMA.name);
    }
  }

  /** Waits until a stream is in progress, unless the pod is not ready. */
  public async streaming(): Promise<void> {
    await until('streaming', () => this.streams > 0 || !this.isServing || !this.pod.has('good'));
  }

  /** Waits until the pod serves, and a new check has found it in order. */
  public async recovers(): Promise<void> {
    await this.change;
    const { checks } = this;
    if (this.pod.has('ready')) this.pod.age('ready', STALE_SECONDS);
    const isFresh = () => this.pod.has('ready') && this.pod.ageOf('ready') < STALE_SECONDS - 1;
    await until('ready', () => this.pod.has('good') && isFresh() && this.checks > checks && !this.hangs);
    const { completed } = this;
    await until('a complete stream', () => this.completed > completed);
  }

  public async end(): Promise<void> {
    this.hasEnded = true;
    await this.change;
    await this.pod.server.stop();
    await this.sidecar?.terminate();
    await Promise.all(this.loops);
    await this.pod.stop();
  }

  /** Number of checks that the sidecar has begun. */
  private get checks(): number {
    return this.pod.server.requestsTo('/api/ps').length;
  }

  private get hangs(): boolean {
    return this.hung?.launch === this.pod.server.launches;
  }

  private async isLoaded(): Promise<boolean> {
    if (!this.isServing) return false;
    const { models } = (await (await fetch(`${this.pod.server.url}/api/ps`)).json()) as { models: readonly unknown[] };
    return models.length > 0 && this.isServing;
  }

  private async runSidecar(): Promise<void> {
    while (!this.hasEnded) {
      if (this.exists) {
        this.sidecar = this.pod.keep(TIMES);
        await this.sidecar.end();
      }
      await sleep(20);
    }
  }

  private async runKubelet(): Promise<void> {
    let failures = 0;
    while (!this.hasEnded) {
      if (this.pod.has('restart') && this.hung === undefined) this.violations.push('a healthy server is restarted');
      const isAlive = !this.isServing || (await this.pod.call(['live'])).code === 0;
      failures = isAlive || !this.isServing ? 0 : failures + 1;
      if (failures >= FAILURE_THRESHOLD) {
        failures = 0;
        await this.changes(() => this.restart());
      }
      await sleep(20);
    }
  }

  /** Sends streams as long as the pod is ready. */
  private async runClient(): Promise<void> {
    while (!this.hasEnded) {
      const isReady = await this.pod.isReady();
      if (isReady && this.isServing) await this.stream();
      else await sleep(20);
    }
  }

  private async stream(): Promise<void> {
    if (this.hangs && this.checks - (this.hung?.checks ?? 0) > CHECKS_UNTIL_UNREADY) {
      this.violations.push('ready although the model hangs');
    }
    const { broken, hangs } = this;
    this.streams += 1;
    const answer = await this.ask(ALIAS);
    this.streams -= 1;
    if (answer === 'complete') this.completed += 1;
    // The model's process may have ended with the stream.
    else if (answer !== 'busy' && broken === this.broken && !hangs) this.violations.push(`a stream is ${answer}`);
  }

  private async ask(model: string, options?: object): Promise<string> {
    const body = JSON.stringify({ model, prompt: 'hello', options });
    const signal = AbortSignal.timeout(PATIENCE);
    try {
      const response = await fetch(`${this.pod.server.url}/api/generate`, { method: 'POST', body, signal });
      const text = await response.text();
      if (response.status === 200) return text.includes('"done":true') ? 'complete' : 'incomplete';
      return text.includes('server busy') ? 'busy' : `answered with ${String(response.status)}: ${text}`;
    } catch (error) {
      return `cut: ${String(error)}`;
    }
  }

  /** Makes the pod unknown to the gateway for the time of a change. */
  private async changes(change: () => Promise<void>): Promise<void> {
    const changed = this.change.then(async () => {
      this.isServing = false;
      await change();
      this.isServing = true;
    });
    this.change = changed;
    return changed;
  }

  /** Restarts the server's container, as after failed liveness probes. */
  private async restart(): Promise<void> {
    await this.pod.call(['drain', this.pod.connections], TIMES);
    this.hung = undefined;
    await this.pod.restartServer();
  }

  /** Stops the pod, and starts another one on its volume, or on an empty one. */
  private async replace({ volume = 'same' }: { readonly volume?: 'same' | 'empty' } = {}): Promise<void> {
    await this.pod.call(['drain', this.pod.connections], TIMES);
    this.exists = false;
    await this.pod.server.stop();
    await this.sidecar?.terminate();
    empty(this.pod.state);
    if (volume === 'empty') {
      empty(join(this.pod.directory, 'models'));
      mkdirSync(join(this.pod.directory, 'models', 'pulled'));
    }
    this.hung = undefined;
    await this.pod.restartServer();
    this.exists = true;
  }
}

function empty(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
}
