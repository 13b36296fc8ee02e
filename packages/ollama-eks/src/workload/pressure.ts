// https://istio.io/latest/docs/reference/config/networking/destination-rule/
import type { Manifest } from '../gitops/application';
import { OLLAMA, OLLAMA_READS, OLLAMA_SESSIONS } from './names';
import { hasSessions, sessionHeaders } from './sessions';
import type { WorkloadPool, WorkloadSpec } from './workload-spec';

/** Minimum of the gateway's autoscaler: one pod can drain while the other serves. */
export const MIN_GATEWAY_REPLICAS = 2;
/** Maximum of the gateway's autoscaler: streams cost Envoy little CPU, so four pods can saturate all GPUs. */
export const MAX_GATEWAY_REPLICAS = 4;
/** A replaced gateway pod finishes its requests while the new one accepts as many. */
const PODS_PER_REPLICA = 2;
/** Requests to a server that bypass the gateway: one from its sidecar, and one from the prover. */
const OWN_REQUESTS = 2;

/** Limits on the number of requests to the servers. */
export interface RequestCap {
  /** Limit of all gateway pods together, while there are `gatewayReplicas` of them. */
  readonly total: number;
  /** Limit of each gateway pod. */
  readonly perGatewayPod: number;
  /**
   * Size of one server's queue (`OLLAMA_MAX_QUEUE`). It fits the limits of all DestinationRules in all gateway pods that can
   * exist at a time, since all of these requests may go to one server, plus the product's own. While Ollama loads a model, it
   * answers more requests with 503.
   */
  readonly queue: number;
}

/** What the limits of the gateway depend on. */
interface CappedServers extends Pick<WorkloadSpec, 'maxWaiting' | 'gatewayReplicas'> {
  readonly pools: readonly { readonly replicas: number; readonly parallel: number }[];
}

/** A DestinationRule, reduced to the fields used here. */
interface DestinationRule extends Manifest {
  readonly apiVersion: 'networking.istio.io/v1';
  readonly kind: 'DestinationRule';
  readonly spec: {
    readonly host: string;
    readonly trafficPolicy: {
      readonly connectionPool?: {
        readonly http: { readonly http1MaxPendingRequests: number; readonly http2MaxRequests: number };
      };
      readonly loadBalancer: LoadBalancer & typeof ALL_ZONES;
      readonly outlierDetection: typeof UNREACHABLE_SERVERS;
    };
  };
}

type LoadBalancer = typeof LEAST_REQUEST | { readonly consistentHash: { readonly httpHeaderName: string } };

const LEAST_REQUEST = { simple: 'LEAST_REQUEST' } as const;

/**
 * Ejects a server for half a minute when it is unreachable. A route by hash retries on the same server, so without this the
 * sessions of a dead server fail until Kubernetes notices. One failure is enough, so that the retries of the first request
 * reach another server: a refused or reset connection, or no response before the request's time is up. Responses never
 * count, since Ollama also uses 503 to report a full queue.
 *
 * When the last server is ejected, fewer than `minHealthPercent` are left, and Envoy ignores all ejections. So sessions find
 * a recovered server at once; with a `maxEjectionPercent` below 100 they would be sent to another dead server for as long
 * as their own is ejected. The same applies to a single server, and to any number that a pool is scaled to.
 * `minHealthPercent` also keeps Istio 1.31 from sending servers that are not ready.
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
 * Turns off a default of `outlierDetection`: Istio would send each gateway pod only to servers in its own zone, as long as
 * it has one. A session would then use one server per zone of gateway pods, and servers in other zones would idle.
 * @see https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/failover/
 */
const ALL_ZONES = { localityLbSetting: { enabled: false } } as const;

/** Returns the limits for `parallel + maxWaiting` requests per server. */
export function requestCap(spec: WorkloadSpec): RequestCap {
  const { gatewayReplicas, maxWaiting } = spec;
  const pools = spec.pools.map(({ replicas, fit }) => ({ replicas, parallel: parallelOf(fit.models) }));
  const limits = gatewayLimits({ pools, maxWaiting, gatewayReplicas });
  const gatewayPods = PODS_PER_REPLICA * Math.max(MAX_GATEWAY_REPLICAS, gatewayReplicas ?? 0);
  const caps = hasSessions(pools) ? 2 : 1;
  return { ...limits, queue: caps * gatewayPods * limits.perGatewayPod + OWN_REQUESTS };
}

/**
 * Returns the limits of the gateway. Spare pools replace others, so they count only if there are no other pools. Each Envoy
 * counts on its own, so every gateway pod gets a share of the total, but at least as many requests as all servers process at
 * a time: otherwise a pod that gets all connections would leave GPUs idle. A gateway that is scaled beyond `gatewayReplicas`
 * lets more requests through, and each server's queue has room for them.
 */
export function gatewayLimits(servers: CappedServers): Omit<RequestCap, 'queue'> {
  const { pools, maxWaiting, gatewayReplicas = MIN_GATEWAY_REPLICAS } = servers;
  const serving = pools.filter(({ replicas }) => replicas > 0);
  const sum = (perServer: (parallel: number) => number) =>
    (serving.length > 0 ? serving : pools.slice(0, 1)).reduce(
      (total, { replicas, parallel }) => total + Math.max(1, replicas) * perServer(parallel),
      0,
    );
  const worked = sum((parallel) => parallel);
  const total = sum((parallel) => parallel + maxWaiting);
  return { total, perGatewayPod: Math.max(worked, Math.floor(total / gatewayReplicas)) };
}

function parallelOf(models: WorkloadPool['fit']['models']): number {
  return Math.max(1, ...models.map(({ model }) => model.parallel));
}

/**
 * Returns rules that limit the requests that wait for the servers, since Ollama's own queue does not limit a loaded model
 * (https://github.com/ollama/ollama/issues/7758). With several servers, a session stays on the server that has its prompt
 * cached, as long as that server is reachable; other requests go to a server with few requests. Envoy supports only one of
 * these per Service, and has separate limits for each; the gateway's `requestLimit` is for both together. The requests that
 * read lists and health are not limited, so that they are answered when the servers are at capacity.
 *
 * The gateway applies the rules. `http2MaxRequests` is Envoy's `max_requests`: active requests on all hosts of the Service, also
 * for HTTP/1.1, counted by each gateway pod on its own. Each request beyond it is refused at once; Envoy does not retry it. `http1MaxPendingRequests` counts only requests that wait for a new connection.
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking
 */
export function pressureRules(spec: WorkloadSpec): readonly DestinationRule[] {
  const { perGatewayPod } = requestCap(spec);
  const connectionPool = { http: { http1MaxPendingRequests: perGatewayPod, http2MaxRequests: perGatewayPod } };
  const [httpHeaderName] = sessionHeaders(spec.sessionHeader);
  return [
    rule(OLLAMA, { connectionPool, loadBalancer: LEAST_REQUEST }),
    ...(hasSessions(spec.pools)
      ? [rule(OLLAMA_SESSIONS, { connectionPool, loadBalancer: { consistentHash: { httpHeaderName } } })]
      : []),
    rule(OLLAMA_READS, { loadBalancer: LEAST_REQUEST }),
  ];
}

interface TrafficPolicy {
  readonly connectionPool?: DestinationRule['spec']['trafficPolicy']['connectionPool'];
  readonly loadBalancer: LoadBalancer;
}

function rule(service: string, { connectionPool, loadBalancer }: TrafficPolicy): DestinationRule {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: service, namespace: OLLAMA },
    spec: {
      host: `${service}.${OLLAMA}.svc.cluster.local`,
      trafficPolicy: {
        ...(connectionPool === undefined ? {} : { connectionPool }),
        loadBalancer: { ...loadBalancer, ...ALL_ZONES },
        outlierDetection: UNREACHABLE_SERVERS,
      },
    },
  };
}
