/**
 * The gateway's Envoy in front of servers on loopback. Route and cluster were recorded from istiod; the settings of a
 * DestinationRule are added as istiod does (pilot/pkg/networking/core/cluster_traffic_policy.go).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { tool } from './tools';

/** Recorded configuration of a gateway. */
export const RECORDED = resolve(__dirname, '../../../../shared/contracts/istio-xds');

const CLUSTER = 'outbound|11434||ollama.ollama.svc.cluster.local';
const TYPE = 'type.googleapis.com/envoy.extensions.filters';

/** The supported part of a DestinationRule. */
export interface DestinationRule {
  readonly spec: {
    readonly trafficPolicy: {
      readonly connectionPool: {
        readonly http: { readonly http1MaxPendingRequests: number; readonly http2MaxRequests: number };
      };
      readonly loadBalancer: {
        readonly consistentHash?: { readonly httpHeaderName: string };
        readonly localityLbSetting?: { readonly enabled: boolean };
      };
      readonly outlierDetection?: {
        readonly splitExternalLocalOriginErrors: boolean;
        readonly consecutiveLocalOriginFailures: number;
        readonly consecutiveGatewayErrors: number;
        readonly consecutive5xxErrors: number;
        readonly interval: string;
        readonly baseEjectionTime: string;
        readonly maxEjectionPercent: number;
        readonly minHealthPercent: number;
      };
    };
  };
}

interface RecordedRoutes {
  readonly virtualHosts: readonly { readonly routes: readonly { readonly name?: string; readonly route?: object }[] }[];
}

interface RecordedCluster {
  readonly name: string;
  readonly connectTimeout: string;
  readonly ringHashLbConfig: object;
  readonly circuitBreakers: { readonly thresholds: readonly object[] };
  readonly commonLbConfig: object;
}

/** A running Envoy, with a listener for each DestinationRule. */
export interface GatewayProxy {
  /** Sends a request of a session through a listener, and returns the status of the answer. */
  ask(listener: string, session: string): Promise<number>;
  /** Returns how many servers of a listener's cluster are ejected. */
  ejected(listener: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts Envoy with a listener for each rule, all in front of the same servers. */
export async function startGatewayProxy(
  rules: Readonly<Record<string, DestinationRule>>,
  ports: readonly number[],
  folder: string,
): Promise<GatewayProxy> {
  const names = Object.keys(rules);
  const config = {
    admin: { address: address(0) },
    staticResources: {
      listeners: names.map(listener),
      clusters: Object.entries(rules).map(([name, rule]) => cluster(name, rule, ports)),
    },
  };
  const own = mkdtempSync(join(folder, 'envoy-'));
  writeFileSync(join(own, 'envoy.json'), JSON.stringify(config));
  const admin = join(own, 'admin');
  const args = ['-c', join(own, 'envoy.json'), '--admin-address-path', admin, '--use-dynamic-base-id', '-l', 'error'];
  const envoy = spawn(tool('envoy'), args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(envoy, 'exit');
  const text = async (path: string) => (await fetch(`http://${readFileSync(admin, 'utf8').trim()}${path}`)).text();
  const isReady = async () =>
    existsSync(admin) && readFileSync(admin, 'utf8') !== '' && (await text('/ready')) === 'LIVE\n';
  while (!(await isReady())) {
    if (envoy.exitCode !== null) throw new Error('Envoy exited before it was ready');
    await pause(50);
  }
  const lines = (await text('/listeners')).trim().split('\n');
  const portOf = (name: string) =>
    Number(
      lines
        .find((line) => line.startsWith(`${name}::`))
        ?.split(':')
        .pop(),
    );
  return {
    ask: (name, session) => ask(portOf(name), session),
    ejected: async (name) => {
      const stats = await text(`/stats?filter=cluster.${name}.outlier_detection.ejections_active`);
      return Number(/: (\d+)/.exec(stats)?.[1] ?? 0);
    },
    stop: async () => {
      envoy.kill();
      await ended;
    },
  };
}

function recorded(file: string): unknown {
  return JSON.parse(readFileSync(join(RECORDED, `g5-12xlarge-${file}.json`), 'utf8'));
}

function listener(name: string): object {
  const { virtualHosts } = recorded('route-443') as RecordedRoutes;
  const all = virtualHosts.flatMap(({ routes }) => routes);
  const { route } = present(all.find((one) => one.name === 'inference'));
  const routes = [{ match: { prefix: '/' }, route: { ...route, cluster: name } }];
  return {
    name,
    address: address(0),
    filterChains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typedConfig: {
              '@type': `${TYPE}.network.http_connection_manager.v3.HttpConnectionManager`,
              statPrefix: name,
              routeConfig: { virtualHosts: [{ name, domains: ['*'], routes }] },
              httpFilters: [
                { name: 'envoy.filters.http.router', typedConfig: { '@type': `${TYPE}.http.router.v3.Router` } },
              ],
            },
          },
        ],
      },
    ],
  };
}

function cluster(name: string, { spec }: DestinationRule, ports: readonly number[]): object {
  const { connectionPool, loadBalancer, outlierDetection } = spec.trafficPolicy;
  const { http1MaxPendingRequests: maxPendingRequests, http2MaxRequests: maxRequests } = connectionPool.http;
  const clusters = recorded('clusters') as readonly RecordedCluster[];
  const found = present(clusters.find((one) => one.name === CLUSTER));
  if (outlierDetection !== undefined && loadBalancer.localityLbSetting?.enabled !== false) {
    throw new Error('istiod would derive priorities from zones, which is not supported here');
  }
  return {
    name,
    type: 'STATIC',
    connectTimeout: found.connectTimeout,
    circuitBreakers: { thresholds: [{ ...found.circuitBreakers.thresholds[0], maxRequests, maxPendingRequests }] },
    ...(loadBalancer.consistentHash === undefined
      ? { lbPolicy: 'LEAST_REQUEST' }
      : { lbPolicy: 'RING_HASH', ringHashLbConfig: found.ringHashLbConfig }),
    commonLbConfig: {
      ...found.commonLbConfig,
      ...(outlierDetection && { healthyPanicThreshold: { value: outlierDetection.minHealthPercent } }),
    },
    ...(outlierDetection && { outlierDetection: detection(outlierDetection) }),
    loadAssignment: {
      clusterName: name,
      endpoints: [{ lbEndpoints: ports.map((port) => ({ endpoint: { address: address(port) } })) }],
    },
  };
}

function detection(rule: NonNullable<DestinationRule['spec']['trafficPolicy']['outlierDetection']>): object {
  const enforced = (count: number) => (count > 0 ? 100 : 0);
  return {
    interval: rule.interval,
    baseEjectionTime: rule.baseEjectionTime,
    maxEjectionPercent: rule.maxEjectionPercent,
    enforcingSuccessRate: 0,
    consecutive5xx: rule.consecutive5xxErrors,
    enforcingConsecutive5xx: enforced(rule.consecutive5xxErrors),
    consecutiveGatewayFailure: rule.consecutiveGatewayErrors,
    enforcingConsecutiveGatewayFailure: enforced(rule.consecutiveGatewayErrors),
    splitExternalLocalOriginErrors: rule.splitExternalLocalOriginErrors,
    consecutiveLocalOriginFailure: rule.consecutiveLocalOriginFailures,
    enforcingConsecutiveLocalOriginFailure: enforced(rule.consecutiveLocalOriginFailures),
    enforcingLocalOriginSuccessRate: 0,
  };
}

function present<T>(found: T | undefined): T {
  if (found === undefined) throw new Error(`${RECORDED} has other names than expected`);
  return found;
}

function address(portValue: number): object {
  return { socketAddress: { address: '127.0.0.1', portValue } };
}

async function ask(port: number, session: string): Promise<number> {
  const headers = { 'X-Claude-Code-Session-Id': session };
  const call = request({ port, path: '/v1/chat/completions', method: 'POST', headers }).end('{}');
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  await once(answer.resume(), 'end');
  return answer.statusCode ?? 0;
}
