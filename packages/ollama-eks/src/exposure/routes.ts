// https://github.com/ollama/ollama/blob/main/server/routes.go (GenerateRoutes)

/** Methods that Ollama registers routes for. */
export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'DELETE';

/**
 * Who may call a route:
 * - `inference`: everyone with a key. Answers are streamed and take long. On Ollama's own routes, Kong refuses requests that
 *   would reload the model (`"shift": false`, options such as `num_ctx`), and removes `keep_alive` from the others.
 * - `read`: everyone with a key. Answers are immediate.
 * - `admin`: changes the server's models. Only served under the admin hostname, if there is one.
 * - `refused`: nobody. Acts for the server's account at ollama.com, sends prompts there, or is not part of the API.
 */
export type RouteClass = 'inference' | 'read' | 'admin' | 'refused';

/** One route of Ollama's API. */
export interface OllamaRoute {
  readonly methods: readonly HttpMethod[];
  /** Path, whose last segment may be a parameter: `/v1/models/{model}`. */
  readonly path: string;
  readonly class: RouteClass;
}

/** Every route that Ollama serves. Kong and the gateway refuse all but `inference` and `read`, and `admin` if enabled. */
export const OLLAMA_ROUTES: readonly OllamaRoute[] = [
  { class: 'inference', methods: ['POST'], path: '/api/chat' },
  { class: 'inference', methods: ['POST'], path: '/api/embed' },
  { class: 'inference', methods: ['POST'], path: '/api/embeddings' },
  { class: 'inference', methods: ['POST'], path: '/api/generate' },
  { class: 'inference', methods: ['POST'], path: '/v1/audio/transcriptions' },
  { class: 'inference', methods: ['POST'], path: '/v1/chat/completions' },
  { class: 'inference', methods: ['POST'], path: '/v1/completions' },
  { class: 'inference', methods: ['POST'], path: '/v1/embeddings' },
  { class: 'inference', methods: ['POST'], path: '/v1/messages' },
  { class: 'inference', methods: ['POST'], path: '/v1/responses' },

  { class: 'read', methods: ['GET', 'HEAD'], path: '/api/tags' },
  { class: 'read', methods: ['GET', 'HEAD'], path: '/api/version' },
  { class: 'read', methods: ['GET'], path: '/api/ps' },
  { class: 'read', methods: ['GET'], path: '/v1/models' },
  { class: 'read', methods: ['GET'], path: '/v1/models/{model}' },
  { class: 'read', methods: ['POST'], path: '/api/show' },

  { class: 'admin', methods: ['POST'], path: '/api/copy' },
  { class: 'admin', methods: ['POST'], path: '/api/create' },
  { class: 'admin', methods: ['POST'], path: '/api/pull' },
  { class: 'admin', methods: ['DELETE'], path: '/api/delete' },
  { class: 'admin', methods: ['HEAD', 'POST'], path: '/api/blobs/{digest}' },

  { class: 'refused', methods: ['GET', 'HEAD'], path: '/' },
  { class: 'refused', methods: ['GET'], path: '/api/status' },
  { class: 'refused', methods: ['GET'], path: '/api/experimental/model-recommendations' },
  { class: 'refused', methods: ['POST'], path: '/api/experimental/web_fetch' },
  { class: 'refused', methods: ['POST'], path: '/api/experimental/web_search' },
  { class: 'refused', methods: ['POST'], path: '/api/me' },
  { class: 'refused', methods: ['POST'], path: '/api/push' },
  { class: 'refused', methods: ['POST'], path: '/api/signout' },
  { class: 'refused', methods: ['POST'], path: '/v1/images/edits' },
  { class: 'refused', methods: ['POST'], path: '/v1/images/generations' },
  { class: 'refused', methods: ['DELETE'], path: '/api/user/keys/{encodedKey}' },
];

/** A route that Ollama does not have, and the gateway serves with another one. */
export interface RewrittenRoute {
  readonly methods: readonly HttpMethod[];
  readonly path: string;
  /** Path that Ollama is asked for; it supports the same methods. */
  readonly upstreamPath: string;
}

/** Path of the health route, which does not need a key. */
export const HEALTH_PATH = '/healthz';
/** Answers with the server's version. Monitors may use HEAD. */
export const HEALTH_ROUTE: RewrittenRoute = {
  methods: ['GET', 'HEAD'],
  path: HEALTH_PATH,
  upstreamPath: '/api/version',
};
/** OpenAI's list of models for HEAD, which Ollama supports only for its own list. */
export const MODELS_HEAD_ROUTE: RewrittenRoute = { methods: ['HEAD'], path: '/v1/models', upstreamPath: '/api/tags' };

/** Names of the gateway's rules for lists and health, whose requests are answered when the servers are at capacity. */
export const UNLIMITED_RULES = ['read', 'models-head', 'health'] as const;

/** Routes with the same methods. */
export interface RouteGroup {
  readonly class: RouteClass;
  readonly methods: readonly HttpMethod[];
  readonly routes: readonly OllamaRoute[];
}

/** Returns the routes of a class, in one group for each set of methods, in the order of the table. */
export function routeGroups(routeClass: RouteClass): readonly RouteGroup[] {
  const groups = new Map<string, OllamaRoute[]>();
  for (const route of OLLAMA_ROUTES.filter((candidate) => candidate.class === routeClass)) {
    const key = route.methods.join();
    groups.set(key, [...(groups.get(key) ?? []), route]);
  }
  return [...groups.values()].map((routes) => ({ class: routeClass, methods: routes[0]?.methods ?? [], routes }));
}

/** Whether the route belongs to Ollama's own API, not to those of OpenAI or Anthropic. */
export function isNative(route: OllamaRoute): boolean {
  return route.path.startsWith('/api/');
}

/** Whether the route accepts uploads of a model's file. */
export function isUpload(route: OllamaRoute): boolean {
  return route.path.startsWith('/api/blobs/');
}

/** Whether the last segment of the route's path is a parameter. */
export function hasParameter(route: OllamaRoute): boolean {
  return route.path.endsWith('}');
}

/**
 * A parameter as a regular expression that both RE2 and Rust's engine support: one segment, in which any character may be
 * percent-encoded (`%3A` is the colon before a model's tag) except a slash, which the server would decode.
 */
export const ONE_SEGMENT = '(?:[^/%]|%[013-9A-Fa-f][0-9A-Fa-f]|%2[0-9A-Ea-e])+';

/** Returns the path, with its parameter, if any, replaced by a pattern for one segment. */
export function pathPattern(route: OllamaRoute, oneSegment: string): string {
  return route.path.replace(/\{\w+\}$/, oneSegment);
}
