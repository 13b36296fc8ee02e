// https://istio.io/latest/docs/reference/config/networking/destination-rule/
import type { Manifest } from '../gitops/application';
import { OLLAMA } from './names';
import type { WorkloadSpec } from './workload-spec';

/**
 * Header in which Claude Code sends its session.
 * @see https://github.com/router-for-me/CLIProxyAPI/issues/4452
 */
export const SESSION_HEADER = 'X-Claude-Code-Session-Id';
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
   * Size of one server's queue (`OLLAMA_MAX_QUEUE`). It fits the limits of all gateway pods that can exist at a time, since
   * all of these requests may go to one server, plus the product's own. While Ollama loads a model, it answers more
   * requests with 503.
   */
  readonly queue: number;
}

/** A DestinationRule, reduced to the fields used here. */
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

/**
 * Returns the limits for `parallel + maxWaiting` requests per server. Spare pools replace others, so they count only if
 * there are no other pools. Each Envoy counts on its own, so every gateway pod gets a share of the total, but at least as
 * many requests as all servers process at a time: otherwise a pod that gets all connections would leave GPUs idle. A
 * gateway that is scaled beyond `gatewayReplicas` lets more requests through, and each server's queue has room for them.
 */
export function requestCap({ pools, maxWaiting, gatewayReplicas = MIN_GATEWAY_REPLICAS }: WorkloadSpec): RequestCap {
  const serving = pools.filter(({ replicas }) => replicas > 0);
  const sum = (perServer: (parallel: number) => number) =>
    (serving.length > 0 ? serving : pools.slice(0, 1)).reduce(
      (total, { replicas, fit }) => total + Math.max(1, replicas) * perServer(parallelOf(fit.models)),
      0,
    );
  const worked = sum((parallel) => parallel);
  const total = sum((parallel) => parallel + maxWaiting);
  const perGatewayPod = Math.max(worked, Math.floor(total / gatewayReplicas));
  const gatewayPods = PODS_PER_REPLICA * Math.max(MAX_GATEWAY_REPLICAS, gatewayReplicas);
  return { total, perGatewayPod, queue: gatewayPods * perGatewayPod + OWN_REQUESTS };
}

function parallelOf(models: WorkloadSpec['pools'][number]['fit']['models']): number {
  return Math.max(1, ...models.map(({ model }) => model.parallel));
}

/**
 * Returns a rule that limits the requests that wait for the servers, since Ollama's own queue does not limit a loaded model
 * (https://github.com/ollama/ollama/issues/7758). It also keeps sessions on the server that has their prompt cached, as
 * long as that server is reachable.
 *
 * The gateway applies it. `http2MaxRequests` is Envoy's `max_requests`: active requests on all hosts of the Service, also
 * for HTTP/1.1, counted by each gateway pod on its own. Each request beyond it is answered at once with 503, the header
 * `x-envoy-overloaded: true` and the text "upstream connect error or disconnect/reset before headers. reset reason:
 * overflow"; Envoy does not retry it. `http1MaxPendingRequests` counts only requests that wait for a new connection.
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
