import { kongConfig } from '@org/ollama-eks';
import { EndpointEmulator } from '../../../test/emulators/endpoint';
import type { Findings } from '../../src/checks/findings';
import type { KubernetesObject } from '../../src/systems/kubectl';
import { soundWorld } from './sound-cluster';
import { synced, type Entities } from './synced-kong';
import { ALIAS, CONTEXT, KEY, METRICS, type World } from './world';

const TOKEN = 'kpat_SENTINEL_0123456789';

/** Checks that read the configuration from Konnect. */
const KONG_PLUGIN_CHECKS = ['payload-logging', 'streaming', 'kong-tls'];

let world: World;
let kong: EndpointEmulator;
let server: EndpointEmulator;
/** Ollama without a model. */
let empty: EndpointEmulator;
/** Entities of the control plane. */
let entities: Entities;

beforeEach(async () => {
  world = soundWorld();
  const models = [{ name: ALIAS, contextLength: CONTEXT }];
  kong = await new EndpointEmulator({ models, apiKey: KEY }).start();
  server = await new EndpointEmulator({ models }).start();
  server.metrics = METRICS;
  empty = await new EndpointEmulator({ models: [] }).start();
  world.tools.ports.set('*', server.port);
  world.environment = { ...world.environment, OLLAMA_EKS_URL: kong.url, OLLAMA_EKS_API_KEY: KEY, KONNECT_TOKEN: TOKEN };
  entities = synced(kongConfig({ requestTimeoutSeconds: 900, adminRoutes: false }));
  world.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return url.hostname.endsWith('konghq.com') ? Promise.resolve(konnect(url)) : fetch(input, init);
  };
});

afterEach(async () => {
  await Promise.all([kong.stop(), server.stop(), empty.stop()]);
  world.remove();
});

function konnect({ pathname, searchParams }: URL): Response {
  const tag = searchParams.get('tags');
  const kind = /core-entities\/(plugins|services|routes)$/.exec(pathname)?.[1] as keyof typeof entities | undefined;
  if (kind !== undefined) {
    return Response.json({ data: entities[kind].filter(({ tags }) => tag === null || tags?.includes(tag) === true) });
  }
  const controlPlane = {
    id: 'cp',
    name: 'ollama',
    config: { control_plane_endpoint: 'https://x.us.cp.konghq.com' },
  };
  return Response.json({ data: [controlPlane], meta: { page: { total: 1 } } });
}

async function audit(): Promise<{ code: number; findings: Findings }> {
  const { code, out } = await world.run('--json', 'audit');
  return { code, findings: JSON.parse(out) as Findings };
}

function edit(kind: string, name: string, to: (object: Record<string, unknown>) => object): void {
  world.tools.objects = world.tools.objects.map((object) =>
    object.kind === kind && object.metadata.name === name
      ? (to(structuredClone(object) as unknown as Record<string, unknown>) as KubernetesObject)
      : object,
  );
}

function add(object: object): void {
  world.tools.objects = [...world.tools.objects, object as KubernetesObject];
}

test('passes what the library renders, and warns about an image without a digest', async () => {
  const { code, findings } = await audit();
  expect(findings.findings.filter(({ status }) => status !== 'ok').map(({ id, status }) => [id, status])).toEqual([
    ['images', 'warn'],
  ]);
  expect(code).toBe(0);
  const evidence = (id: string) => findings.findings.find((finding) => finding.id === id)?.evidence;
  expect(evidence('models')).toMatchObject({ 'ollama-0': { [ALIAS]: expect.stringMatching(/^sha256:/) } });
  expect(evidence('gateway-tls')).toMatchObject({ certificates: [{ fingerprint: expect.any(String) }] });
  expect(evidence('payload-logging')).toMatchObject({ readingBodies: ['post-function'] });
});

const container = (env: object[]) => (pod: Record<string, unknown>) => ({
  ...pod,
  spec: { nodeName: 'node-1', containers: [{ name: 'ollama', image: 'x@sha256:0', env }] },
});

const FAULTS: readonly (readonly [string, () => unknown, string, 'fail' | 'warn', RegExp])[] = [
  [
    'cloud models are on',
    () => edit('Pod', 'ollama-0', container([])),
    'cloud-off',
    'fail',
    /OLLAMA_NO_CLOUD is not set in ollama-0/,
  ],
  [
    'requests are logged',
    () =>
      edit(
        'Pod',
        'ollama-0',
        container([
          { name: 'OLLAMA_NO_CLOUD', value: '1' },
          { name: 'OLLAMA_DEBUG_LOG_REQUESTS', value: '1' },
        ]),
      ),
    'prompts-unwritten',
    'fail',
    /OLLAMA_DEBUG_LOG_REQUESTS/,
  ],
  [
    'nothing is denied',
    () =>
      (world.tools.objects = world.tools.objects.filter(
        ({ kind, metadata }) => kind !== 'NetworkPolicy' || metadata.name !== 'default-deny',
      )),
    'egress',
    'fail',
    /no NetworkPolicy in ollama denies/,
  ],
  [
    'a policy allows all egress',
    () =>
      add({
        kind: 'NetworkPolicy',
        metadata: { name: 'wide', namespace: 'ollama' },
        spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
      }),
    'egress',
    'fail',
    /NetworkPolicy wide allows more egress/,
  ],
  [
    'policies are not enforced',
    () =>
      edit('DaemonSet', 'aws-node', (set) => ({
        ...set,
        spec: { template: { spec: { containers: [{ args: [] }] } } },
      })),
    'policy-enforced',
    'fail',
    /does not run with --enable-network-policy=true/,
  ],
  [
    'a route that deletes',
    () =>
      add({
        kind: 'HTTPRoute',
        metadata: { name: 'x', namespace: 'ollama' },
        spec: { rules: [{ matches: [{ method: 'DELETE', path: { type: 'Exact', value: '/api/delete' } }] }] },
      }),
    'gateway-routes',
    'fail',
    /routes outside the allow-list: DELETE \/api\/delete/,
  ],
  [
    'a route for everything',
    () => add({ kind: 'HTTPRoute', metadata: { name: 'x', namespace: 'ollama' }, spec: { rules: [{}] } }),
    'gateway-routes',
    'fail',
    /any method any path/,
  ],
  [
    'admin routes under a hostname',
    () =>
      add({
        kind: 'HTTPRoute',
        metadata: { name: 'x', namespace: 'ollama' },
        spec: {
          hostnames: ['admin.example.com'],
          rules: [{ matches: [{ method: 'POST', path: { type: 'Exact', value: '/api/pull' } }] }],
        },
      }),
    'gateway-routes',
    'warn',
    /1 admin route under/,
  ],
  [
    'a listener without TLS',
    () =>
      edit('Gateway', 'ollama-gateway', (gateway) => ({
        ...gateway,
        spec: { listeners: [{ name: 'http', protocol: 'HTTP' }] },
      })),
    'gateway-tls',
    'fail',
    /listeners without TLS: http/,
  ],
  [
    'an image is pinned by its tag',
    () =>
      edit('Pod', 'ollama-0', (pod) => ({
        ...pod,
        spec: {
          containers: [
            { name: 'ollama', image: 'ollama/ollama:latest', env: [{ name: 'OLLAMA_NO_CLOUD', value: '1' }] },
          ],
        },
      })),
    'images',
    'warn',
    /not pinned by digest: ollama\/ollama:latest/,
  ],
  [
    'plaintext is allowed',
    () => (world.tools.objects = world.tools.objects.filter(({ kind }) => kind !== 'PeerAuthentication')),
    'mesh-strict',
    'fail',
    /is missing/,
  ],
  ['Kong refuses nothing', () => (kong.faults.open = true), 'allow-list', 'fail', /not refused: /],
  ['Kong requires no key', () => (kong.faults.noKey = true), 'key-required', 'fail', /not 401/],
  [
    'a log contains bodies',
    () =>
      entities.plugins.push({
        id: 'theirs',
        name: 'http-log',
        config: { custom_fields_by_lua: { prompt: 'return kong.request.get_raw_body()' } },
      }),
    'payload-logging',
    'fail',
    /^http-log reads bodies and sends them on$/,
  ],
  [
    'metadata is sent to another system',
    () => entities.plugins.push({ id: 'theirs', name: 'http-log', config: {} }),
    'payload-logging',
    'warn',
    /plugins that send metadata .*: http-log/,
  ],
  [
    "the gateway's certificate is not verified",
    () => (entities.services = entities.services.map((service) => ({ ...service, tls_verify: false }))),
    'kong-tls',
    'fail',
    /without verified TLS: ollama, ollama-health/,
  ],
  [
    'Kong has no routes, and refuses everything',
    () => (kong.faults.closed = true),
    'allow-list',
    'fail',
    /GET \/api\/version, which is allowed, returns 404/,
  ],
  [
    'no route exists',
    () => (world.tools.objects = world.tools.objects.filter(({ kind }) => kind !== 'HTTPRoute')),
    'gateway-routes',
    'fail',
    /no HTTPRoute in ollama routes anything/,
  ],
  [
    'routes have no rules',
    () => {
      for (const { kind, metadata } of world.tools.objects)
        if (kind === 'HTTPRoute') edit(kind, metadata.name, (route) => ({ ...route, spec: {} }));
    },
    'gateway-routes',
    'fail',
    /no HTTPRoute in ollama routes anything/,
  ],
  [
    'the gateway has no listeners',
    () => edit('Gateway', 'ollama-gateway', (gateway) => ({ ...gateway, spec: { listeners: [] } })),
    'gateway-tls',
    'fail',
    /no listener has a certificate/,
  ],
  [
    'the certificate does not exist',
    () => world.tools.fields.clear(),
    'gateway-tls',
    'fail',
    /no certificate in Secret ollama-gateway-tls/,
  ],
  [
    'no container has an image yet',
    () =>
      edit('Pod', 'ollama-0', (pod) => ({
        ...pod,
        status: { phase: 'Running', containerStatuses: [{ name: 'ollama', ready: false }] },
      })),
    'images',
    'fail',
    /no container reports its image/,
  ],
  [
    'the servers have no models',
    () => world.tools.ports.set('*', empty.port),
    'models',
    'fail',
    /the servers have no models/,
  ],
];

test.each(FAULTS)('%s', async (_, break_, id, status, detail) => {
  break_();
  const { code, findings } = await audit();
  expect(findings.findings.find((finding) => finding.id === id)).toMatchObject({
    status,
    detail: expect.stringMatching(detail),
    remedy: expect.any(String),
  });
  expect(code).toBe(findings.counts.fail > 0 ? 6 : 0);
});

test('finds no evidence in an empty cluster', async () => {
  world.tools.objects = [];
  world.tools.fields.clear();
  entities = { plugins: [], services: [], routes: [] };
  kong.faults.closed = true;
  const { code, findings } = await audit();
  expect(findings.findings.length).toBeGreaterThan(12);
  expect(findings.findings.filter(({ status }) => status === 'ok')).toEqual([]);
  expect(code).toBe(6);
});

describe('a plugin of a control plane that is shared with others', () => {
  const add = (scope: object) =>
    entities.plugins.push(
      { id: 'cache', name: 'proxy-cache', config: {}, ...scope },
      { id: 'log', name: 'http-log', config: { custom_fields_by_lua: { x: 'kong.request.get_raw_body()' } }, ...scope },
    );

  beforeEach(() => {
    entities.services.push({ id: 'shop', name: 'shop', tls_verify: false });
    entities.routes.push({ id: 'shop-route', service: { id: 'shop' } }, { id: 'side-door', service: { id: 'ollama' } });
  });

  test.each([
    ['service', { service: { id: 'shop' }, route: null }],
    ['route', { service: null, route: { id: 'shop-route' } }],
  ])('is not judged if it applies to another %s', async (_, scope) => {
    add(scope);
    expect(await audit()).toMatchObject({ code: 0 });
  });

  test.each([
    ['to all services', { service: null, route: null }],
    ['to our service', { service: { id: 'ollama' } }],
    ["to another's route to our service", { route: { id: 'side-door' } }],
  ])('is judged if it applies %s', async (_, scope) => {
    add(scope);
    const { code, findings } = await audit();
    const failed = findings.findings.filter(({ status }) => status === 'fail').map(({ id }) => id);
    expect([code, failed]).toEqual([6, ['payload-logging', 'streaming']]);
  });
});

test.each([
  ['the address of Kong', ['OLLAMA_EKS_URL', 'KONNECT_TOKEN'], ['key-required', 'allow-list', ...KONG_PLUGIN_CHECKS]],
  ['a token of Konnect', ['KONNECT_TOKEN'], KONG_PLUGIN_CHECKS],
  ['a key', ['OLLAMA_EKS_API_KEY'], ['allow-list']],
])('shows and counts as skipped all checks that need %s without it', async (_, missing, wanted) => {
  const all = (await audit()).findings.findings.map(({ id }) => id);
  for (const name of missing) Reflect.deleteProperty(world.environment, name);
  const { findings, counts } = (await audit()).findings;
  expect(findings.map(({ id }) => id)).toEqual(all);
  expect(findings.filter(({ status }) => status === 'skipped').map(({ id }) => id)).toEqual(wanted);
  expect(counts.skipped).toBe(wanted.length);
});

test('takes no evidence from what does not run', async () => {
  const isOurPod = ({ kind, metadata }: KubernetesObject) => kind === 'Pod' && metadata.namespace === 'ollama';
  world.tools.objects = world.tools.objects.filter((object) => !isOurPod(object));
  const { findings } = await audit();
  const skipped = findings.findings.filter(({ status }) => status === 'skipped').map(({ id }) => id);
  expect(skipped).toEqual(['cloud-off', 'prompts-unwritten', 'images', 'models', 'mesh-enrolled', 'mesh-mtls']);
});

test('neither prints key or token nor passes them to a child', async () => {
  const { out, err } = await world.run('--verbose', 'audit');
  const all = out + err + JSON.stringify(world.tools.calls);
  expect(all).not.toContain(KEY);
  expect(all).not.toContain(TOKEN);
});
