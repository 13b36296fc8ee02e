// https://istio.io/latest/docs/ambient/install/helm/ and https://istio.io/latest/docs/ambient/install/platform-prerequisites/
import { AMBIENT_NODE_REQUESTS, type NodeRequests } from '../catalogue/ambient';
import { MESH_NAMESPACE } from '../workload/names';
import type { BaseValues, CniValues, IstiodValues, ResourceRequests, ZtunnelValues } from './istio-values';

/** Replicas of istiod that survive the loss of a node. */
const HIGHLY_AVAILABLE_REPLICAS = 2;
/** Nodes that run add-ons may be kept free of everything else by this taint. */
const ADD_ON_NODES = { key: 'CriticalAddonsOnly', operator: 'Exists', effect: 'NoSchedule' } as const;

/**
 * How long the gateway keeps an unused tunnel to a server; an hour unless set. The VPC CNI gives the address of a pod
 * that is gone to another after 30 s, and a tunnel that is still open then would lead there.
 * @see https://github.com/istio/api/blob/1.30.3/mesh/v1alpha1/config.proto (hbone_idle_timeout)
 * @see https://github.com/aws/amazon-vpc-cni-k8s#ip_cooldown_period-v1150
 */
const TUNNEL_IDLE_TIMEOUT = '15s';

/** What the components of the mesh ask of their nodes. There are no limits: they would throttle everybody's traffic. */
export interface MeshResources {
  /**
   * The control plane, per replica.
   * @default - 200m and 512Mi
   */
  readonly istiod?: ResourceRequests;
  /**
   * The agent that brings pods into the mesh, on each node; no more than the default, which sizing leaves free of GPU nodes.
   * @default - 100m and 100Mi
   */
  readonly cni?: ResourceRequests;
  /**
   * The proxy that carries the traffic, on each node; no more than the default, which sizing leaves free of GPU nodes.
   * @default - 200m and 512Mi
   */
  readonly ztunnel?: ResourceRequests;
}

/** The same, with nothing left open. */
export type MeshRequests = Required<MeshResources>;

/**
 * istiod asks for half a core and 2 GiB by its chart, which is sized for hundreds of services and is half a small
 * system node. What runs on every node asks for what sizing counts there.
 * @see https://github.com/istio/istio/tree/1.30.3/manifests/charts (values of istiod)
 */
export const DEFAULT_REQUESTS: MeshRequests = {
  istiod: { cpu: '200m', memory: '512Mi' },
  cni: quantities(AMBIENT_NODE_REQUESTS.cni),
  ztunnel: quantities(AMBIENT_NODE_REQUESTS.ztunnel),
};

/** What is asked for, and the default for the rest. */
export function meshRequests({ istiod, cni, ztunnel }: MeshResources = {}): MeshRequests {
  return {
    istiod: istiod ?? DEFAULT_REQUESTS.istiod,
    cni: cni ?? DEFAULT_REQUESTS.cni,
    ztunnel: ztunnel ?? DEFAULT_REQUESTS.ztunnel,
  };
}

/** What the values of Istio's charts are made from. */
export interface MeshSettings {
  /** Minor version of Istio: `1.31`. */
  readonly minor: string;
  readonly imageHub: string;
  readonly trustDomain: string;
  readonly highAvailability: boolean;
  readonly accessLogs: boolean;
  readonly cniTaint: boolean;
  readonly requests: MeshRequests;
  /** How long ztunnel may keep open streams when it is told to stop, in seconds. */
  readonly drainSeconds: number;
}

/**
 * `Fail` in base and istiod alike: rendered by `helm template`, the charts would say `Ignore` at each sync while istiod
 * says `Fail`, and GitOps would set it back for ever (https://github.com/istio/istio/issues/57643).
 */
const VALIDATION = { validationFailurePolicy: 'Fail' } as const;

export function baseValues(): BaseValues {
  return {
    defaultRevision: 'default',
    // The reader's account is for other clusters of a mesh; this is the only one.
    global: { istioNamespace: MESH_NAMESPACE, enableReaderRBAC: false },
    base: VALIDATION,
  };
}

export function istiodValues(settings: MeshSettings): IstiodValues {
  const { imageHub, trustDomain, highAvailability, accessLogs, cniTaint, requests } = settings;
  return {
    profile: 'ambient',
    base: VALIDATION,
    global: {
      istioNamespace: MESH_NAMESPACE,
      hub: imageHub,
      priorityClassName: 'system-cluster-critical',
      logAsJson: true,
      networkPolicy: { enabled: true },
      defaultPodDisruptionBudget: { enabled: highAvailability },
    },
    meshConfig: {
      trustDomain,
      hboneIdleTimeout: TUNNEL_IDLE_TIMEOUT,
      ...(accessLogs ? { accessLogFile: '/dev/stdout', accessLogEncoding: 'JSON' } : {}),
    },
    pdb: { minAvailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    // Makes the pods of gateways pass the Pod Security Standard "restricted".
    gateways: { seccompProfile: { type: 'RuntimeDefault' } },
    gatewayClasses: { istio: { deployment: { spec: { template: { spec: { tolerations: [ADD_ON_NODES] } } } } } },
    pilot: {
      // A fixed number: an autoscaler without metrics-server is "Degraded" to Argo CD, and no later wave would start.
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
 * From 1.31 on istiod tells gateways of servers that aren't ready, too. Ready means here that the model is loaded and
 * answers, so they are told of nobody else.
 * @see https://istio.io/latest/news/releases/1.31.x/announcing-1.31/upgrade-notes/
 */
function pilotEnvironment(minor: string): Pick<IstiodValues['pilot'], 'env'> {
  return minor === '1.30' ? {} : { env: { PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: 'false' } };
}

export function cniValues({ imageHub, requests }: MeshSettings): CniValues {
  return {
    profile: 'ambient',
    global: { hub: imageHub, logAsJson: true, networkPolicy: { enabled: true } },
    // Kubernetes 1.30 deprecates the annotation for a field, which the chart then sets.
    useAppArmorAnnotation: false,
    // EKS clusters of this library are IPv4; names are resolved by ztunnel, so that Services map to identities.
    ambient: { enabled: true, dnsCapture: true, ipv6: false, reconcileIptablesOnStartup: true },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    resources: { requests: requests.cni },
  };
}

export function ztunnelValues({ imageHub, requests, drainSeconds }: MeshSettings): ZtunnelValues {
  return {
    profile: 'ambient',
    global: { hub: imageHub, networkPolicy: { enabled: true } },
    logAsJson: true,
    // Kubernetes kills it after this; by its chart 30 s, which cuts every longer answer.
    terminationGracePeriodSeconds: drainSeconds,
    resources: { requests: requests.ztunnel },
  };
}

/** Requests as Kubernetes writes them. */
function quantities({ cpuMillis, memoryMiB }: NodeRequests): ResourceRequests {
  return { cpu: `${cpuMillis}m`, memory: `${memoryMiB}Mi` };
}
