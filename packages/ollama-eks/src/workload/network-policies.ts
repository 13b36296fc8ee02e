// https://istio.io/latest/docs/ambient/usage/networkpolicy/
import type {
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
} from 'kubernetes-types/networking/v1';
import { HBONE_PORT, PROBE_SOURCE_CIDR } from '../catalogue/ambient';
import { parseModelName } from '../catalogue/model-name';
import { cidrsOverlap, parseCidr } from '../cidr';
import type { Manifest } from '../gitops/application';
import {
  GATEWAY_LABELS,
  GATEWAY_NAMESPACE,
  MODEL_PROVER,
  MODEL_PULLER,
  NAME_LABEL,
  OLLAMA,
  OLLAMA_PORT,
} from './names';
import { NAME_RESOLUTION, networkPolicy, podsOf, tcp } from './network-policy';
import { METRICS_PORT } from './metrics-script';
import { meshedScrape } from './scrape-rules';
import type { WorkloadSpec } from './workload-spec';

/**
 * Ranges that are not part of the internet: private use, shared address space, link-local (including instance metadata).
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/
 */
const PRIVATE_RANGES = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];

const HTTPS = 443;
const HBONE = tcp(HBONE_PORT);
const SERVERS: NetworkPolicyPeer = { podSelector: { matchLabels: { [NAME_LABEL]: OLLAMA } } };
const PROVER: NetworkPolicyPeer = { podSelector: { matchLabels: { [NAME_LABEL]: MODEL_PROVER } } };
const GATEWAY = podsOf(GATEWAY_NAMESPACE, GATEWAY_LABELS);

/**
 * Returns policies that allow only these connections: from gateway, prover and Prometheus to the servers, and to the registry from
 * the pods that pull models.
 */
export function networkPolicies(spec: WorkloadSpec): readonly Manifest[] {
  const { modelPull = 'online' } = spec;
  const pull = [NAME_RESOLUTION, registry(spec)];
  return [
    policy('default-deny', {}, [], []),
    policy(
      OLLAMA,
      SERVERS.podSelector ?? {},
      [
        { from: [GATEWAY, PROVER], ports: HBONE },
        ...(spec.scraper === undefined ? [] : [meshedScrape(spec.scraper, METRICS_PORT)]),
        { from: [{ ipBlock: { cidr: PROBE_SOURCE_CIDR } }], ports: tcp(OLLAMA_PORT) },
      ],
      modelPull === 'online' ? pull : [],
    ),
    policy(MODEL_PROVER, PROVER.podSelector ?? {}, [], [NAME_RESOLUTION, { to: [SERVERS], ports: HBONE }]),
    ...(modelPull === 'job' ? [policy(MODEL_PULLER, { matchLabels: { [NAME_LABEL]: MODEL_PULLER } }, [], pull)] : []),
  ];
}

/** Returns a rule for HTTPS to the registries of the models: to their ranges, or to all of the internet. */
function registry(spec: WorkloadSpec): NetworkPolicyEgressRule {
  const ports = new Set(spec.pools.flatMap(({ fit }) => fit.models.map(({ model }) => registryPort(model.name))));
  return {
    to: spec.registryCidrs?.map((cidr) => ({ ipBlock: { cidr } })) ?? [internet(spec)],
    ports: tcp(...[...ports].sort()),
  };
}

function registryPort(model: string): number {
  return Number(parseModelName(model)?.host.split(':')[1] ?? HTTPS);
}

/** Returns all addresses except for private networks. */
function internet({ vpcCidr, serviceCidr }: WorkloadSpec): NetworkPolicyPeer {
  const own = Object.entries({ vpcCidr, serviceCidr })
    .filter(([property, cidr]) => !isPrivate(property, cidr))
    .map(([, cidr]) => cidr);
  const except = [...new Set([...PRIVATE_RANGES, ...own])];
  return { ipBlock: { cidr: '0.0.0.0/0', except } };
}

/** Returns whether a range is within a private one; otherwise they cannot overlap. */
function isPrivate(property: string, cidr: string): boolean {
  const range = parseCidr(property, cidr);
  return PRIVATE_RANGES.some(
    (other) => cidrsOverlap(other, cidr) && parseCidr(property, other).bitmask <= range.bitmask,
  );
}

function policy(
  name: string,
  pods: NonNullable<NetworkPolicyPeer['podSelector']>,
  ingress: readonly NetworkPolicyIngressRule[],
  egress: readonly NetworkPolicyEgressRule[],
): Manifest {
  return networkPolicy({ name, namespace: OLLAMA, pods, ingress, egress });
}
