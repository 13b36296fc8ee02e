/** Who passes the NetworkPolicies. @see https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
import type { Manifest } from '@org/ollama-eks';
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from 'kubernetes-types/networking/v1';
import { inRange } from './ranges';
import { type Endpoint, isPod, type Labels, labelsOf, type Namespaces, type Pod } from './pods';

export type Protocol = 'TCP' | 'UDP';

/** Outer packets on the network, whatever they contain. */
export interface Flow {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: number;
  readonly protocol: Protocol;
}

/** Policies of a cluster. */
export class NetworkPolicies {
  private readonly policies: readonly (NetworkPolicy & Manifest)[];

  public constructor(
    manifests: readonly Manifest[],
    private readonly namespaces: Namespaces,
  ) {
    this.policies = manifests.filter(isNetworkPolicy);
  }

  /** Returns the policies that block a flow; none if it passes. */
  public refusing(flow: Flow): readonly string[] {
    return [
      ...(isPod(flow.from) ? this.refusingAt(flow.from, 'Egress', flow.to, flow) : []),
      ...(isPod(flow.to) ? this.refusingAt(flow.to, 'Ingress', flow.from, flow) : []),
    ];
  }

  private refusingAt(pod: Pod, direction: 'Ingress' | 'Egress', other: Endpoint, flow: Flow): readonly string[] {
    const selecting = this.policies.filter(
      ({ metadata, spec }) =>
        metadata.namespace === pod.namespace &&
        matches(spec?.podSelector, pod.labels) &&
        directions(spec).includes(direction),
    );
    const admitted = selecting.some(({ metadata, spec }) =>
      rules(spec, direction).some(
        ({ peers, ports }) =>
          (peers === undefined || peers.some((peer) => this.isPeer(peer, other, metadata.namespace))) &&
          (ports === undefined || ports.some((port) => isPort(port, flow))),
      ),
    );
    return admitted ? [] : selecting.map(({ metadata }) => `NetworkPolicy ${metadata.namespace}/${metadata.name}`);
  }

  private isPeer(peer: NetworkPolicyPeer, endpoint: Endpoint, policyNamespace = 'default'): boolean {
    if (peer.ipBlock !== undefined) {
      const { cidr, except = [] } = peer.ipBlock;
      return inRange(endpoint.ip, cidr) && !except.some((hole) => inRange(endpoint.ip, hole));
    }
    if (!isPod(endpoint)) return false;
    const namespace =
      peer.namespaceSelector === undefined
        ? endpoint.namespace === policyNamespace
        : matches(peer.namespaceSelector, labelsOf(this.namespaces, endpoint.namespace));
    return namespace && (peer.podSelector === undefined || matches(peer.podSelector, endpoint.labels));
  }
}

function isNetworkPolicy(manifest: Manifest): manifest is NetworkPolicy & Manifest {
  return manifest.kind === 'NetworkPolicy' && manifest.apiVersion === 'networking.k8s.io/v1';
}

/** Without `policyTypes`, a policy applies to egress if it has egress rules. */
function directions({ policyTypes, egress }: Partial<NonNullable<NetworkPolicy['spec']>> = {}): readonly string[] {
  return policyTypes ?? ['Ingress', ...(egress === undefined ? [] : ['Egress'])];
}

interface Rule {
  readonly peers?: readonly NetworkPolicyPeer[] | undefined;
  readonly ports?: readonly NetworkPolicyPort[] | undefined;
}

function rules(spec: NetworkPolicy['spec'], direction: 'Ingress' | 'Egress'): readonly Rule[] {
  return direction === 'Ingress'
    ? (spec?.ingress ?? []).map(({ from, ports }) => ({ peers: nonEmpty(from), ports: nonEmpty(ports) }))
    : (spec?.egress ?? []).map(({ to, ports }) => ({ peers: nonEmpty(to), ports: nonEmpty(ports) }));
}

/** An empty or absent list of peers or ports means all of them. */
function nonEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

function isPort({ port, endPort, protocol = 'TCP' }: NetworkPolicyPort, flow: Flow): boolean {
  if (protocol !== flow.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'string') throw new Error(`the named port ${port} is not supported here; write its number`);
  return flow.port >= port && flow.port <= (endPort ?? port);
}

function matches(selector: LabelSelector | undefined, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        default:
          throw new Error(`unknown operator: ${operator}`);
      }
    })
  );
}
