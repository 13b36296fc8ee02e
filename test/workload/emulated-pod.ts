import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OllamaModel, WorkloadPool } from '@org/ollama-eks';
import { OllamaCli, OllamaEmulator, type OllamaEmulatorOptions, type RegistryModel } from '../emulators/ollama';
import { until } from '../support/until';
import { type Finished, ScriptRun, shell } from './script-run';
import { configOf, workloadSpec } from './workload-fixture';

// The image is based on Ubuntu, whose sh is dash.
const SHELL = shell(['dash'], ['busybox', 'sh'], ['sh']);

export const LLAMA: RegistryModel = { name: 'llama3.2:3b', bytes: 2_019_393_189, contextLength: 131_072 };
export const CODER: RegistryModel = { name: 'qwen3-coder:30b', bytes: 18_556_701_140, contextLength: 262_144 };
export const EMBED: RegistryModel = {
  name: 'nomic-embed-text:latest',
  bytes: 274_302_450,
  contextLength: 2048,
  embedding: true,
};

export const LLAMA_8K: OllamaModel = { name: LLAMA.name, contextLength: 8192 };
export const CODER_32K: OllamaModel = { name: CODER.name, contextLength: 32_768 };

/** A file through which the containers of a pod communicate. */
type Mark = 'ready' | 'good' | 'restart';

/** A pod: its folders, the server, and the ollama command. */
export class Pod {
  public readonly directory = mkdtempSync(join(tmpdir(), 'ollama-pod-'));
  public readonly server: OllamaEmulator;
  public readonly state = join(this.directory, 'state');
  /** Table of the connections that the script reads. */
  public readonly connections: string;
  private readonly cli: OllamaCli;
  private readonly runs: ScriptRun[] = [];
  private readonly env: Record<string, string>;

  public constructor(
    models: readonly OllamaModel[],
    options: Partial<OllamaEmulatorOptions> = {},
    pool: Partial<WorkloadPool> = {},
  ) {
    const modelsDirectory = join(this.directory, 'models');
    this.connections = join(this.directory, 'tcp');
    this.server = new OllamaEmulator({
      registry: [LLAMA, CODER, EMBED],
      modelsDirectory,
      connectionsFile: this.connections,
      ...options,
    });
    this.cli = new OllamaCli(
      () => this.server.url,
      (repository, tag) => this.server.published(repository, tag),
    );
    this.env = {
      PATH: `${join(this.directory, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: this.directory,
      OLLAMA_MODELS: modelsDirectory,
      PULLED_DIR: join(modelsDirectory, 'pulled'),
      CONFIG_DIR: join(this.directory, 'config'),
      STATE_DIR: this.state,
      MODEL_PULL: 'online',
      PULL_ATTEMPTS: '3',
      RETRY_SECONDS: '0',
      LOAD_SECONDS: '900',
      WATCH_SECONDS: '0.05',
      START_SECONDS: '0.05',
      PREFETCH_MIB: '1024',
      STALL_SECONDS: '180',
      RESPONSE_SECONDS: '2',
      EXIT_SECONDS: '0.2',
      HANG_SECONDS: '60',
      PROOF_SECONDS: '300',
      ANSWER_SECONDS: '120',
      SETTLE_SECONDS: '0',
      DRAIN_SECONDS: '60',
      QUIET_SECONDS: '0.02',
    };
    mkdirSync(this.state);
    mkdirSync(join(modelsDirectory, 'pulled'), { recursive: true });
    mkdirSync(join(this.directory, 'config'));
    this.configure(models, pool);
  }

  /** Mounts the files of a pod of the pool. */
  public configure(models: readonly OllamaModel[], pool: Partial<WorkloadPool> = {}): void {
    const config = configOf(workloadSpec(models, pool), 'ollama');
    for (const [name, content] of Object.entries(config)) writeFileSync(join(this.directory, 'config', name), content);
  }

  public async start(): Promise<this> {
    await this.cli.install(join(this.directory, 'bin'));
    await this.server.start();
    return this;
  }

  /** Stops the server's container, and starts it again. */
  public async restartServer(env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    await this.server.stop();
    const served = await this.call(['serve'], env);
    await this.server.start();
    return served;
  }

  /** Starts the sidecar, and waits until every model is loaded. */
  public async kept(env: Readonly<Record<string, string>> = {}): Promise<ScriptRun> {
    const run = this.keep(env);
    await until('ready', () => this.has('ready'));
    return run;
  }

  /** Waits until the sidecar has checked the models a number of times. */
  public async looked(times = 3): Promise<void> {
    const { length } = this.server.requestsTo('/api/ps');
    await until('looked', () => this.server.requestsTo('/api/ps').length > length + times);
  }

  /** Sets the age of a mark of the sidecar, in seconds. */
  public age(mark: Mark, seconds: number): void {
    const then = Date.now() / 1000 - seconds;
    utimesSync(join(this.state, mark), then, then);
  }

  /** Returns the age of a mark in seconds. */
  public ageOf(mark: Mark): number {
    return (Date.now() - statSync(join(this.state, mark)).mtimeMs) / 1000;
  }

  /** Sends a client's request, and returns its status. */
  public async ask(model: string, options?: Readonly<Record<string, number>>): Promise<number> {
    const body = JSON.stringify({ model, prompt: 'hello', options });
    const response = await fetch(`${this.server.url}/api/generate`, { method: 'POST', body });
    await response.text();
    return response.status;
  }

  /** Runs the sidecar. */
  public keep(env: Readonly<Record<string, string>> = {}): ScriptRun {
    const run = new ScriptRun([...SHELL, this.script, 'keep', this.connections], { ...this.env, ...env });
    this.runs.push(run);
    return run;
  }

  public async isReady(): Promise<boolean> {
    return (await this.call(['ready'])).code === 0;
  }

  public async call(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    return new ScriptRun([...SHELL, this.script, ...args], { ...this.env, ...env }).end();
  }

  public has(mark: Mark): boolean {
    return existsSync(join(this.state, mark));
  }

  public async stop(): Promise<void> {
    await Promise.all(this.runs.map((run) => run.terminate()));
    await this.server.stop();
    await this.cli.uninstall();
    // a request of the sidecar in the background may still set a mark
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  private get script(): string {
    return join(this.directory, 'config', 'server.sh');
  }
}
