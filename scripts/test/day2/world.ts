import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterSummary, PoolSummary } from '@org/ollama-eks/pure';
import type { KubernetesObject } from '../../src/systems/kubectl';
import { COMMANDS } from '../../src/commands';
import { main } from '../../src/program/program';
import { watched } from '../support/declared-settings';
import { requirePublished } from '../support/published-schemas';
import { FakeTools } from './fake-tools';

/** Looks like a key; must turn up nowhere. */
export const KEY = 'oek_SENTINEL_0123456789abcdef';
export const ALIAS = 'qwen3-coder:30b-ctx64k';
export const CONTEXT = 65_536;

/** What a run ended with. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A machine to run the command line on: a home, a project folder, children in memory, and a clock whose waits pass at once. */
export class World {
  public readonly root = mkdtempSync(join(tmpdir(), 'ollama-eks-day2-'));
  public readonly home = join(this.root, 'home');
  public readonly directory = join(this.root, 'project');
  public readonly tools = new FakeTools();
  public environment: Record<string, string> = { HOME: this.home };
  /** Called with each wait, in milliseconds: what happens meanwhile. */
  public onWait: (milliseconds: number) => void = () => undefined;
  public fetch: typeof fetch = fetch;
  /** Called with each piece of progress. */
  public onError: (text: string) => void = () => undefined;
  /** Lines that a user types, one for each prompt; undefined if stdin is not a terminal. */
  public answers?: readonly string[];
  /** Whether standard output is a terminal. */
  public isTerminal = false;
  /** Judges what a run printed. */
  public checkOutput: typeof requirePublished = requirePublished;
  /** Time in milliseconds, to which waits are added. */
  public now: () => number = Date.now;
  public readonly interrupt = new AbortController();
  private waited = 0;

  public constructor() {
    mkdirSync(this.home);
    mkdirSync(this.directory);
  }

  public remove(): void {
    rmSync(this.root, { recursive: true });
  }

  /** Interrupts the next command as soon as it waits for Ctrl-C. */
  public interruptWhenReady(): void {
    this.onError = (text) => {
      if (text.includes('Ctrl-C')) this.interrupt.abort();
    };
  }

  /** Runs a command line. */
  public async run(...argv: readonly string[]): Promise<Run> {
    const text = { out: '', err: '' };
    const answers = [...(this.answers ?? [])];
    const input = this.answers === undefined ? Readable.from([]) : Object.assign(new PassThrough(), { isTTY: true });
    const { signal } = this.interrupt;
    const onError = (piece: string): void => this.onError(piece);
    const code = await main(
      argv,
      {
        streams: {
          in: input,
          out: { isTTY: this.isTerminal, write: (piece) => (text.out += piece) },
          err: {
            write(piece) {
              text.err += piece;
              onError(piece);
              if (!(input instanceof PassThrough) || !piece.endsWith(' ')) return;
              const line = answers.shift();
              if (line === undefined) input.end();
              else input.write(`${line}\n`);
            },
          },
        },
        environment: watched({ ...this.environment }, argv),
        directory: this.directory,
        clock: {
          now: () => this.now() + this.waited,
          // A wait of the command itself passes at once; the timer of a request runs.
          sleep: async (milliseconds, given) => {
            if (given !== signal) return sleep(milliseconds, undefined, given === undefined ? {} : { signal: given });
            signal.throwIfAborted();
            this.waited += milliseconds;
            this.onWait(milliseconds);
            signal.throwIfAborted();
          },
        },
        fetch: (...request) => this.fetch(...request),
        signal,
        runner: this.tools,
      },
      COMMANDS,
    );
    this.checkOutput(argv, text.out);
    return { code, ...text };
  }

  /** Writes what synth would have written. */
  public synthesized(pools: readonly Partial<PoolSummary>[] = [{}], requestTimeoutSeconds = 900): void {
    const stack = join(this.directory, 'cdktf.out', 'stacks', 'infra');
    mkdirSync(stack, { recursive: true });
    const summary = {
      clusterName: 'ollama',
      region: 'us-west-2',
      requestTimeoutSeconds,
      pools: pools.map(poolSummary),
      costLines: [],
      kubernetesVersion: '1.35',
      notes: [],
      warnings: [],
    };
    const write = (path: string, value: unknown) => writeFileSync(path, JSON.stringify(value));
    write(join(this.directory, 'cdktf.out', 'manifest.json'), {
      stacks: { infra: { name: 'infra', workingDirectory: 'stacks/infra', dependencies: [] } },
    });
    write(join(stack, 'cdk.tf.json'), { terraform: { required_providers: { aws: {} } } });
    write(join(stack, 'ollama-eks.json'), { formatVersion: 1, clusters: [summary as unknown as ClusterSummary] });
  }
}

function poolSummary(pool: Partial<PoolSummary>): Partial<PoolSummary> {
  return {
    name: 'gpu',
    instanceType: 'g5.12xlarge',
    replicas: 1,
    nodes: 1,
    initialSize: 1,
    gpu: '4 × A10G',
    capacity: 'on-demand',
    gpusPerReplica: 4,
    vramUsedBytes: 35_000_000_000,
    vramFreeBytes: 5_000_000_000,
    spread: true,
    coldLoadSeconds: 60,
    pullSeconds: 60,
    models: [{ name: 'qwen3-coder:30b', contextLength: CONTEXT, parallel: 2, largestContextLength: 131_072 }],
    ...pool,
  };
}

/** A pod of a server, ready by default. */
export function serverPod(name = 'ollama-0', ready = true, more: object = {}) {
  return {
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'ollama',
      labels: { 'app.kubernetes.io/name': 'ollama', 'ollama-eks/pool': 'gpu' },
      annotations: { 'ambient.istio.io/redirection': 'enabled' },
    },
    spec: { nodeName: 'node-1', containers: [{ name: 'ollama', image: 'ollama/ollama@sha256:0', env: [] }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ name: 'ollama', ready: true, restartCount: 0, imageID: 'ollama/ollama@sha256:0' }],
      initContainerStatuses: [{ name: 'models', ready, restartCount: 0 }],
    },
    ...more,
  };
}

/** Objects of a healthy cluster, in addition to its servers. */
export function meshObjects(): KubernetesObject[] {
  const objects = [
    { kind: 'Namespace', metadata: { name: 'ollama', labels: { 'istio.io/dataplane-mode': 'ambient' } } },
    {
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace: 'istio-system' },
      spec: { mtls: { mode: 'STRICT' } },
    },
    {
      kind: 'Pod',
      metadata: { name: 'ztunnel-x', namespace: 'istio-system', labels: { app: 'ztunnel' } },
      spec: { nodeName: 'node-1' },
      status: { phase: 'Running' },
    },
  ];
  return objects as KubernetesObject[];
}

/** Log lines of ztunnel about connections to the servers. */
export const METRICS = [
  'istio_tcp_connections_opened_total{reporter="source",destination_workload_namespace="ollama",connection_security_policy="mutual_tls"} 9',
  'istio_tcp_connections_opened_total{reporter="destination",destination_workload_namespace="ollama",connection_security_policy="mutual_tls"} 7',
  'istio_tcp_connections_opened_total{reporter="destination",destination_workload_namespace="other",connection_security_policy="unknown"} 3',
].join('\n');
