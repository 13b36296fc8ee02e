import { HEALTH_PATH, OLLAMA_ROUTES, type HttpMethod, type OllamaRoute } from '@org/ollama-eks/pure';
import { excerpt, type Endpoint } from '../endpoint/endpoint';
import { GATEWAY_HEALTH_PATH } from '../konnect/proxy-url';
import { parse } from '../program/json';
import { counted } from '../program/words';
import { fail, ok, skipped, type Check, type Outcome } from './findings';

/** A model and a digest that no server has: a request that should have been refused does no harm. */
const NO_MODEL = 'ollama-eks-verify/does-not-exist:0';
const NO_DIGEST = `sha256:${'0'.repeat(64)}`;

/** Kong's answer to a request that no route matches. @see https://github.com/Kong/kong/blob/master/kong/runloop/handler.lua */
const NO_ROUTE = /no Route matched/i;

/** What to do about a failure whose cause is not known here. */
const DIAGNOSE = 'ollama-eks diagnose';

/** Why a check that needs a key is skipped. */
export const NO_KEY = 'no key: set OLLAMA_EKS_API_KEY';

/** Returns the checks of what Kong decides: whether it is up, requires a key, and refuses what it must. */
export function kongChecks(endpoint: Endpoint, hasKey: boolean): readonly Check[] {
  return [
    { id: 'kong-liveness', title: "Kong's data plane is up", run: () => liveness(endpoint) },
    { id: 'health', title: 'the path to Ollama is open', run: () => health(endpoint) },
    { id: 'key-required', title: 'requests without a key are refused', run: () => keyRequired(endpoint) },
    {
      id: 'key',
      title: 'the key is accepted',
      run: () => (hasKey ? keyAccepted(endpoint) : Promise.resolve(skipped(NO_KEY))),
    },
    {
      id: 'allow-list',
      title: 'routes that change models or leak data are refused',
      run: () => (hasKey ? allowList(endpoint) : Promise.resolve(skipped(NO_KEY))),
    },
  ];
}

/** Returns the checks of a gateway without Kong in front: whether the path is open, and only for the routes that it must have. */
export function gatewayChecks(endpoint: Endpoint): readonly Check[] {
  return [
    { id: 'health', title: 'the path to Ollama is open', run: () => health(endpoint, () => DIAGNOSE) },
    {
      id: 'allow-list',
      title: 'routes that change models or leak data are refused',
      run: () => allowList(endpoint, refusedByGateway),
    },
  ];
}

async function liveness(endpoint: Endpoint): Promise<Outcome> {
  const { status } = await endpoint.send('GET', GATEWAY_HEALTH_PATH, { anonymous: true });
  if (status === 200) return ok(`${GATEWAY_HEALTH_PATH} answers 200`);
  return fail(
    `${endpoint.url}${GATEWAY_HEALTH_PATH} answers ${String(status)}`,
    'this is not the data plane of a dedicated cloud gateway, or it is not ready: ollama-eks konnect status',
  );
}

async function health(
  endpoint: Endpoint,
  remedy: (status: number, body: string) => string = remedyOf,
): Promise<Outcome> {
  const { status, body } = await endpoint.send('GET', HEALTH_PATH, { anonymous: true });
  const version = parse<{ version?: string }>(body)?.version;
  if (status === 200 && version !== undefined) return ok(`Ollama ${version} answers`, { version });
  return fail(`${HEALTH_PATH} answers ${String(status)}: ${excerpt(body)}`, remedy(status, body));
}

/** Checks that requests without a key are refused, whatever they ask for. */
export async function keyRequired(endpoint: Endpoint): Promise<Outcome> {
  const attempts: readonly (readonly [string, string, unknown])[] = [
    ['GET', '/api/tags', undefined],
    ['POST', '/api/chat', { model: NO_MODEL, messages: [] }],
    ['POST', '/v1/messages', { model: NO_MODEL, max_tokens: 1, messages: [] }],
  ];
  for (const [method, path, body] of attempts) {
    const { status } = await endpoint.send(method, path, { anonymous: true, body });
    if (status !== 401) {
      return fail(
        `${method} ${path} without a key returns ${String(status)}, not 401`,
        'key-auth is missing on the service: ollama-eks kong diff, then ollama-eks kong sync',
      );
    }
  }
  return ok(`${counted(attempts.length, 'request')} without a key returned 401`);
}

async function keyAccepted(endpoint: Endpoint): Promise<Outcome> {
  const { status, body } = await endpoint.send('GET', '/api/version');
  return status === 200
    ? ok('the key is accepted')
    : fail(`/api/version answers ${String(status)}: ${excerpt(body)}`, remedyOf(status, body));
}

/** Sends each request that must be refused, about models that do not exist, and one that must not: otherwise refusals prove nothing. */
export async function allowList(endpoint: Endpoint, refused: Refused = refusedByKong): Promise<Outcome> {
  const allowed = await endpoint.send('GET', '/api/version');
  if (allowed.status === 401 || refused(allowed.status, allowed.body)) {
    return fail(
      `GET /api/version, which is allowed, returns ${String(allowed.status)}, so refusals of other routes prove nothing`,
      remedyOf(allowed.status, allowed.body),
    );
  }
  const passed: string[] = [];
  const routes = OLLAMA_ROUTES.filter(({ class: kind }) => kind === 'admin' || kind === 'refused');
  for (const route of routes) {
    const method = methodOf(route);
    const { status, body } = await endpoint.send(method, pathOf(route), { body: bodyOf(method) });
    if (!refused(status, body)) passed.push(`${method} ${route.path} (${String(status)})`);
  }
  if (passed.length === 0) return ok(`${counted(routes.length, 'route')} refused`, { routes: routes.length });
  return fail(
    `not refused: ${passed.join(', ')}`,
    'ollama-eks kong diff, then ollama-eks kong sync; with admin routes on, verify with a key that is not an admin key',
    { passed },
  );
}

/** Whether an answer is a refusal. A 404 from Ollama means that the request reached it. */
type Refused = (status: number, body: string) => boolean;

/** Whether Kong has no such route, or the consumer may not use it. */
const refusedByKong: Refused = (status, body) => status === 403 || (status === 404 && NO_ROUTE.test(body));

/** Whether the gateway has no such route, which it says with an empty body, or its policy refuses it. */
const refusedByGateway: Refused = (status, body) => status === 403 || (status === 404 && body === '');

/** Returns a method whose answer has a body, which shows who answered. */
function methodOf({ methods }: OllamaRoute): HttpMethod {
  return methods.find((method) => method !== 'HEAD') ?? 'GET';
}

function pathOf({ path }: OllamaRoute): string {
  return path.replace('{digest}', NO_DIGEST).replace(/\{\w+\}$/, 'does-not-exist');
}

function bodyOf(method: HttpMethod): unknown {
  if (method === 'GET' || method === 'HEAD') return undefined;
  return { model: NO_MODEL, from: NO_MODEL, source: NO_MODEL, destination: NO_MODEL, stream: false };
}

/** What Kong answers with status 429 to a team over its limit; servers that are full answer otherwise. */
const OVER_LIMIT = 'API rate limit exceeded';

/** Returns what to do about an unexpected status. @param body of the answer, which distinguishes causes of the same status */
export function remedyOf(status: number, body: string): string {
  switch (status) {
    case 401:
      return 'the key is wrong or was removed: ollama-eks consumers list';
    case 403:
      return 'the consumer may not use this route: ollama-eks consumers list';
    case 404:
      return 'Kong has no such route: ollama-eks kong sync';
    case 429:
      return body.includes(OVER_LIMIT)
        ? 'the team has used its requests: wait a minute, or ollama-eks consumers limit TEAM --per-minute NUMBER; for all teams, raise requestsPerMinute and run ollama-eks kong sync'
        : 'all servers are busy: try again, or raise parallel or replicas, whose fit ollama-eks report shows';
    case 502:
    case 504:
      return 'Kong cannot reach the load balancer, or does not trust its certificate: ollama-eks diagnose';
    case 503:
      return 'no server is ready: ollama-eks scale status, ollama-eks diagnose';
    default:
      return DIAGNOSE;
  }
}
