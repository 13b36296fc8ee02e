/** A server's pod with a real Ollama: script, tables and environment as rendered, with shorter times. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ollamaApplications, type Manifest, type ModelPull, type OllamaModel } from '@org/ollama-eks';
import { until } from '../../support/until';
import { type Finished, ScriptRun, shell } from '../../workload/script-run';
import { configOf, workloadSpec } from '../../workload/workload-fixture';
import type { ModelRegistry } from './model-registry';
import type { OllamaInstallation } from './ollama-installation';
import { TINY_CONTEXT } from './tiny-model';

const SHELL = shell(['dash'], ['busybox', 'sh']);
/** Times in seconds, in the same order of magnitude to each other as the rendered ones. */
const TIMES = {
  RETRY_SECONDS: '1',
  LOAD_SECONDS: '60',
  WATCH_SECONDS: '0.2',
  STALL_SECONDS: '3',
  HANG_SECONDS: '3',
  SETTLE_SECONDS: '0',
  QUIET_SECONDS: '0.2',
};
/** Interval at which the table of connections is written. */
const TABLE_MILLISECONDS = 50;
/** Context of the model. */
export const CONTEXT = 4096;
/** Requests that the model works on at a time. */
export const PARALLEL = 2;

type Environment = Readonly<Record<string, string>>;
type Mark = 'ready' | 'good' | 'restart';

/** A Deployment, or a Job without `initContainers`. */
interface PodOwner extends Manifest {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly Container[]; readonly initContainers?: readonly Container[] };
    };
  };
}

interface Container {
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

/** An answer of the server. */
export interface OllamaAnswer {
  readonly status: number;
  readonly text: string;
}

/** Options of a pod. */
export interface OllamaPodOptions {
  readonly folder: string;
  readonly ollama: OllamaInstallation;
  readonly registry: ModelRegistry;
  /**
   * Pinned digest of the model.
   * @default - none
   */
  readonly digest?: string;
  /**
   * Who pulls the model.
   * @default 'online'
   */
  readonly pull?: ModelPull;
  /**
   * Whether the pod serves metrics.
   * @default false
   */
  readonly scraped?: boolean;
  /**
   * Context of the model, a multiple of 1024.
   * @default CONTEXT
   */
  readonly contextLength?: number;
  /**
   * Variables of the server.
   * @default - as rendered
   */
  readonly env?: Environment;
}

export class OllamaPod {
  public readonly alias: string;
  private readonly environments: Readonly<Record<'server' | 'sidecar' | 'metrics' | 'job', Environment>>;
  private server?: ChildProcess;
  /** Output of the current server. */
  public serverLog = '';
  private table?: NodeJS.Timeout;
  private readonly runs: ScriptRun[] = [];

  private constructor(
    private readonly options: OllamaPodOptions,
    private readonly port: number,
    jobPort: number,
    private readonly metricsPort: number,
  ) {
    const {
      folder,
      ollama,
      registry,
      digest,
      pull = 'online',
      contextLength = CONTEXT,
      env,
      scraped = false,
    } = options;
    const model: OllamaModel = {
      name: registry.model,
      contextLength,
      parallel: PARALLEL,
      ...(digest !== undefined && { digest: `sha256:${digest}` }),
      figures: {
        ...{ bytes: 1_000_000, architecture: 'llama', blockCount: 2, contextLength: TINY_CONTEXT },
        ...{ embeddingLength: 64, headCount: 4, headCountKv: 4 },
      },
    };
    this.alias = `${registry.model}-ctx${String(contextLength / 1024)}k`;
    const spec = workloadSpec(
      [model],
      {},
      { modelPull: pull, ...(scraped && { scraper: { namespace: 'monitoring', serviceAccount: 'prometheus' } }) },
    );
    for (const name of ['models/pulled', 'config', 'state', 'job', 'home', 'tmp']) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    for (const [name, content] of Object.entries(configOf(spec, 'ollama'))) {
      writeFileSync(join(folder, 'config', name), content);
    }
    const manifests = ollamaApplications(spec).flatMap(({ source }) =>
      source.kind === 'manifests' ? source.manifests : [],
    );
    const { containers, initContainers } = podOf(manifests, 'Deployment') ?? {};
    const job = podOf(manifests, 'Job');
    const paths = {
      ...{ PATH: `${ollama.bin}:${process.env['PATH'] ?? ''}`, SSL_CERT_FILE: registry.certificate },
      ...{ HOME: join(folder, 'home'), TMPDIR: join(folder, 'tmp'), OLLAMA_MODELS: join(folder, 'models') },
      ...{ PULLED_DIR: join(folder, 'models/pulled'), CONFIG_DIR: join(folder, 'config') },
      ...{ STATE_DIR: join(folder, 'state'), OLLAMA_HOST: `127.0.0.1:${String(port)}` },
    };
    this.environments = {
      server: { ...environmentOf(containers), ...TIMES, ...paths, ...env },
      sidecar: { ...environmentOf(initContainers), ...TIMES, ...paths },
      metrics: { ...environmentOf(initContainers?.slice(1)), ...TIMES, ...paths, METRICS_PORT: String(metricsPort) },
      job: {
        ...environmentOf(job?.containers),
        ...TIMES,
        ...paths,
        ...{ STATE_DIR: join(folder, 'job'), OLLAMA_HOST: `127.0.0.1:${String(jobPort)}` },
      },
    };
  }

  public static async create(options: OllamaPodOptions): Promise<OllamaPod> {
    return new OllamaPod(options, await freePort(), await freePort(), await freePort());
  }

  /** Number of times that the server has started llama-server. */
  public get launches(): number {
    return this.serverLog.split('msg="starting llama-server"').length - 1;
  }

  public async startServer(): Promise<void> {
    this.serverLog = '';
    const [command = '', ...args] = SHELL;
    const server = spawn(command, [...args, this.script, 'serve'], {
      env: { ...this.environments.server },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.serverLog += chunk.toString('utf8')));
    }
    this.server = server;
    this.table = setInterval(() => this.writeTable(), TABLE_MILLISECONDS);
    this.writeTable();
    await until('listening', () => this.serverLog.includes('Listening on'));
  }

  /** Stops the server's container as the kubelet does: it drains, then it gets SIGTERM. */
  public async stopServer(): Promise<void> {
    await this.call('drain');
    await this.terminate();
  }

  /** Runs the sidecar. */
  public keep(): ScriptRun {
    const run = new ScriptRun([...SHELL, this.script, 'keep', this.connections], this.environments.sidecar);
    this.runs.push(run);
    return run;
  }

  /** Runs the exporter of metrics. */
  public exportMetrics(): ScriptRun {
    const run = new ScriptRun([...SHELL, this.script, 'metrics', this.connections], this.environments.metrics);
    this.runs.push(run);
    return run;
  }

  /** Returns the metrics of the pod, once they are served. */
  public async metrics(): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${String(this.metricsPort)}/metrics`).catch(() => undefined);
    if (response !== undefined) return response.text();
    await sleep(TABLE_MILLISECONDS);
    return this.metrics();
  }

  /** What the server has logged. */
  public get log(): string {
    return this.serverLog;
  }

  /** Runs the Job that pulls the model, with an Ollama of its own on the same volume. */
  public pull(): ScriptRun {
    const run = new ScriptRun([...SHELL, this.script, 'bring'], this.environments.job);
    this.runs.push(run);
    return run;
  }

  /** Runs the sidecar, and waits until the pod is ready. */
  public async kept(): Promise<ScriptRun> {
    const run = this.keep();
    await until('ready', () => this.has('ready'));
    return run;
  }

  public async call(role: 'ready' | 'live' | 'drain'): Promise<Finished> {
    return new ScriptRun([...SHELL, this.script, role, this.connections], this.environments.server).end();
  }

  public async succeeds(probe: 'ready' | 'live'): Promise<boolean> {
    return (await this.call(probe)).code === 0;
  }

  public has(mark: Mark): boolean {
    return existsSync(join(this.options.folder, 'state', mark));
  }

  /** Waits until the sidecar has found every model loaded once more. */
  public async confirmed(): Promise<void> {
    const file = join(this.options.folder, 'state', 'ready');
    writeFileSync(file, 'before');
    renameSync(file, `${file}.before`);
    await until('confirmed', () => this.has('ready'));
  }

  /** Sends a signal to llama-server. A process that has just exited needs none. */
  public signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    for (const pid of this.runners()) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }

  /** Number of requests that llama-server is working on. */
  public get working(): number {
    const rows = existsSync(this.connections) ? readFileSync(this.connections, 'utf8').split('\n').slice(1) : [];
    return rows.filter((row) => row.trim().split(/\s+/)[3] === '01').length;
  }

  /** Address of its Ollama. */
  public get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  public async ask(body: object, path = '/api/generate'): Promise<OllamaAnswer> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      body: JSON.stringify({ model: this.alias, ...body }),
    });
    return { status: response.status, text: await response.text() };
  }

  public async stop(): Promise<void> {
    await Promise.all(this.runs.map((run) => run.terminate()));
    await this.terminate();
  }

  private async terminate(): Promise<void> {
    clearInterval(this.table);
    const { server } = this;
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    this.signal('SIGKILL'); // a stopped process does not end otherwise
    await ended;
  }

  private runners(): readonly number[] {
    const pid = this.server?.pid;
    if (pid === undefined) return [];
    return attempt(() => readdirSync(`/proc/${String(pid)}/task`), []).flatMap((task) =>
      attempt(() => readFileSync(`/proc/${String(pid)}/task/${task}/children`, 'utf8'), '')
        .split(' ')
        .filter(Boolean)
        .map(Number),
    );
  }

  /** Writes the table of connections of the pod's network, which contains only those of llama-server and its clients. */
  private writeTable(): void {
    const sockets = new Set(this.runners().flatMap(socketsOf));
    const [head = '', ...rows] = readFileSync('/proc/net/tcp', 'utf8').trimEnd().split('\n');
    const fields = rows.map((row) => row.trim().split(/\s+/));
    const listening = new Set(
      fields
        .filter(([, , , state, , , , , , inode = '']) => state === '0A' && sockets.has(inode))
        .map(([, address]) => address),
    );
    const kept = rows.filter((_, index) => listening.has(fields[index]?.[1]));
    writeFileSync(`${this.connections}.new`, `${[head, ...kept].join('\n')}\n`);
    renameSync(`${this.connections}.new`, this.connections);
  }

  private get connections(): string {
    return join(this.options.folder, 'tcp');
  }

  private get script(): string {
    return join(this.options.folder, 'config', 'server.sh');
  }
}

function podOf(manifests: readonly Manifest[], kind: string): PodOwner['spec']['template']['spec'] | undefined {
  const isOwner = (manifest: Manifest): manifest is PodOwner => manifest.kind === kind;
  return manifests.find(isOwner)?.spec.template.spec;
}

function environmentOf(containers: readonly Container[] = []): Environment {
  return Object.fromEntries((containers[0]?.env ?? []).map(({ name, value }) => [name, value]));
}

function socketsOf(pid: number): readonly string[] {
  const folder = `/proc/${String(pid)}/fd`;
  return attempt(() => readdirSync(folder), [])
    .map((file) => attempt(() => readlinkSync(join(folder, file)), ''))
    .flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}

/** Reads something of a process, which may have ended. */
function attempt<Result>(read: () => Result, otherwise: Result): Result {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
