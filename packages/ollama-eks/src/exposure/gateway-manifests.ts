// https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment
import type { Deployment } from 'kubernetes-types/apps/v1';
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2';
import type { ConfigMap, Service } from 'kubernetes-types/core/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import type { Manifest } from '../gitops/application';
import { GATEWAY_LABELS, GATEWAY_NAME, GATEWAY_NAMESPACE, GATEWAY_WORKLOAD, OLLAMA } from '../workload/names';
import { MIN_GATEWAY_REPLICAS, MAX_GATEWAY_REPLICAS } from '../workload/pressure';
import { toYaml } from '../yaml';
import { overloadReply } from './gateway-overload';
import type { Gateway, GatewayListener, TargetGroupBinding } from './gateway-types';
import { requestLimit } from './request-limit';
import type { TimeBudget } from './time-budget';

/** Port of the HTTPS listener, and of the gateway's pods: Istio allows them to bind low ports. */
export const GATEWAY_PORT = 443;
/** Port and path where a gateway pod reports whether it accepts requests. */
export const GATEWAY_STATUS_PORT = 15021;
export const GATEWAY_STATUS_PATH = '/healthz/ready';

/** Listener for all callers. It has no hostname, because callers may also use the load balancer's name. */
export const HTTPS_LISTENER = 'https';
/** Listener of the admin hostname. */
export const ADMIN_LISTENER = 'https-admin';

/** ConfigMap with options for the deployment of the Gateway. */
const OPTIONS = `${GATEWAY_NAME}-options`;
/** Leaves time to start new pods before the existing ones are saturated. */
const TARGET_CPU_PERCENT = 70;

/** Options of the gateway's manifests, all known at synth. */
export interface GatewayOptions {
  readonly targetGroupName: string;
  /** Name of a Secret of type `kubernetes.io/tls` in the gateway's namespace. */
  readonly secretName: string;
  readonly adminHostname?: string;
  readonly budget: TimeBudget;
  /** Limit on requests for inference in each pod of the gateway. @default - only the limits of the DestinationRules */
  readonly maxRequests?: number;
  /** Whether the metrics of the gateway are scraped. @default false */
  readonly scraped?: boolean;
}

/** Returns the Gateway, its options, limit and overload reply, and the binding that registers its pods with the load balancer. */
export function gatewayManifests(options: GatewayOptions): readonly Manifest[] {
  return [
    deploymentOptions(options),
    gateway(options),
    overloadReply(),
    ...(options.maxRequests === undefined ? [] : [requestLimit(options.maxRequests)]),
    targetGroupBinding(options.targetGroupName),
  ];
}

function gateway({ secretName, adminHostname }: GatewayOptions): Gateway {
  const listeners = [listener(HTTPS_LISTENER, secretName)];
  if (adminHostname !== undefined) listeners.push(listener(ADMIN_LISTENER, secretName, adminHostname));
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: GATEWAY_NAME, namespace: GATEWAY_NAMESPACE },
    spec: {
      gatewayClassName: 'istio',
      infrastructure: { parametersRef: { group: '', kind: 'ConfigMap', name: OPTIONS } },
      listeners,
    },
  };
}

/** Accepts routes from the server's namespace only. Otherwise any namespace could intercept requests to the server. */
function listener(name: string, secretName: string, hostname?: string): GatewayListener {
  return {
    name,
    ...(hostname === undefined ? {} : { hostname }),
    port: GATEWAY_PORT,
    protocol: 'HTTPS',
    tls: { mode: 'Terminate', certificateRefs: [{ name: secretName }] },
    allowedRoutes: {
      kinds: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }],
      namespaces: { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': OLLAMA } } },
    },
  };
}

/** `networking` is not set: Terraform owns the security groups, and the controller may not change them. */
function targetGroupBinding(targetGroupName: string): TargetGroupBinding {
  return {
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: { name: GATEWAY_NAME, namespace: GATEWAY_NAMESPACE },
    spec: { targetGroupName, targetType: 'ip', serviceRef: { name: GATEWAY_WORKLOAD, port: GATEWAY_PORT } },
  };
}

/**
 * Overlays that Istio merges into the objects it creates for the Gateway. It creates an autoscaler and a disruption budget
 * only if there is an overlay for them.
 */
function deploymentOptions(options: GatewayOptions): ConfigMap & Manifest {
  const overlays = { service, deployment: deployment(options), horizontalPodAutoscaler, podDisruptionBudget };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: OPTIONS, namespace: GATEWAY_NAMESPACE },
    data: Object.fromEntries(Object.entries(overlays).map(([key, overlay]) => [key, toYaml(overlay)])),
  };
}

/** An overlay is a partial object: Istio's template has the other fields that `kubernetes-types` requires. */
type Overlay<T extends { readonly spec?: object }> = { readonly spec: DeepPartial<NonNullable<T['spec']>> };
type DeepPartial<T> = T extends object ? { readonly [K in keyof T]?: DeepPartial<T[K]> } : T;

/**
 * Terraform owns the load balancer: a Service of type LoadBalancer would create a second one. Istio would copy the annotation
 * `networking.istio.io/service-type` to the Service, where `istioctl analyze` warns of it (IST0107).
 */
const service: Overlay<Service> = { spec: { type: 'ClusterIP' } };

function deployment({ budget, scraped = false }: GatewayOptions): Overlay<Deployment> {
  return {
    spec: {
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { annotations: { 'proxy.istio.io/config': proxyConfig(budget, scraped) } },
        spec: {
          priorityClassName: 'system-cluster-critical',
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          terminationGracePeriodSeconds: budget.terminationGraceSeconds,
          tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists', effect: 'NoSchedule' }],
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'topology.kubernetes.io/zone',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: GATEWAY_LABELS },
            },
          ],
          containers: [
            {
              name: 'istio-proxy',
              // By default, Envoy stops 5 s after SIGTERM and cuts off every stream. With these it stops after its last
              // connection is closed. It would refuse new connections after 45 s, hence the drain duration above.
              // https://istio.io/latest/docs/reference/commands/pilot-agent/#envvars
              env: [
                { name: 'EXIT_ON_ZERO_ACTIVE_CONNECTIONS', value: 'true' },
                { name: 'MINIMUM_DRAIN_DURATION', value: `${budget.minimumDrainSeconds}s` },
              ],
            },
          ],
        },
      },
    },
  };
}

/**
 * Istio leaves out most of Envoy's metrics. The open requests of a Service are the only way to see Ollama's queue, and only the gateway
 * knows when the certificate ends that it serves.
 * @see https://istio.io/latest/docs/ops/configuration/telemetry/envoy-stats/
 */
function proxyConfig(budget: TimeBudget, scraped: boolean): string {
  const drain = `drainDuration: ${budget.minimumDrainSeconds}s`;
  return scraped
    ? `${drain}\nproxyStatsMatcher:\n  inclusionSuffixes: [upstream_rq_active, expiration_unix_time_seconds]`
    : drain;
}

const horizontalPodAutoscaler: Overlay<HorizontalPodAutoscaler> = {
  spec: {
    minReplicas: MIN_GATEWAY_REPLICAS,
    maxReplicas: MAX_GATEWAY_REPLICAS,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: TARGET_CPU_PERCENT } },
      },
    ],
  },
};

const podDisruptionBudget: Overlay<PodDisruptionBudget> = {
  spec: { minAvailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
};
