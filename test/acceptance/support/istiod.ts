/** A real istiod on an API server, installed by its chart, except that the program runs as a child process, not as a pod. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { helm } from './helm';
import type { KubeApiServer } from './kube-api-server';
import { freePorts } from './ports';
import { tool } from './tools';
import { type ProxyNode, XdsClient } from './xds-client';

const NAMESPACE = 'istio-system';

/** Needs of a suite that starts istiod. */
export const ISTIOD_NEEDS = ['pilot-discovery', 'istiod-chart', 'helm'] as const;

/** What istiod has sent to a proxy, as Envoy would show it. */
export interface SentConfiguration {
  readonly clusters: readonly Readonly<Record<string, unknown>>[];
  readonly listeners: readonly SentListener[];
  readonly routes: readonly {
    readonly name: string;
    readonly virtualHosts: readonly { readonly routes: readonly object[] }[];
  }[];
}

export interface SentListener {
  readonly name: string;
  readonly filterChains?: readonly {
    readonly filters: readonly { readonly name: string; readonly typedConfig: ConnectionManager }[];
  }[];
}

/** Configuration of Envoy's filter that translates connections into requests. */
export type ConnectionManager = Readonly<Record<string, unknown>> & {
  readonly rds?: { readonly routeConfigName: string };
  readonly httpFilters: readonly { readonly name: string; readonly typedConfig: Readonly<Record<string, unknown>> }[];
};

/** A policy as ztunnel gets it. */
interface ZtunnelPolicy {
  readonly name: string;
  readonly namespace: string;
  readonly action?: string;
  readonly groups: readonly { readonly rules: readonly object[] }[];
}

/** The part of `/debug/config_dump` that is read. */
interface Dump {
  readonly configs: readonly {
    readonly '@type': string;
    readonly dynamicActiveClusters?: readonly { readonly cluster: SentConfiguration['clusters'][number] }[];
    readonly dynamicListeners?: readonly { readonly activeState: { readonly listener: SentListener } }[];
    readonly dynamicRouteConfigs?: readonly { readonly routeConfig: SentConfiguration['routes'][number] }[];
  }[];
}

interface Deployment {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly env: readonly { readonly name: string; readonly value?: string }[] }[];
      };
    };
  };
}

export class Istiod {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
    private readonly discovery: number,
    private readonly log: string,
  ) {}

  /**
   * Applies the chart with the values of an installation, and starts istiod with the environment that the chart gives it.
   * @param folder an empty folder for its log
   */
  public static async start(server: KubeApiServer, values: object, folder: string): Promise<Istiod> {
    const file = join(folder, 'values.json');
    writeFileSync(file, JSON.stringify(values));
    const chart = await helm(['template', 'istiod', tool('istiod-chart'), '--namespace', NAMESPACE, '--values', file]);
    await server.kubectl(['apply', '--server-side', '-f', '-'], { input: chart.stdout });
    const objects = parseAllDocuments(chart.stdout).map((document) => document.toJS() as Deployment | null);
    const deployment = objects.find((object) => object?.kind === 'Deployment');
    const env = deployment?.spec.template.spec.containers[0]?.env ?? [];
    const ports = await freePorts(5);
    const [http = 0, discovery = 0] = ports;
    const log = join(folder, 'istiod.log');
    const output = openSync(log, 'a');
    const addresses = ['httpAddr', 'grpcAddr', 'secureGRPCAddr', 'httpsAddr', 'monitoringAddr'].map(
      (name, index) => `--${name}=127.0.0.1:${String(ports[index])}`,
    );
    const child = spawn(tool('pilot-discovery'), ['discovery', ...addresses, '--kubeconfig', server.kubeconfig], {
      cwd: folder,
      env: {
        ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
        KUBECONFIG: server.kubeconfig,
        POD_NAME: 'istiod',
        POD_NAMESPACE: NAMESPACE,
        ENABLE_LEADER_ELECTION: 'false',
      },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    const istiod = new Istiod(child, `http://127.0.0.1:${http}`, discovery, log);
    await istiod.until(() =>
      fetch(`${istiod.url}/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return istiod;
  }

  public async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill();
    await once(this.child, 'exit');
  }

  /** Connects as a proxy, and returns everything that istiod sends to it. */
  public async sentTo(proxy: ProxyNode): Promise<SentConfiguration> {
    const client = new XdsClient(this.discovery, proxy);
    try {
      client.ask('clusters');
      client.ask('listeners');
      await this.until(async () => (await this.sent(proxy)).listeners.length > 0);
      const { listeners } = await this.sent(proxy);
      client.ask(
        'routes',
        listeners.flatMap(connectionManagers).flatMap(({ rds }) => rds?.routeConfigName ?? []),
      );
      await this.until(async () => (await this.sent(proxy)).routes.length > 0);
      return await this.sent(proxy);
    } finally {
      client.stop();
    }
  }

  /** Waits until a condition holds; throws with the end of the log if it does not in two minutes, or istiod ends. */
  public async until(holds: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + 120_000;
    while (!(await holds())) {
      if (this.child.exitCode !== null || Date.now() > end) {
        throw new Error(readFileSync(this.log, 'utf8').split('\n').slice(-20).join('\n'));
      }
      await pause(200);
    }
  }

  /** Returns the policies that ztunnel gets, by the names of the objects that they come from. */
  public async policies(): Promise<Readonly<Record<string, ZtunnelPolicy>>> {
    const response = await fetch(`${this.url}/debug/ambientz`);
    const { policies } = (await response.json()) as { readonly policies: readonly ZtunnelPolicy[] };
    return Object.fromEntries(policies.map((policy) => [`${policy.namespace}/${policy.name}`, policy]));
  }

  private async sent({ name, namespace }: ProxyNode): Promise<SentConfiguration> {
    const response = await fetch(`${this.url}/debug/config_dump?proxyID=${name}.${namespace}`);
    if (!response.ok) return { clusters: [], listeners: [], routes: [] }; // it is not connected yet
    const { configs } = (await response.json()) as Dump;
    return {
      clusters: configs.flatMap(({ dynamicActiveClusters = [] }) =>
        dynamicActiveClusters.map(({ cluster }) => cluster),
      ),
      listeners: configs.flatMap(({ dynamicListeners = [] }) =>
        dynamicListeners.map(({ activeState }) => activeState.listener),
      ),
      routes: configs.flatMap(({ dynamicRouteConfigs = [] }) =>
        dynamicRouteConfigs.map(({ routeConfig }) => routeConfig),
      ),
    };
  }
}

/** Returns the configuration of a listener's connection managers. */
export function connectionManagers({ filterChains = [] }: SentListener): readonly ConnectionManager[] {
  return filterChains.flatMap(({ filters }) =>
    filters
      .filter(({ name }) => name === 'envoy.filters.network.http_connection_manager')
      .map(({ typedConfig }) => typedConfig),
  );
}
