/** Walks packets through the policies of a set of Applications, as the node's network and ztunnel do. */
import { type Application, HBONE_PORT, principal, PROBE_SOURCE_CIDR } from '@org/ollama-eks';
import { MeshPolicies } from './mesh-policies';
import { NetworkPolicies, type Protocol } from './network-policies';
import {
  type Endpoint,
  isPod,
  manifestsOf,
  type Namespaces,
  namespacesOf,
  type Pod,
  podsOf,
  stranger,
  type Stranger,
} from './pods';

/** Result of a connection. */
export interface Verdict {
  readonly delivered: boolean;
  /** Policies that refused the connection. */
  readonly refusedBy: readonly string[];
}

/** How a connection is opened. */
export interface ConnectionOptions {
  /** @default 'TCP' */
  readonly protocol?: Protocol;
  /**
   * The only line of defense to evaluate.
   * @default - both
   */
  readonly only?: 'network' | 'mesh';
}

/** A cluster that runs only the Applications. */
export class PolicyWalk {
  public readonly pods: readonly Pod[];
  private readonly namespaces: Namespaces;
  private readonly network: NetworkPolicies;
  private readonly mesh: MeshPolicies;
  private readonly trustDomain: string;

  /** @param firstIp address of the first pod, in the VPC */
  public constructor(applications: readonly Application[], firstIp = '10.0.0.10') {
    const manifests = manifestsOf(applications);
    this.namespaces = namespacesOf(applications);
    this.pods = podsOf(applications, firstIp);
    this.network = new NetworkPolicies(manifests, this.namespaces);
    this.mesh = new MeshPolicies(manifests);
    this.trustDomain = trustDomainOf(applications);
  }

  /** Returns the pods of a namespace with a label. */
  public podsWith(namespace: string, key: string, value: string): readonly Pod[] {
    return this.pods.filter((pod) => pod.namespace === namespace && pod.labels[key] === value);
  }

  /** Returns a pod outside of the Applications. */
  public stranger(known: Stranger): Pod {
    return stranger(this.namespaces, known);
  }

  /** Opens a connection: through the mesh if both sides are part of it, otherwise in cleartext. */
  public connect(from: Endpoint, to: Endpoint, port: number, options: ConnectionOptions = {}): Verdict {
    const { protocol = 'TCP', only } = options;
    const captured = isPod(to) && to.mesh === 'captured' && protocol === 'TCP';
    const byMesh = captured && isPod(from) && from.mesh !== 'none';
    const wirePort = byMesh ? HBONE_PORT : port;
    const identity = byMesh ? this.principalOf(from) : undefined;
    return verdict([
      ...(only === 'mesh' ? [] : this.network.refusing({ from, to, port: wirePort, protocol })),
      ...(captured && only !== 'network' ? this.mesh.refusing({ from, to, port, principal: identity }) : []),
    ]);
  }

  /** Opens a probe of the kubelet, which bypasses ztunnel. The VPC CNI admits probes of pods outside of the mesh. */
  public probe(pod: Pod, port: number): Verdict {
    if (pod.mesh !== 'captured') return verdict([]);
    const kubelet = { ip: PROBE_SOURCE_CIDR.replace('/32', '') };
    return verdict(this.network.refusing({ from: kubelet, to: pod, port, protocol: 'TCP' }));
  }

  private principalOf({ namespace, serviceAccount }: Pod): string {
    return principal(this.trustDomain, { namespace, name: serviceAccount });
  }
}

function verdict(refusedBy: readonly string[]): Verdict {
  return { delivered: refusedBy.length === 0, refusedBy };
}

function trustDomainOf(applications: readonly Application[]): string {
  const istiod = applications.find(({ name }) => name === 'istiod');
  const values = istiod?.source.kind === 'chart' ? istiod.source.values : {};
  const { trustDomain = 'cluster.local' } = (values['meshConfig'] ?? {}) as { readonly trustDomain?: string };
  return trustDomain;
}
