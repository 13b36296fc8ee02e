// https://istio.io/latest/docs/ambient/install/helm/ and https://istio.io/latest/docs/ambient/install/platform-prerequisites/
import { AMBIENT_NODE_REQUESTS, type NodeRequests } from '../catalogue/ambient';
import { ISTIO_IMAGE_HUB } from '../catalogue/istio-versions';
import { MESH_NAMESPACE } from '../workload/names';
import type { AccessLogCollector } from './access-log-collector';
import { accessLogSettings } from './access-logs';
import type { BaseValues, CniValues, IstiodValues, ResourceRequests, ZtunnelValues } from './istio-values';

/** Number of istiod replicas that survives the loss of a node. */
const HIGHLY_AVAILABLE_REPLICAS = 2;
/** This taint may keep everything but add-ons off the system nodes. */
const ADD_ON_NODES = { key: 'CriticalAddonsOnly', operator: 'Exists', effect: 'NoSchedule' } as const;

/**
 * How long the gateway keeps an unused tunnel to a server; Istio's default is an hour. The VPC CNI assigns the address of a
 * deleted pod to another pod after 30 s, and a tunnel that is still open then would lead to the wrong pod.
 * @see https://github.com/istio/api/blob/1.30.3/mesh/v1alpha1/config.proto (hbone_idle_timeout)
 * @see https://github.com/aws/amazon-vpc-cni-k8s#ip_cooldown_period-v1150
 */
const TUNNEL_IDLE_TIMEOUT = '15s';

/** CPU and memory requests of the mesh's components. They have no limits, which would throttle all traffic. */
export interface MeshResources {
  /**
   * Each replica of the control plane.
   * @default - 200m and 512Mi
   */
  readonly istiod?: ResourceRequests;
  /**
   * The agent on each node that adds pods to the mesh. At most the default, which sizing reserves on GPU nodes.
   * @default - 100m and 100Mi
   */
  readonly cni?: ResourceRequests;
  /**
   * The proxy on each node that carries the traffic. At most the default, which sizing reserves on GPU nodes.
   * @default - 200m and 512Mi
   */
  readonly ztunnel?: ResourceRequests;
}

/** The same, with all defaults filled in. */
export type MeshRequests = Required<MeshResources>;

/**
 * istiod's chart requests half a core and 2 GiB. That is meant for hundreds of services, and is half of a small system
 * node. The components on every node request what sizing reserves for them.
 * @see https://github.com/istio/istio/tree/1.30.3/manifests/charts (values of istiod)
 */
export const DEFAULT_REQUESTS: MeshRequests = {
  istiod: { cpu: '200m', memory: '512Mi' },
  cni: quantities(AMBIENT_NODE_REQUESTS.cni),
  ztunnel: quantities(AMBIENT_NODE_REQUESTS.ztunnel),
};

/** Fills in the default for each component that is left out. */
export function meshRequests({ istiod, cni, ztunnel }: MeshResources = {}): MeshRequests {
  return {
    istiod: istiod ?? DEFAULT_REQUESTS.istiod,
    cni: cni ?? DEFAULT_REQUESTS.cni,
    ztunnel: ztunnel ?? DEFAULT_REQUESTS.ztunnel,
  };
}

/** Settings that the values of Istio's charts are derived from. */
export interface MeshSettings {
  /** Minor version of Istio, such as `1.31`. */
  readonly minor: string;
  readonly trustDomain: string;
  readonly highAvailability: boolean;
  readonly accessLogs: boolean | AccessLogCollector;
  readonly cniTaint: boolean;
  readonly requests: MeshRequests;
  /** How long ztunnel may keep streams open after SIGTERM, in seconds. */
  readonly drainSeconds: number;
}

/**
 * `Fail`, in base and istiod alike. With `helm template` the charts would render `Ignore` at each sync while istiod sets
 * `Fail`, so GitOps would revert it forever (https://github.com/istio/istio/issues/57643).
 */
const VALIDATION = { validationFailurePolicy: 'Fail' } as const;

export function baseValues(): BaseValues {
  return {
    defaultRevision: 'default',
    // The reader's account is for meshes of several clusters.
    global: { istioNamespace: MESH_NAMESPACE, enableReaderRBAC: false },
    base: VALIDATION,
  };
}

export function istiodValues(settings: MeshSettings): IstiodValues {
  const { trustDomain, highAvailability, accessLogs, cniTaint, requests } = settings;
  return {
    profile: 'ambient',
    base: VALIDATION,
    global: {
      istioNamespace: MESH_NAMESPACE,
      hub: ISTIO_IMAGE_HUB,
      priorityClassName: 'system-cluster-critical',
      logAsJson: true,
      defaultPodDisruptionBudget: { enabled: highAvailability },
    },
    meshConfig: {
      trustDomain,
      hboneIdleTimeout: TUNNEL_IDLE_TIMEOUT,
      ...accessLogSettings(accessLogs),
    },
    pdb: { minAvailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    // Required for gateway pods by the Pod Security Standard "restricted".
    gateways: { seccompProfile: { type: 'RuntimeDefault' } },
    gatewayClasses: { istio: { deployment: { spec: { template: { spec: { tolerations: [ADD_ON_NODES] } } } } } },
    pilot: {
      // A fixed number: Argo CD reports an autoscaler without metrics-server as "Degraded", and would not start later waves.
      autoscaleEnabled: false,
      replicaCount: highAvailability ? HIGHLY_AVAILABLE_REPLICAS : 1,
      resources: { requests: requests.istiod },
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [ADD_ON_NODES],
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'topology.kubernetes.io/zone',
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: { app: 'istiod' } },
        },
      ],
      seccompProfile: { type: 'RuntimeDefault' },
      ...(cniTaint ? { taint: { enabled: true, namespace: MESH_NAMESPACE } } : {}),
      ...pilotEnvironment(settings.minor),
    },
  };
}

/**
 * Since 1.31 istiod also sends gateways the endpoints that are not ready. Here, a server is ready when its model is loaded
 * and answers, so gateways must not know of any other.
 * @see https://istio.io/latest/news/releases/1.31.x/announcing-1.31/upgrade-notes/
 */
function pilotEnvironment(minor: string): Pick<IstiodValues['pilot'], 'env'> {
  return minor === '1.30' ? {} : { env: { PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: 'false' } };
}

export function cniValues({ requests }: MeshSettings): CniValues {
  return {
    profile: 'ambient',
    global: { hub: ISTIO_IMAGE_HUB, logAsJson: true, networkPolicy: { enabled: true } },
    // Kubernetes 1.30 replaced the annotation with a field, which the chart then sets.
    useAppArmorAnnotation: false,
    // This library's clusters are IPv4. ztunnel resolves names, so that it can map Services to identities.
    ambient: { enabled: true, dnsCapture: true, ipv6: false, reconcileIptablesOnStartup: true },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    resources: { requests: requests.cni },
  };
}

export function ztunnelValues({ requests, drainSeconds }: MeshSettings): ZtunnelValues {
  return {
    profile: 'ambient',
    global: { hub: ISTIO_IMAGE_HUB, networkPolicy: { enabled: true } },
    logAsJson: true,
    // Kubernetes kills ztunnel after this time. The chart's default of 30 s would cut off every longer answer.
    terminationGracePeriodSeconds: drainSeconds,
    resources: { requests: requests.ztunnel },
  };
}

/** Converts requests to Kubernetes quantities. */
function quantities({ cpuMillis, memoryMiB }: NodeRequests): ResourceRequests {
  return { cpu: `${cpuMillis}m`, memory: `${memoryMiB}Mi` };
}
