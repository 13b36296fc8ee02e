// https://kubernetes.io/docs/concepts/services-networking/network-policies/
import { NAME_LABEL, OLLAMA } from '@org/ollama-eks/pure';
import { fail, ok, type Outcome } from '../checks/findings';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';

/** Ports to which pods of the namespace may connect: name resolution, HTTPS for pulls, and HBONE. */
const EGRESS_PORTS = [53, 443, 15_008];

interface NetworkPolicy extends KubernetesObject {
  readonly spec: {
    readonly podSelector?: { readonly matchLabels?: object; readonly matchExpressions?: readonly unknown[] };
    readonly policyTypes?: readonly string[];
    readonly egress?: readonly EgressRule[];
  };
}

interface EgressRule {
  readonly to?: readonly { readonly ipBlock?: IpBlock }[];
  readonly ports?: readonly { readonly port?: number | string; readonly endPort?: number }[];
}

interface IpBlock {
  readonly cidr: string;
  readonly except?: readonly string[];
}

/** Judges whether the NetworkPolicies allow only what pulls of models need, and describes what that is. */
export async function egress(kubectl: Kubectl): Promise<Outcome> {
  const policies = await kubectl.list<NetworkPolicy>('networkpolicies.networking.k8s.io', OLLAMA);
  const denies = policies.some(
    ({ spec }) =>
      isEmpty(spec.podSelector) &&
      ['Ingress', 'Egress'].every((type) => spec.policyTypes?.includes(type)) &&
      (spec.egress ?? []).length === 0,
  );
  if (!denies)
    return fail(
      `no NetworkPolicy in ${OLLAMA} denies traffic by default`,
      'sync the Application of the namespace: ollama-eks status',
    );
  const wide = policies.filter(({ spec }) => (spec.egress ?? []).some(isWide)).map(nameOf);
  if (wide.length > 0) {
    return fail(
      `NetworkPolicy ${wide.join(', ')} allows more egress than name resolution, the mesh, and HTTPS`,
      `kubectl --namespace ${OLLAMA} describe networkpolicy ${wide.join(' ')}`,
    );
  }
  const reached = (selected: readonly NetworkPolicy[]) => [
    ...new Set(selected.flatMap(({ spec }) => (spec.egress ?? []).flatMap(addresses))),
  ];
  const servers = reached(policies.filter(selectsServers));
  const jobs = reached(policies.filter((policy) => !selectsServers(policy)));
  const detail =
    servers.length > 0
      ? `for pulls, servers can connect to ${servers.join(', ')}; with modelPull: 'job' they have no egress`
      : `servers have no egress${jobs.length > 0 ? `; Jobs that pull models can connect to ${jobs.join(', ')}` : ''}`;
  return ok(detail, { policies: policies.map(nameOf), servers, jobs });
}

/** Whether a rule allows more than HTTPS, names and the mesh. A registry on a private network may use any one port. */
function isWide({ to = [], ports = [] }: EgressRule): boolean {
  const isRegistry = to.length > 0 && to.every(({ ipBlock }) => ipBlock !== undefined && !isInternet(ipBlock));
  return (
    ports.length === 0 ||
    ports.some(
      ({ port, endPort }) =>
        endPort !== undefined || port === undefined || !(isRegistry || EGRESS_PORTS.includes(Number(port))),
    )
  );
}

function selectsServers({ spec: { podSelector } }: NetworkPolicy): boolean {
  const labels = Object.entries(podSelector?.matchLabels ?? {});
  return labels.every(([name, value]) => name === NAME_LABEL && value === OLLAMA);
}

/** Describes the addresses outside the cluster that a rule allows, with their ports. A rule without destinations allows all. */
function addresses({ to = [], ports = [] }: EgressRule): readonly string[] {
  const at = ports.map(({ port }) => String(port)).join(', ');
  if (to.length === 0) return [`any address on port ${at}`];
  return to.flatMap(({ ipBlock }) => {
    if (ipBlock === undefined) return [];
    const { cidr, except = [] } = ipBlock;
    const place = isInternet(ipBlock) ? 'the internet' : cidr;
    return [`${place}${except.length > 0 ? ` (without ${except.join(', ')})` : ''} on port ${at}`];
  });
}

/** Whether a block has all addresses, of IPv4 or IPv6. */
function isInternet({ cidr }: IpBlock): boolean {
  return cidr.endsWith('/0');
}

function isEmpty(selector: NetworkPolicy['spec']['podSelector']): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions ?? []).length === 0;
}

function nameOf({ metadata }: KubernetesObject): string {
  return metadata.name;
}
