/**
 * What istiod makes of the rendered trees, on a real API server: the objects that it creates for the gateway, what `istioctl analyze` says
 * of all of them, and the configuration that it sends to the gateway.
 */
import { join, resolve } from 'node:path';
import { cleartextPort } from '../../../packages/ollama-eks/src/mesh/peer-authentication';
import { problemsIn, type Gateway } from '../../../scripts/src/systems/gateway-objects';
import { KUBE_NEEDS, kubeApiServer, runProgram, suite, workDir } from '../support';
import { envoyAccessLog } from '../support/access-log';
import { applyDefinitions } from '../support/definitions';
import {
  CONNECTION_OPTIONS,
  connectionManager,
  envoyCluster,
  envoyRoutes,
  permissions,
  readGateway,
} from '../support/gateway-config';
import { type Authentication, type PolicyRule, principalsOf, tokenFilter } from '../support/gateway-tokens';
import { gatewayWithTokens } from '../support/gateway-with-tokens';
import { analyze } from '../support/istioctl';
import {
  connectionManagers,
  Istiod,
  ISTIOD_NEEDS,
  type ConnectionManager,
  type SentConfiguration,
  type SentListener,
} from '../support/istiod';
import { namespacesOf, readTree } from '../support/tree';
import type { ProxyNode } from '../support/xds-client';

const TREES = resolve(__dirname, '../../../argocd');
const NAMESPACE = 'istio-ingress';
const IN_NAMESPACE = ['--namespace', NAMESPACE];
const GATEWAY = 'ollama-gateway';
const WORKLOAD = 'ollama-gateway-istio';
const SECRET = 'ollama-gateway-tls';
const SERVICE_TYPE = 'networking.istio.io/service-type';
const ISSUER = 'https://login.example.com/';
const RBAC = 'envoy.filters.http.rbac';
const ROUTER = 'envoy.filters.http.router';
const CONCURRENCY = 'envoy.filters.http.adaptive_concurrency';
const POD = `${WORKLOAD}-0`;
const PROXY: ProxyNode = {
  name: POD,
  namespace: NAMESPACE,
  address: '10.0.1.5',
  metadata: {
    NAME: POD,
    NAMESPACE,
    CLUSTER_ID: 'Kubernetes',
    ISTIO_VERSION: '1.31.1',
    SERVICE_ACCOUNT: WORKLOAD,
    LABELS: { 'gateway.networking.k8s.io/gateway-name': GATEWAY },
  },
};

/** State of a pod that a kubelet runs. */
const RUNNING = JSON.stringify({
  status: {
    phase: 'Running',
    podIP: PROXY.address,
    podIPs: [{ ip: PROXY.address }],
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});
const SELF_SIGNED = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=ollama.internal'];

/** The endpoint of the gateway's pod. */
const ENDPOINTS = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: POD, namespace: NAMESPACE, labels: { 'kubernetes.io/service-name': WORKLOAD } },
  addressType: 'IPv4',
  ports: [
    { name: 'https', port: 443, protocol: 'TCP' },
    { name: 'status-port', port: 15_021, protocol: 'TCP' },
  ],
  endpoints: [
    {
      addresses: [PROXY.address],
      conditions: { ready: true },
      targetRef: { kind: 'Pod', name: POD, namespace: NAMESPACE },
    },
  ],
};

interface Rules {
  readonly policies: Readonly<Record<string, { readonly permissions: readonly object[] }>>;
}

interface Route {
  readonly name: string;
  readonly match: Readonly<Record<string, unknown>> & { readonly headers: readonly { readonly name: string }[] };
  readonly route: Readonly<Record<string, unknown>> & { readonly cluster: string };
  readonly requestHeadersToAdd?: readonly { readonly header: { readonly key: string; readonly value: string } }[];
}

/** A workload or a Service. */
interface Created {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly type?: string;
    readonly template: {
      readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec: object;
    };
  };
}

suite('istiod', [...KUBE_NEEDS, ...ISTIOD_NEEDS, 'istioctl'], () => {
  describe.each(['g5-xlarge', 'g5-12xlarge'])('with the tree of %s', (example) => {
    let istiod: Istiod;
    // Hooks run in the order of their declaration: istiod uses the API server.
    afterAll(async () => {
      await istiod.stop();
    });
    const server = kubeApiServer();
    const folder = workDir();
    const [key, certificate] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
    const gateway = readGateway(example);
    let servers: readonly object[];

    const apply = async (...items: readonly object[]) =>
      server.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], {
        input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      });
    const get = async <Type>(type: string, name: string) => {
      const args = ['get', type, name, ...IN_NAMESPACE, '--ignore-not-found', '--output', 'json'];
      const { stdout } = await server.kubectl(args);
      return stdout === '' ? undefined : (JSON.parse(stdout) as Type);
    };
    /** Waits for an object that a condition holds for. */
    const awaited = async <Type>(type: string, name: string, holds: (object: Type) => boolean) => {
      let object: Type | undefined;
      await istiod.until(async () => (object = await get<Type>(type, name)) !== undefined && holds(object));
      return object as Type;
    };
    const analyzed = () => analyze([], { env: { KUBECONFIG: server.kubeconfig } });

    beforeAll(async () => {
      await applyDefinitions(server);
      const { applications, manifests } = await readTree(join(TREES, example));
      await apply(...namespacesOf(applications));
      await apply(...manifests);
      servers = (manifests as readonly Created[])
        .filter(({ kind }) => kind === 'Deployment')
        .map(({ metadata, spec }) => pod(`${metadata.name}-0`, 'ollama', spec.template));
      const chart = applications.find(({ metadata }) => metadata.name === 'istiod')?.spec.source.helm;
      istiod = await Istiod.start(server, chart?.valuesObject ?? {}, folder);
    }, 180_000);

    test('a gateway without its certificate reports it at the listener', async () => {
      const { status } = await awaited<Gateway>('gateway', GATEWAY, (one) => one.status?.listeners !== undefined);
      expect(problemsIn(status?.listeners?.[0]?.conditions ?? [])).toContainEqual(
        expect.objectContaining({
          type: 'ResolvedRefs',
          message: expect.stringContaining(`secret ${NAMESPACE}/${SECRET} not found`),
        }),
      );
    });

    test('a port in cleartext is the only one that ztunnel does not require mutual TLS of', async () => {
      const port = { name: 'metrics-in-cleartext', matchLabels: { 'app.kubernetes.io/name': 'ollama' }, port: 11_435 };
      await apply(cleartextPort('ollama', port));
      const converted = `ollama/converted_peer_authentication_${port.name}`;
      await istiod.until(async () => (await istiod.policies())[converted] !== undefined);
      const { action, groups } = (await istiod.policies())[converted] ?? {};
      const callers = { matches: [{ notPrincipals: [{ presence: {} }] }] };
      const ports = { matches: [{ notDestinationPorts: [port.port] }] };
      // All rules of a group must match: a connection without identity is refused, unless it is to the port.
      expect({ action, groups }).toEqual({ action: 'DENY', groups: [{ rules: [callers, ports, callers] }] });
    });

    describe('with its pod and its certificate', () => {
      let sent: SentConfiguration;
      let manager: ConnectionManager;

      beforeAll(async () => {
        const { spec } = await awaited<Created>('deployment', WORKLOAD, () => true);
        await apply(pod(POD, NAMESPACE, spec.template), ENDPOINTS, ...servers);
        await server.kubectl(['patch', 'pod', POD, ...IN_NAMESPACE, '--subresource=status', '--patch', RUNNING]);
        await runProgram('openssl', [...SELF_SIGNED, '-keyout', key, '-out', certificate]);
        await server.kubectl([
          'create',
          'secret',
          'tls',
          SECRET,
          ...IN_NAMESPACE,
          `--key=${key}`,
          `--cert=${certificate}`,
        ]);
        await awaited<Gateway>('gateway', GATEWAY, ({ status }) => problemsIn(status?.conditions ?? []).length === 0);
        sent = await istiod.sentTo(PROXY);
        const listener = sent.listeners.find(({ name }) => name.endsWith('_443'));
        [manager] = connectionManagers(listener as SentListener) as [ConnectionManager];
      }, 120_000);

      test('its Service has no load balancer, and no annotation that analyze warns of', async () => {
        const { metadata, spec } = await awaited<Created>('service', WORKLOAD, () => true);
        expect([spec.type, metadata.annotations]).toEqual(['ClusterIP', undefined]);
        const filters = gateway.filters.map(({ metadata: { name } }) => `IST0133 EnvoyFilter ${NAMESPACE}/${name}`);
        const withoutPods = 'IST0127 AuthorizationPolicy ollama-monitoring/allowed-callers'; // they come with a chart
        expect((await analyzed()).filter((message) => message !== withoutPods)).toEqual(filters.sort());
      });

      test('the filters of requests are in their order: policy, limit, router', () => {
        const names = manager.httpFilters.map(({ name }) => name);
        const limited = gateway.filters.some(({ metadata }) => metadata.name === 'request-limit');
        expect(names.slice(limited ? -2 : -1)).toEqual(limited ? [CONCURRENCY, ROUTER] : [ROUTER]);
        expect(names.indexOf(RBAC)).toBeGreaterThanOrEqual(0);
        expect(names.includes(CONCURRENCY)).toBe(limited);
      });

      test('limit, refusals and options of connections are those that Envoy was tested with', () => {
        const expected = camel(connectionManager('', gateway).typedConfig) as ConnectionManager;
        const byName = (name: string) => expected.httpFilters.find((filter) => filter.name === name);
        expect(manager).toMatchObject(CONNECTION_OPTIONS);
        expect(manager['localReplyConfig']).toEqual(expected['localReplyConfig']);
        expect(manager.httpFilters.find(({ name }) => name === CONCURRENCY)).toEqual(byName(CONCURRENCY));
        const rules = manager.httpFilters.find(({ name }) => name === RBAC)?.typedConfig['rules'] as Rules;
        const permitted = Object.values(rules.policies).flatMap((policy) => policy.permissions);
        expect(permitted).toEqual(permissions(gateway));
      });

      test('the access log is the only one, and has the fields and the formatter that Envoy was tested with', () => {
        const { name, typed_config: config } = envoyAccessLog('/dev/stdout');
        const { json_format: jsonFormat, formatters } = config.log_format;
        expect(manager['accessLog']).toEqual([
          {
            name,
            typedConfig: {
              '@type': config['@type'],
              path: config.path,
              logFormat: { jsonFormat, jsonFormatOptions: {}, formatters: camel(formatters) },
            },
          },
        ]);
      });

      test('routes are those that Envoy was tested with', () => {
        const routes = sent.routes.flatMap(({ virtualHosts }) =>
          virtualHosts.flatMap((host) => host.routes as Route[]),
        );
        const expected = camel(envoyRoutes(gateway, '')) as readonly Route[];
        expect(routes).toHaveLength(expected.length);
        for (const { requestHeadersToAdd = [], ...route } of expected.map(ordered)) {
          expect(routes.map(ordered)).toContainEqual(
            expect.objectContaining({
              ...route,
              ...(requestHeadersToAdd.length > 0 && { requestHeadersToAdd }),
              route: expect.objectContaining({ ...route.route, cluster: outbound(route.route.cluster) }),
            }),
          );
        }
        // Envoy takes the first one that matches.
        expect(namesByPath(routes)).toEqual(namesByPath(expected));
      });

      test('limits, balancing and detection of dead servers are those that Envoy was tested with', () => {
        for (const rule of gateway.rules) {
          const expected = envoyCluster('', rule, []);
          const cluster = sent.clusters.find(({ name }) => name === outbound(String(expected['name'])));
          // Addresses of servers are sent separately.
          const { type, loadAssignment } = expected;
          expect({ ...cluster, name: expected['name'], type, loadAssignment }).toMatchObject(expected);
        }
      });

      test('with `jwt`, tokens are verified as Envoy was tested with', async () => {
        const keys = { keys: [] };
        const claim = { claim: 'groups', teams: ['ml', 'search'] };
        const tokens = { issuer: ISSUER, audiences: ['ollama'], jwksUri: `${ISSUER}keys`, team: claim };
        const { policy, authentication } = gatewayWithTokens(tokens, keys);
        const { jwks, spec, ...object } = authentication as Authentication;
        // istiod cannot fetch keys here, so that it gets them.
        const jwtRules = spec.jwtRules.map((rule) => ({ ...rule, jwksUri: undefined, jwks: JSON.stringify(jwks) }));
        await apply(policy, { ...object, spec: { ...spec, jwtRules } });
        const expected = camel(tokenFilter({ spec, jwks })) as ConnectionManager['httpFilters'][number];
        let filters: ConnectionManager['httpFilters'] = [];
        await istiod.until(async () => {
          const { listeners } = await istiod.sentTo(PROXY);
          const listener = listeners.find(({ name }) => name.endsWith('_443')) as SentListener;
          filters = connectionManagers(listener)[0]?.httpFilters ?? [];
          return filters.some(({ name }) => name === expected.name) && JSON.stringify(filters).includes('"search"');
        });
        expect(filters.find(({ name }) => name === expected.name)).toEqual(expected);
        const rules = JSON.stringify(filters.find(({ name }) => name === RBAC)?.typedConfig['rules']);
        for (const required of principalsOf(policy.spec.rules[0] as unknown as PolicyRule)) {
          expect(rules).toContain(JSON.stringify(camel(required)));
        }
      });

      test('analyze warns of the type of the Service as an annotation of the Gateway', async () => {
        await server.kubectl(['annotate', 'gateway', GATEWAY, ...IN_NAMESPACE, `${SERVICE_TYPE}=ClusterIP`]);
        await awaited<Created>(
          'service',
          WORKLOAD,
          ({ metadata }) => metadata.annotations?.[SERVICE_TYPE] !== undefined,
        );
        expect(await analyzed()).toContain(`IST0107 Service ${NAMESPACE}/${WORKLOAD}`);
      });
    });
  });
});

/** A pod as the controller of a workload would create it. */
function pod(name: string, namespace: string, { metadata, spec }: Created['spec']['template']): object {
  const annotations = { ...metadata.annotations, 'ambient.istio.io/redirection': 'enabled' }; // as istio-cni writes it
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, annotations, name, namespace }, spec };
}

/** Name of istiod's cluster for one that is named by its Service. */
function outbound(cluster: string): string {
  return `outbound|11434||${cluster.replace(/^_/, '')}.ollama.svc.cluster.local`;
}

/** Envoy's fields as its API prints them, without a default: an EnvoyFilter has them as they are written in documentation. */
function camel(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace('"op":"EQ",', '')
    .replace(/"([a-z]+(?:_[a-z]+)+)":/g, (_, field: string) => {
      return `"${field.replace(/_([a-z])/g, (__, letter: string) => letter.toUpperCase())}":`;
    });
  return JSON.parse(text);
}

/** The route with conditions in the order of their names, and names of headers in lower case, neither of which Envoy distinguishes. */
function ordered({ match, requestHeadersToAdd, ...others }: Route): Route {
  const headers = [...match.headers].sort((one, other) => one.name.localeCompare(other.name));
  const added = requestHeadersToAdd?.map(({ header: { key, value }, ...rest }) => {
    return { ...rest, header: { key: key.toLowerCase(), value } };
  });
  return { ...others, match: { ...match, headers }, ...(added && { requestHeadersToAdd: added }) };
}

/** Names of routes in their order, by what they match besides headers. */
function namesByPath(routes: readonly Route[]): Readonly<Record<string, readonly string[]>> {
  const byPath: Record<string, string[]> = {};
  for (const { name, match } of routes) {
    const { headers, ...path } = match;
    (byPath[JSON.stringify([path, headers.find((header) => header.name === ':method')])] ??= []).push(name);
  }
  return byPath;
}
