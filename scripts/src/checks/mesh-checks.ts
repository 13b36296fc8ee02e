import { AMBIENT_NAMESPACE_LABELS, MESH_NAMESPACE, OLLAMA } from '@org/ollama-eks/pure';
import { request } from '../http/request';
import { isReady, serverPods, type Pod } from '../pools/server-pods';
import type { Context } from '../program/context';
import { counted } from '../program/words';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';
import { withPort } from '../systems/port-forward';
import { fail, ok, skipped, warn, type Check, type Outcome } from './findings';
import { isCaptured } from './mesh-nodes';

/** Port and path of ztunnel's metrics. @see https://istio.io/latest/docs/ambient/usage/troubleshoot-ztunnel/ */
const ZTUNNEL_METRICS = { port: 15_020, path: '/metrics' };
const ZTUNNEL_SELECTOR = 'app=ztunnel';
const METRICS_TIMEOUT = 10_000;

/** Without a ready server there is no traffic, and so no evidence. */
const NO_SERVER = 'no server is ready';

/** Metric of ztunnel that counts connections. @see https://istio.io/latest/docs/reference/config/metrics/ */
const OPENED = /^istio_tcp_connections_opened_total\{(?<labels>.*)\} (?<count>[\d.e+]+)$/;

interface PeerAuthentication extends KubernetesObject {
  readonly spec?: { readonly selector?: unknown; readonly mtls?: { readonly mode?: string } };
}

/** Returns the checks that collect evidence that the servers accept only mutual TLS. */
export function meshChecks(kubectl: Kubectl, context: Pick<Context, 'fetch' | 'clock' | 'signal'>): readonly Check[] {
  return [
    { id: 'mesh-enrolled', title: 'the servers are in the mesh', run: () => enrolled(kubectl) },
    { id: 'mesh-strict', title: 'plaintext is refused', run: () => strict(kubectl) },
    {
      id: 'mesh-mtls',
      title: 'connections to the servers use mutual TLS',
      run: () => mutualTls(kubectl, context),
    },
  ];
}

async function enrolled(kubectl: Kubectl): Promise<Outcome> {
  const namespace = await kubectl.get<KubernetesObject>('namespace', OLLAMA);
  if (namespace === undefined) return fail(`namespace ${OLLAMA} does not exist`, 'ollama-eks deploy');
  for (const [label, value] of Object.entries(AMBIENT_NAMESPACE_LABELS)) {
    if (namespace.metadata.labels?.[label] !== value) {
      return fail(
        `namespace ${OLLAMA} has no label ${label}=${value}`,
        'sync the Application of the namespace: ollama-eks status',
      );
    }
  }
  const servers = (await serverPods(kubectl)).filter(isReady);
  if (servers.length === 0) return skipped(NO_SERVER);
  const outside = servers.filter((pod) => !isCaptured(pod));
  if (outside.length > 0) {
    const names = outside.map(({ metadata }) => metadata.name);
    return fail(
      `ztunnel does not carry the traffic of ${names.join(', ')}`,
      `kubectl --namespace ${OLLAMA} delete pod ${names.join(' ')}`,
    );
  }
  return ok(`namespace ${OLLAMA} and ${servers.map(({ metadata }) => metadata.name).join(', ')} are in the mesh`);
}

async function strict(kubectl: Kubectl): Promise<Outcome> {
  const policies = await kubectl.list<PeerAuthentication>('peerauthentications.security.istio.io');
  const wide = policies.filter(({ spec }) => spec?.selector === undefined);
  const own = wide.find(({ metadata }) => metadata.namespace === OLLAMA);
  const mesh = wide.find(({ metadata }) => metadata.namespace === MESH_NAMESPACE);
  const inForce = own?.spec?.mtls?.mode ?? mesh?.spec?.mtls?.mode;
  if (inForce !== 'STRICT') {
    return fail(
      `PeerAuthentication for ${OLLAMA} is ${inForce ?? 'missing'}`,
      'sync the Application mesh-policies: ollama-eks status',
    );
  }
  const softer = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === OLLAMA && spec?.mtls?.mode !== undefined && !['STRICT', 'UNSET'].includes(spec.mtls.mode),
  );
  if (softer.length > 0) {
    const names = softer.map(({ metadata }) => metadata.name);
    return fail(
      `PeerAuthentication ${names.join(', ')} in ${OLLAMA} allows plaintext`,
      `kubectl --namespace ${OLLAMA} delete peerauthentication ${names.join(' ')}`,
    );
  }
  return ok(`PeerAuthentication is STRICT for ${own === undefined ? 'the whole mesh' : OLLAMA}`);
}

async function mutualTls(
  kubectl: Kubectl,
  { fetch, clock, signal }: Pick<Context, 'fetch' | 'clock' | 'signal'>,
): Promise<Outcome> {
  const nodes = new Set((await serverPods(kubectl)).filter(isReady).map(({ spec }) => spec.nodeName));
  if (nodes.size === 0) return skipped(NO_SERVER);
  const ztunnels = await kubectl.list<Pod>('pods', MESH_NAMESPACE, ZTUNNEL_SELECTOR);
  const near = ztunnels.filter(({ spec }) => nodes.has(spec.nodeName));
  if (near.length === 0) return fail('no ztunnel on the nodes of the servers', 'ollama-eks diagnose');
  const counts = { mutualTls: 0, other: 0 };
  for (const { metadata } of near) {
    const target = { namespace: MESH_NAMESPACE, object: `pod/${metadata.name}`, port: ZTUNNEL_METRICS.port };
    const { body } = await withPort(kubectl, target, (port) =>
      request(
        `http://127.0.0.1:${String(port)}${ZTUNNEL_METRICS.path}`,
        {},
        { fetch, clock, signal, timeout: METRICS_TIMEOUT },
      ),
    );
    const seen = countConnections(body);
    counts.mutualTls += seen.mutualTls;
    counts.other += seen.other;
  }
  if (counts.mutualTls > 0) return ok(`${counted(counts.mutualTls, 'connection')} over mutual TLS`, counts);
  return warn('no connection to a server yet', 'send a request through Kong, then verify again', counts);
}

/** Counts the connections to the servers that ztunnel accepted, by whether they used mutual TLS. */
export function countConnections(metrics: string): { mutualTls: number; other: number } {
  const counts = { mutualTls: 0, other: 0 };
  for (const line of metrics.split('\n')) {
    const { labels, count } = OPENED.exec(line)?.groups ?? {};
    if (!labels?.includes('reporter="destination"')) continue;
    if (!labels.includes(`destination_workload_namespace="${OLLAMA}"`)) continue;
    const kind = labels.includes('connection_security_policy="mutual_tls"') ? 'mutualTls' : 'other';
    counts[kind] += Number(count);
  }
  return counts;
}
