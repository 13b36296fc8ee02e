/** Constants of Istio's ambient mode, on which policies, probes and namespaces must agree. */

/**
 * Port on which ztunnel receives traffic from the mesh. A NetworkPolicy sees this port, never the pod's own.
 * @see https://istio.io/latest/docs/ambient/usage/networkpolicy/
 */
export const HBONE_PORT = 15008;

/**
 * Port of istiod where proxies get configuration and certificates, over TLS.
 * @see https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
 */
export const ISTIOD_PORT = 15012;

/**
 * Ports of metrics: of istiod, and of ztunnel and gateways.
 * @see https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
 */
export const ISTIOD_METRICS_PORT = 15014;
export const PROXY_METRICS_PORT = 15020;

/**
 * Source address of the kubelet's probes of a meshed pod: istio-cni replaces the node's address with it, to distinguish probes
 * from other plaintext traffic. A default-deny NetworkPolicy must allow it.
 * @see https://github.com/istio/istio/blob/1.30.3/cni/README.md (HOST_PROBE_SNAT_IP)
 */
export const PROBE_SOURCE_CIDR = '169.254.7.127/32';

/**
 * Label of a namespace whose pods istio-cni adds to the mesh; without a mesh it has no effect.
 * @see https://istio.io/latest/docs/ambient/usage/add-workloads/
 */
export const AMBIENT_NAMESPACE_LABELS: Readonly<Record<string, string>> = { 'istio.io/dataplane-mode': 'ambient' };

/** API groups of a mesh with the Gateway API that policies, routes and servers use. */
export const MESH_GROUPS: readonly string[] = ['gateway.networking.k8s.io', 'networking.istio.io', 'security.istio.io'];

/** What one pod of a DaemonSet requests from its node, all containers combined. */
export interface NodeRequests {
  /** Thousandths of a CPU. */
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}

/**
 * What istio-cni and ztunnel request from every node: the figures of their charts, which are the same in 1.30 and 1.31. Sizing
 * reserves that much of a GPU node, and the mesh installs them with these requests.
 * @see https://github.com/istio/istio/tree/1.30.3/manifests/charts (values of istio-cni and ztunnel)
 */
export const AMBIENT_NODE_REQUESTS: Readonly<Record<'cni' | 'ztunnel', NodeRequests>> = {
  cni: { cpuMillis: 100, memoryMiB: 100 },
  ztunnel: { cpuMillis: 200, memoryMiB: 512 },
};
