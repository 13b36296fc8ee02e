// https://github.com/ollama/ollama/blob/main/server/routes.go (GenerateRoutes)

/** Methods that Ollama registers routes for. */
export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'DELETE';

/**
 * Who may call a route:
 * - `inference`: everybody with a key; answers are streamed and take long; Kong refuses requests to Ollama's own that would
 *   load the model anew (`"shift": false`, options such as `num_ctx`), and removes `keep_alive` from the others;
 * - `read`: everybody with a key; answers at once;
 * - `admin`: changes what the server holds; only under the admin hostname, where there is one;
 * - `refused`: nobody; speaks for the server's account at ollama.com, sends prompts there, or isn't part of the API.
 */
export type RouteClass = 'inference' | 'read' | 'admin' | 'refused';

/** One route of Ollama's API. */
export interface OllamaRoute {
  readonly methods: readonly HttpMethod[];
  /** Path; its last segment may be a parameter: `/v1/models/{model}`. */
  readonly path: string;
  readonly class: RouteClass;
}

/** Every route that Ollama serves. What isn't `inference` or `read` here is refused by Kong and by the gateway. */
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

/** Ollama has no health route of its own; the gateway answers this one with the server's version. */
export const HEALTH_PATH = '/healthz';
export const HEALTH_UPSTREAM_PATH = '/api/version';

/** Routes that take the same methods. */
export interface RouteGroup {
  readonly class: RouteClass;
  readonly methods: readonly HttpMethod[];
  readonly routes: readonly OllamaRoute[];
}

/** The routes of a class, one group for each set of methods, in the order of the table. */
export function routeGroups(routeClass: RouteClass): readonly RouteGroup[] {
  const groups = new Map<string, OllamaRoute[]>();
  for (const route of OLLAMA_ROUTES.filter((candidate) => candidate.class === routeClass)) {
    const key = route.methods.join();
    groups.set(key, [...(groups.get(key) ?? []), route]);
  }
  return [...groups.values()].map((routes) => ({ class: routeClass, methods: routes[0]?.methods ?? [], routes }));
}

/** Whether the route speaks Ollama's own language, and not that of OpenAI or Anthropic. */
export function isNative(route: OllamaRoute): boolean {
  return route.path.startsWith('/api/');
}

/** Whether the route takes the file of a model. */
export function isUpload(route: OllamaRoute): boolean {
  return route.path.startsWith('/api/blobs/');
}

/** Whether the last segment of the route's path is a parameter. */
export function hasParameter(route: OllamaRoute): boolean {
  return route.path.endsWith('}');
}

/**
 * A parameter as a regular expression, in what RE2 and Rust's engine have in common: one segment, in which anything may
 * be percent-encoded (`%3A` is the colon of a model's tag) but a slash, which the server would read as one.
 */
export const ONE_SEGMENT = '(?:[^/%]|%[013-9A-Fa-f][0-9A-Fa-f]|%2[0-9A-Ea-e])+';

/** The path with its parameter, if any, replaced by what a language of patterns calls one segment. */
export function pathPattern(route: OllamaRoute, oneSegment: string): string {
  return route.path.replace(/\{\w+\}$/, oneSegment);
}
