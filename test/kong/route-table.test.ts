/** All of Ollama's routes × methods: Kong and the gateway let the same requests through, and nothing destructive. */
import { HEALTH_PATH, kongConfig, OLLAMA_ROUTES, type DeckState } from '@org/ollama-eks';
import { CLUSTER, EXPOSURES } from './support/exposures';
import { throughKong, throughPolicy, throughRoutes, type Request } from './support/routers';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const HOSTNAME = 'ollama.internal';
const ADMIN_HOSTNAME = 'admin.ollama.internal';

/** Routes of the original project that let anyone with a key delete, fill or publish data. */
const DESTRUCTIVE: Request[] = [
  { method: 'POST', path: '/api/pull' },
  { method: 'POST', path: '/api/push' },
  { method: 'POST', path: '/api/create' },
  { method: 'POST', path: '/api/copy' },
  { method: 'POST', path: '/api/blobs/sha256:0123456789abcdef' },
  { method: 'HEAD', path: '/api/blobs/sha256:0123456789abcdef' },
  { method: 'DELETE', path: '/api/delete' },
  { method: 'POST', path: '/api/me' },
  { method: 'POST', path: '/api/signout' },
  { method: 'DELETE', path: '/api/user/keys/QUJD' },
  { method: 'GET', path: '/api/status' },
  { method: 'POST', path: '/api/experimental/web_search' },
  { method: 'POST', path: '/api/experimental/web_fetch' },
  { method: 'GET', path: '/api/experimental/model-recommendations' },
];
/** Routes of push and of the account at ollama.com, which are closed for admins, too. */
const NEVER = DESTRUCTIVE.filter(({ path }) => !/^\/api\/(pull|create|copy|delete|blobs)/.test(path));

const USED: Request[] = [
  ...['chat', 'generate', 'embed', 'embeddings', 'show'].map((name) => post(`/api/${name}`)),
  ...['chat/completions', 'completions', 'embeddings', 'responses', 'messages'].map((name) => post(`/v1/${name}`)),
  ...['/api/tags', '/api/version', '/api/ps', '/v1/models', '/v1/models/qwen3-coder:30b', HEALTH_PATH].map(get),
  { method: 'GET', path: '/v1/models/qwen3-coder%3A30b' }, // as encodeURIComponent writes it
  { method: 'HEAD', path: '/api/tags' },
  { method: 'HEAD', path: '/api/version' },
];

const everyRoute = [...OLLAMA_ROUTES.map(({ path }) => path.replace(/\{\w+\}/, 'some-thing:1.0')), HEALTH_PATH];
const variants = (path: string) => [
  path,
  `${path}/`,
  `${path}/more`,
  `${path}x`,
  `/x${path}`,
  `/${path}`,
  path.toUpperCase(),
  path.replace(/\/(?=[^/]*$)/, '//'),
  path.replace(/\/(?=[^/]*$)/, '%2F'),
];
const odd = ['/v1/models/a/b', '/v1/models/..%2f..%2Fapi%2fpull', '/v1/models/%2e%2e/api/pull', '/'];
const table: Request[] = [...new Set([...everyRoute, ...odd].flatMap(variants))].flatMap((path) =>
  METHODS.map((method) => ({ method, path })),
);

describe.each([
  ['without admin routes', false],
  ['with admin routes', true],
])('%s', (_, adminRoutes) => {
  const way = adminRoutes ? 'Kong, two networks and admin routes' : 'Kong, attached';
  const { applications } = EXPOSURES[way]().exposure;
  const state = withHostnames(kongConfig({ requestTimeoutSeconds: CLUSTER.requestTimeoutSeconds, adminRoutes }));
  const hostnames = adminRoutes ? [HOSTNAME, ADMIN_HOSTNAME] : [HOSTNAME];
  const atGateway = (hostname: string, request: Request) =>
    throughRoutes(applications, hostname, request) && throughPolicy(applications, hostname, request);
  const allowed = (request: Request) => hostnames.some((hostname) => atGateway(hostname, request));

  it(`Kong and the gateway agree on ${table.length} requests`, () => {
    const differing = table.filter((request) => (throughKong(state, request) !== undefined) !== allowed(request));
    expect(differing).toEqual([]);
  });

  it('the policy of the gateway admits all its routes', () => {
    const differing = table.filter((request) =>
      hostnames.some(
        (hostname) => throughRoutes(applications, hostname, request) && !throughPolicy(applications, hostname, request),
      ),
    );
    expect(differing).toEqual([]);
  });

  it('Kong uses a hostname that the gateway serves the request for', () => {
    const astray = table.filter((request) => {
      const hostname = throughKong(state, request);
      return hostname !== undefined && !atGateway(hostname, request);
    });
    expect(astray).toEqual([]);
  });

  it.each(USED)('$method $path is served', (request) => {
    expect(throughKong(state, request)).toBe(HOSTNAME);
    expect(atGateway(HOSTNAME, request)).toBe(true);
  });

  it.each(adminRoutes ? NEVER : DESTRUCTIVE)('$method $path is refused by both', (request) => {
    expect(throughKong(state, request)).toBeUndefined();
    expect(hostnames.filter((hostname) => throughRoutes(applications, hostname, request))).toEqual([]);
    expect(hostnames.filter((hostname) => throughPolicy(applications, hostname, request))).toEqual([]);
  });

  it("serves nothing destructive for the clients' hostname", () => {
    expect(DESTRUCTIVE.filter((request) => atGateway(HOSTNAME, request))).toEqual([]);
  });

  it('serves only the routes of the table, however a path is written', () => {
    const known = new Set(everyRoute);
    const more = table.filter((request) => allowed(request) && !known.has(request.path));
    expect(more).toEqual([...ANY_MODEL, ...(adminRoutes ? ANY_DIGEST : [])]);
  });
});

/** Returns the listed path: one segment below /v1/models is any model name, one below /api/blobs any digest. */
const ANY_MODEL: Request[] = ['/v1/models/more', '/v1/models/some-thing:1.0x'].map(get);
const ANY_DIGEST: Request[] = ['HEAD', 'POST'].map((method) => ({ method, path: '/api/blobs/some-thing:1.0x' }));

function withHostnames(state: DeckState): DeckState {
  const hostname = (name: string) => (name.endsWith('-admin') ? ADMIN_HOSTNAME : HOSTNAME);
  const upstreams = state.upstreams?.map((upstream) => ({ ...upstream, host_header: hostname(upstream.name) }));
  return { ...state, upstreams };
}

function post(path: string): Request {
  return { method: 'POST', path };
}

function get(path: string): Request {
  return { method: 'GET', path };
}

describe('admin routes at Kong', () => {
  const admin = kongConfig({ requestTimeoutSeconds: 900, adminRoutes: true }).services?.find(
    ({ name }) => name === 'ollama-admin',
  );
  const routeOf = (path: string) => admin?.routes.find(({ paths }) => paths.some((own) => own.startsWith(`~${path}`)));

  it.each(['/api/pull', '/api/create', '/api/copy', '/api/delete', '/api/blobs/'])('pass %s on unchanged', (path) => {
    expect(routeOf(path)).toMatchObject({ response_buffering: false });
  });

  it('stream the file of a model, beyond the limit of other requests', () => {
    expect(routeOf('/api/blobs/')).toMatchObject({
      methods: ['HEAD', 'POST'],
      paths: [expect.stringMatching(/^~\/api\/blobs\//)],
      request_buffering: false,
      plugins: [{ name: 'request-size-limiting', config: { allowed_payload_size: 1_048_576, size_unit: 'megabytes' } }],
    });
    const others = admin?.routes.filter((route) => route !== routeOf('/api/blobs/')) ?? [];
    expect(others.map((route) => [route.request_buffering, route.plugins])).toEqual(
      others.map(() => [true, undefined]),
    );
  });
});
