import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from 'kubernetes-types/networking/v1';
import type { Manifest } from '../gitops/application';

/** Name resolution by the cluster's DNS. */
export const NAME_RESOLUTION: NetworkPolicyEgressRule = {
  to: [podsOf('kube-system', { 'k8s-app': 'kube-dns' })],
  ports: [{ port: 53, protocol: 'UDP' }, ...tcp(53)],
};

/** Who may connect to the selected pods, and where these may connect. */
export interface NetworkPolicyProps {
  readonly name: string;
  readonly namespace: string;
  /** Selected pods. @default - all pods of the namespace */
  readonly pods?: NonNullable<NetworkPolicyPeer['podSelector']>;
  /** @default - nobody */
  readonly ingress?: readonly NetworkPolicyIngressRule[];
  /** @default - nowhere */
  readonly egress?: readonly NetworkPolicyEgressRule[];
}

/** Returns a policy that allows only these connections. */
export function networkPolicy({ name, namespace, pods = {}, ingress = [], egress = [] }: NetworkPolicyProps): Manifest {
  const object: NetworkPolicy & Manifest = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: {
      podSelector: pods,
      policyTypes: ['Ingress', 'Egress'],
      // The API server drops empty lists, so every sync would update the object again.
      ...(ingress.length > 0 && { ingress: [...ingress] }),
      ...(egress.length > 0 && { egress: [...egress] }),
    },
  };
  return object;
}

/** Returns the pods of a namespace: all of them, or those with the labels. */
export function podsOf(namespace: string, matchLabels?: Readonly<Record<string, string>>): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    ...(matchLabels !== undefined && { podSelector: { matchLabels } }),
  };
}

export function tcp(...ports: readonly number[]): NetworkPolicyPort[] {
  return ports.map((port) => ({ port, protocol: 'TCP' }));
}
