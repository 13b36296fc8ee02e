import {
  GATEWAY_NAMESPACE,
  HEALTH_ROUTE,
  MESH_NAMESPACE,
  MODELS_HEAD_ROUTE,
  NAME_LABEL,
  OLLAMA,
  OLLAMA_PORT,
  OLLAMA_ROUTES,
  type OllamaRoute,
} from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { fail, ok, skipped, warn, type Check, type Outcome } from '../checks/findings';
import { gatewayCertificates, readGateway, type HttpRoute } from '../systems/gateway-objects';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';
import { withPort } from '../systems/port-forward';
import { counted } from '../program/words';
import { isServing, serverPods, type Pod } from '../pools/server-pods';
import { Endpoint } from '../endpoint/endpoint';

/** Variables of Ollama that decide whether prompts leave the server or are logged. @see https://github.com/ollama/ollama/blob/v0.32.15/envconfig/config.go */
const NO_CLOUD = 'OLLAMA_NO_CLOUD';
const WRITES_PROMPTS = ['OLLAMA_DEBUG', 'OLLAMA_DEBUG_LOG_REQUESTS'];

/** Ports to which pods of the namespace may connect: name resolution, HTTPS for pulls, and HBONE. */
const EGRESS_PORTS = [53, 443, 15_008];
const ALL_ADDRESSES = '0.0.0.0/0';

/** The part of the VPC CNI that enforces policies, and the argument that turns it on. @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html */
const POLICY_AGENT = { daemonSet: 'aws-node', namespace: 'kube-system', argument: '--enable-network-policy=true' };

const TIMEOUT = 30_000;

/** Without a running server, a check has no evidence. */
const NO_SERVER = 'no server is running: ollama-eks scale resume';

interface NetworkPolicy extends KubernetesObject {
  readonly spec: {
    readonly podSelector?: { readonly matchLabels?: object; readonly matchExpressions?: readonly unknown[] };
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly unknown[];
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

interface RoutedPath {
  readonly type: string;
  readonly value: string;
}

interface DaemonSet extends KubernetesObject {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly args?: readonly string[] }[] } };
  };
}

/** Returns the checks that collect evidence from the cluster. */
export function clusterChecks(
  kubectl: Kubectl,
  context: Pick<Context, 'fetch' | 'clock' | 'signal'>,
): readonly Check[] {
  return [
    { id: 'cloud-off', title: "models of Ollama's cloud are off", run: () => cloudOff(kubectl) },
    { id: 'prompts-unwritten', title: 'servers do not log prompts', run: () => promptsUnwritten(kubectl) },
    { id: 'egress', title: 'egress is denied, except for pulls of models', run: () => egress(kubectl) },
    { id: 'policy-enforced', title: 'policies are enforced', run: () => enforced(kubectl) },
    {
      id: 'gateway-routes',
      title: 'the gateway has no route that changes models or leaks data',
      run: () => gatewayRoutes(kubectl),
    },
    { id: 'gateway-tls', title: 'the gateway accepts only TLS', run: () => gatewayTls(kubectl) },
    { id: 'images', title: 'images are pinned by digest', run: () => images(kubectl) },
    { id: 'models', title: 'all servers hold the same models', run: () => models(kubectl, context) },
  ];
}

/** Reads the environment of every pod: the Deployment may have changed since the pod was created. */
async function cloudOff(kubectl: Kubectl): Promise<Outcome> {
  const pods = await serverPods(kubectl);
  const open = pods.filter((pod) => !['1', 'true'].includes(variable(pod, NO_CLOUD) ?? '')).map(nameOf);
  if (pods.length === 0) return skipped(NO_SERVER);
  return open.length === 0
    ? ok(`${NO_CLOUD} is set in ${pods.map(nameOf).join(', ')}`)
    : fail(`${NO_CLOUD} is not set in ${open.join(', ')}`, 'sync the Application of the servers: ollama-eks status');
}

async function promptsUnwritten(kubectl: Kubectl): Promise<Outcome> {
  const pods = await serverPods(kubectl);
  if (pods.length === 0) return skipped(NO_SERVER);
  const writing = pods.flatMap((pod) =>
    WRITES_PROMPTS.filter((name) => !['', '0', 'false', undefined].includes(variable(pod, name))).map(
      (name) => `${nameOf(pod)}: ${name}`,
    ),
  );
  return writing.length === 0
    ? ok(`${WRITES_PROMPTS.join(' and ')} are off`)
    : fail(writing.join(', '), 'remove the variable and delete the pod: its log may contain prompts');
}

async function egress(kubectl: Kubectl): Promise<Outcome> {
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
  const isRegistry =
    to.length > 0 && to.every(({ ipBlock }) => ipBlock !== undefined && ipBlock.cidr !== ALL_ADDRESSES);
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

/** Describes the addresses outside the cluster that a rule allows, with their ports. */
function addresses({ to = [], ports = [] }: EgressRule): readonly string[] {
  const at = ports.map(({ port }) => String(port)).join(', ');
  return to.flatMap(({ ipBlock }) => {
    if (ipBlock === undefined) return [];
    const { cidr, except = [] } = ipBlock;
    const place = cidr === ALL_ADDRESSES ? 'the internet' : cidr;
    return [`${place}${except.length > 0 ? ` (without ${except.join(', ')})` : ''} on port ${at}`];
  });
}

async function enforced(kubectl: Kubectl): Promise<Outcome> {
  const { daemonSet, namespace, argument } = POLICY_AGENT;
  const found = await kubectl.get<DaemonSet>('daemonset', daemonSet, namespace);
  if (found === undefined)
    return warn(
      `DaemonSet ${daemonSet} does not exist; another CNI must enforce policies`,
      'see the documentation of your CNI',
    );
  const on = found.spec.template.spec.containers.some(({ args = [] }) => args.includes(argument));
  return on
    ? ok(`${daemonSet} runs with ${argument}`)
    : fail(`${daemonSet} does not run with ${argument}`, 'ollama-eks deploy sets enableNetworkPolicy of vpc-cni');
}

async function gatewayRoutes(kubectl: Kubectl): Promise<Outcome> {
  const routes = await kubectl.list<HttpRoute>('httproutes.gateway.networking.k8s.io', OLLAMA);
  const allowed = [
    ...OLLAMA_ROUTES.filter(({ class: kind }) => kind === 'inference' || kind === 'read'),
    HEALTH_ROUTE,
    MODELS_HEAD_ROUTE,
  ];
  const admin = OLLAMA_ROUTES.filter(({ class: kind }) => kind === 'admin');
  const counts = { allowed: 0, admin: 0 };
  const unknown: string[] = [];
  for (const { spec } of routes) {
    for (const { method, path } of (spec.rules ?? []).flatMap(
      ({ matches }) => matches ?? [{ method: undefined, path: undefined }],
    )) {
      if (isRoute(allowed, method, path)) counts.allowed += 1;
      else if (isRoute(admin, method, path) && (spec.hostnames ?? []).length > 0) counts.admin += 1;
      else unknown.push(`${method ?? 'any method'} ${path?.value ?? 'any path'}`);
    }
  }
  if (unknown.length > 0)
    return fail(
      `routes outside the allow-list: ${unknown.join(', ')}`,
      'sync the Application of the exposure: ollama-eks status',
    );
  if (counts.allowed === 0)
    return fail(`no HTTPRoute in ${OLLAMA} routes anything`, 'sync the Application of the exposure: ollama-eks status');
  if (counts.admin > 0)
    return warn(
      `${counted(counts.admin, 'admin route')} under a separate hostname`,
      'turn adminRoutes off unless they are used',
    );
  return ok(`${counted(counts.allowed, 'route')}, all on the allow-list`);
}

function isRoute(
  routes: readonly Pick<OllamaRoute, 'methods' | 'path'>[],
  method: string | undefined,
  path: RoutedPath | undefined,
): boolean {
  return routes.some(
    (route) =>
      path !== undefined &&
      (route.methods as readonly (string | undefined)[]).includes(method) &&
      (path.type === 'Exact'
        ? route.path === path.value
        : path.type === 'RegularExpression' && isSegment(route, path.value)),
  );
}

/** Whether a pattern matches exactly the route, with one segment as its parameter. */
function isSegment({ path }: Pick<OllamaRoute, 'path'>, pattern: string): boolean {
  const fixed = path.replace(/\{\w+\}$/, '');
  if (fixed === path || !pattern.startsWith(fixed)) return false;
  const matches = new RegExp(`^(?:${pattern})$`);
  return matches.test(`${fixed}a`) && !matches.test(`${fixed}a/b`);
}

async function gatewayTls(kubectl: Kubectl): Promise<Outcome> {
  const gateway = await readGateway(kubectl);
  if (gateway === undefined) return fail('the gateway does not exist', 'ollama-eks status');
  const { listeners } = gateway.spec;
  const plain = listeners.filter(({ protocol, tls }) => protocol !== 'HTTPS' || tls?.mode !== 'Terminate');
  if (plain.length > 0)
    return fail(
      `listeners without TLS: ${plain.map(({ name }) => name).join(', ')}`,
      'sync the Application of the exposure: ollama-eks status',
    );
  const found = await gatewayCertificates(kubectl, gateway);
  if (found.size === 0)
    return fail('no listener has a certificate', 'ollama-eks status shows the Application of the exposure');
  const missing = [...found].filter(([, certificate]) => certificate === undefined).map(([name]) => name);
  if (missing.length > 0) return fail(`no certificate in Secret ${missing.join(', ')}`, 'ollama-eks deploy writes it');
  const certificates = [...found].map(([name, certificate]) => ({
    name,
    fingerprint: certificate?.fingerprint256,
    validTo: certificate?.validTo,
  }));
  return ok(certificates.map(({ name, validTo }) => `${name} valid until ${validTo ?? ''}`).join(', '), {
    certificates,
  });
}

async function images(kubectl: Kubectl): Promise<Outcome> {
  const pods = (
    await Promise.all(
      [OLLAMA, GATEWAY_NAMESPACE, MESH_NAMESPACE].map((namespace) => kubectl.list<Pod>('pods', namespace)),
    )
  ).flat();
  if (!pods.some(({ metadata }) => metadata.namespace === OLLAMA)) return skipped(NO_SERVER);
  const digests = new Set(
    pods
      .flatMap(({ status }) => [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
      .flatMap(({ imageID }) => imageID ?? []),
  );
  const loose = [
    ...new Set(
      pods
        .filter(({ metadata }) => metadata.namespace === OLLAMA)
        .flatMap(({ spec }) =>
          (spec.containers ?? []).flatMap(({ image }) => (image?.includes('@sha256:') === true ? [] : [image ?? '?'])),
        ),
    ),
  ];
  if (digests.size === 0) return fail('no container reports its image', 'ollama-eks diagnose');
  const evidence = { imageIds: [...digests].sort() };
  return loose.length === 0
    ? ok(`${counted(digests.size, 'image')}; those in ${OLLAMA} are pinned by digest`, evidence)
    : warn(`not pinned by digest: ${loose.join(', ')}`, 'add a digest to the image', evidence);
}

async function models(kubectl: Kubectl, context: Pick<Context, 'fetch' | 'clock' | 'signal'>): Promise<Outcome> {
  const pods = (await serverPods(kubectl)).filter(isServing);
  if (pods.length === 0) return skipped(NO_SERVER);
  const found: Record<string, Record<string, string>> = {};
  for (const pod of pods) {
    await withPort(kubectl, { namespace: OLLAMA, object: `pod/${nameOf(pod)}`, port: OLLAMA_PORT }, async (port) => {
      const endpoint = new Endpoint(context, `http://127.0.0.1:${String(port)}`, undefined, TIMEOUT);
      const listed = await endpoint.json<{ models?: readonly { name: string; digest: string }[] }>('/api/tags');
      found[nameOf(pod)] = Object.fromEntries(
        (listed?.models ?? []).map(({ name, digest }) => [name, `sha256:${digest}`]),
      );
    });
  }
  const variants = new Set(Object.values(found).map((digests) => JSON.stringify(Object.entries(digests).sort())));
  if (variants.size > 1) return fail('servers hold different models', 'ollama-eks models list', found);
  const held = Object.entries(Object.values(found)[0] ?? {});
  if (held.length === 0) return fail('the servers have no models', 'ollama-eks models list', found);
  return ok(held.map(([name, digest]) => `${name} ${digest.slice(0, 19)}`).join(', '), found);
}

function variable({ spec }: Pod, name: string): string | undefined {
  return spec.containers?.find((container) => container.name === OLLAMA)?.env?.find((entry) => entry.name === name)
    ?.value;
}

function isEmpty(selector: NetworkPolicy['spec']['podSelector']): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions ?? []).length === 0;
}

function nameOf({ metadata }: KubernetesObject): string {
  return metadata.name;
}
