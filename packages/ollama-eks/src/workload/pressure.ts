// https://istio.io/latest/docs/reference/config/networking/destination-rule/
import type { Manifest } from '../gitops/application';
import { OLLAMA } from './names';
import type { WorkloadSpec } from './workload-spec';

/**
 * Header in which Claude Code names its session.
 * @see https://github.com/router-for-me/CLIProxyAPI/issues/4452
 */
export const SESSION_HEADER = 'X-Claude-Code-Session-Id';
/** Gateway pods that its autoscaler keeps: one may be drained while the other serves. */
export const LEAST_GATEWAY_REPLICAS = 2;
/** Gateway pods that it creates at most: Envoy passes streams through on little CPU, so four outlast every GPU behind them. */
export const MOST_GATEWAY_REPLICAS = 4;
/** A gateway pod that is replaced works on its requests until they are answered, while the new one takes as many. */
const PODS_PER_REPLICA = 2;
/** Requests to a server that come past the gateway: one of its sidecar, and one of the prover. */
const OWN_REQUESTS = 2;

/** How many requests are let through to the servers. */
export interface RequestCap {
  /** All gateway pods together, while there are `gatewayReplicas` of them. */
  readonly total: number;
  /** Each gateway pod. */
  readonly perGatewayPod: number;
  /**
   * Requests that one server must have room for (`OLLAMA_MAX_QUEUE`): whatever all gateway pods that can exist let through,
   * since all of it may be for one server, and the product's own. Ollama refuses further ones, with 503, while it loads.
   */
  readonly queue: number;
}

/** A DestinationRule, as far as it is used here. */
interface DestinationRule extends Manifest {
  readonly apiVersion: 'networking.istio.io/v1';
  readonly kind: 'DestinationRule';
  readonly spec: {
    readonly host: string;
    readonly trafficPolicy: {
      readonly connectionPool: {
        readonly http: { readonly http1MaxPendingRequests: number; readonly http2MaxRequests: number };
      };
      readonly loadBalancer: LoadBalancer & typeof ALL_ZONES;
      readonly outlierDetection: typeof UNREACHABLE_SERVERS;
    };
  };
}

type LoadBalancer =
  { readonly simple: 'LEAST_REQUEST' } | { readonly consistentHash: { readonly httpHeaderName: string } };

/**
 * Takes a server out for half a minute when it cannot be reached: a route by hash retries on the same server, so without
 * this the sessions of a dead one fail until Kubernetes notices. One failure is enough, so that the retries of the first
 * request reach another server: connection refused or reset, or no answer begun when the request's time is up. What a
 * server answers never counts, since 503 is also how Ollama says that its queue is full.
 *
 * The last server out puts all back: then fewer than `minHealthPercent` are left, and Envoy goes on as if none were out.
 * So a server that comes back is found at once by its sessions; a `maxEjectionPercent` below 100 would leave them to
 * another dead one for as long as it is out. The same holds for a single server, and for as many as a pool is scaled to.
 * Beside that, `minHealthPercent` keeps Istio 1.31 from sending servers that are not ready.
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/panic_threshold
 * @see https://istio.io/latest/news/releases/1.31.x/announcing-1.31/upgrade-notes/
 */
const UNREACHABLE_SERVERS = {
  splitExternalLocalOriginErrors: true,
  consecutiveLocalOriginFailures: 1,
  consecutiveGatewayErrors: 0,
  consecutive5xxErrors: 0,
  interval: '5s',
  baseEjectionTime: '30s',
  maxEjectionPercent: 100,
  minHealthPercent: 1,
} as const;

/**
 * With `outlierDetection`, Istio sends each gateway pod to the servers of its own zone alone, as long as one is left
 * there. A session would then have one server for each zone with a gateway pod, and servers elsewhere would idle.
 * @see https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/failover/
 */
const ALL_ZONES = { localityLbSetting: { enabled: false } } as const;

/**
 * `parallel + maxWaiting` requests for each server; spare pools stand in for others, so they count when there are only
 * such. Envoy counts by itself, so every gateway pod gets its share; but
 * never fewer than the servers work on at a time, or a pod that gets all connections would leave GPUs idle. A gateway
 * that is scaled beyond `gatewayReplicas` lets so many more through, and the queue of each server has room for them.
 */
export function requestCap({ pools, maxWaiting, gatewayReplicas = LEAST_GATEWAY_REPLICAS }: WorkloadSpec): RequestCap {
  const serving = pools.filter(({ replicas }) => replicas > 0);
  const sum = (perServer: (parallel: number) => number) =>
    (serving.length > 0 ? serving : pools.slice(0, 1)).reduce(
      (total, { replicas, fit }) => total + Math.max(1, replicas) * perServer(parallelOf(fit.models)),
      0,
    );
  const worked = sum((parallel) => parallel);
  const total = sum((parallel) => parallel + maxWaiting);
  const perGatewayPod = Math.max(worked, Math.floor(total / gatewayReplicas));
  const gatewayPods = PODS_PER_REPLICA * Math.max(MOST_GATEWAY_REPLICAS, gatewayReplicas);
  return { total, perGatewayPod, queue: gatewayPods * perGatewayPod + OWN_REQUESTS };
}

function parallelOf(models: WorkloadSpec['pools'][number]['fit']['models']): number {
  return Math.max(1, ...models.map(({ model }) => model.parallel));
}

/**
 * Bounds what waits in front of the servers, since Ollama's own queue doesn't bound a model that is loaded
 * (https://github.com/ollama/ollama/issues/7758), and keeps sessions on the server that has their prompt cached, as long
 * as it can be reached.
 *
 * It is the gateway that applies it. `http2MaxRequests` is Envoy's `max_requests`: requests at work on all hosts of
 * the Service, for HTTP/1.1 too, counted by each gateway pod for itself. Whoever comes beyond it is answered at once
 * with 503, the header `x-envoy-overloaded: true` and the text "upstream connect error or disconnect/reset before
 * headers. reset reason: overflow"; Envoy doesn't retry that by itself. `http1MaxPendingRequests` counts only those
 * that wait for a new connection.
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking
 */
export function pressureRule(spec: WorkloadSpec): DestinationRule {
  const { perGatewayPod } = requestCap(spec);
  const servers = spec.pools.reduce((total, { replicas }) => total + Math.max(1, replicas), 0);
  const rule: DestinationRule = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: OLLAMA, namespace: OLLAMA },
    spec: {
      host: `${OLLAMA}.${OLLAMA}.svc.cluster.local`,
      trafficPolicy: {
        connectionPool: { http: { http1MaxPendingRequests: perGatewayPod, http2MaxRequests: perGatewayPod } },
        loadBalancer: {
          ...(servers > 1
            ? { consistentHash: { httpHeaderName: spec.sessionHeader ?? SESSION_HEADER } }
            : { simple: 'LEAST_REQUEST' }),
          ...ALL_ZONES,
        },
        outlierDetection: UNREACHABLE_SERVERS,
      },
    },
  };
  return rule;
}
