/** What Istio's ambient mode fixes, and what every policy, probe and namespace has to agree with. */

/**
 * Port on which ztunnel takes what comes from the mesh; a NetworkPolicy sees this one, never the pod's own.
 * @see https://istio.io/latest/docs/ambient/usage/networkpolicy/
 */
export const HBONE_PORT = 15008;

/**
 * Address that the kubelet's probes of a meshed pod come from: istio-cni translates the node's own to it, so that a
 * probe is told from other plain text. A default-deny NetworkPolicy has to admit it.
 * @see https://github.com/istio/istio/blob/1.30.3/cni/README.md (HOST_PROBE_SNAT_IP)
 */
export const PROBE_SOURCE_CIDR = '169.254.7.127/32';

/**
 * Label of a namespace whose pods istio-cni brings into the mesh; without a mesh it means nothing.
 * @see https://istio.io/latest/docs/ambient/usage/add-workloads/
 */
export const AMBIENT_NAMESPACE_LABELS: Readonly<Record<string, string>> = { 'istio.io/dataplane-mode': 'ambient' };

/** API groups that a mesh with the Gateway API defines and that policies, routes and servers use. */
export const MESH_GROUPS: readonly string[] = ['gateway.networking.k8s.io', 'networking.istio.io', 'security.istio.io'];

/** What one pod of a DaemonSet requests of its node, all containers together. */
export interface NodeRequests {
  /** Thousandths of a CPU. */
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}

/**
 * What istio-cni and ztunnel request of every node: the figures of their charts, the same in 1.30 and 1.31. Sizing leaves
 * that much of a GPU node to them, and the mesh installs them with it.
 * @see https://github.com/istio/istio/tree/1.30.3/manifests/charts (values of istio-cni and ztunnel)
 */
export const AMBIENT_NODE_REQUESTS: Readonly<Record<'cni' | 'ztunnel', NodeRequests>> = {
  cni: { cpuMillis: 100, memoryMiB: 100 },
  ztunnel: { cpuMillis: 200, memoryMiB: 512 },
};
