import type { Answer, EmulatedRequest } from './answers';

/** Input of a handler. */
export interface Call extends EmulatedRequest {
  /** Values of `:name` in the route. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export type Handler = (call: Call) => Answer;

/** Host of a route: `global` and `region` are different hosts. */
export type Host = 'global' | 'region' | 'any';

interface Route {
  readonly route: string;
  readonly host: Host;
  readonly pattern: RegExp;
  readonly handler: Handler;
}

/** Route that matches a request. */
export interface Match {
  readonly route: string;
  readonly host: Host;
  readonly params: Readonly<Record<string, string>>;
  readonly handler: Handler;
}

/** Compiled once, because every emulator has the same routes. */
const patterns = new Map<string, RegExp>();

function patternOf(route: string): RegExp {
  const known = patterns.get(route);
  if (known !== undefined) return known;
  const pattern = new RegExp(`^${route.replace(/\./g, '\\.').replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
  patterns.set(route, pattern);
  return pattern;
}

function bucketOf(method: string, path: string): string {
  return `${method} ${String(path.split('/').length)}`;
}

/** Finds the handler of a request. */
export class Router {
  /** By method and number of segments. */
  readonly #routes = new Map<string, Route[]>();

  /** Adds routes of one host: `{'GET /v2/things/:id': handler}`. The first match counts. */
  public add(host: Host, routes: Readonly<Record<string, Handler>>): this {
    for (const [key, handler] of Object.entries(routes)) {
      const [method = '', route = ''] = key.split(' ');
      const pattern = patternOf(route);
      const bucket = bucketOf(method, route);
      const routes = this.#routes.get(bucket) ?? [];
      routes.push({ route, host, pattern, handler });
      this.#routes.set(bucket, routes);
    }
    return this;
  }

  public match(method: string, pathname: string): Match | undefined {
    for (const candidate of this.#routes.get(bucketOf(method, pathname)) ?? []) {
      const found = candidate.pattern.exec(pathname);
      if (found === null) continue;
      const params = Object.fromEntries(
        Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
      );
      return { route: candidate.route, host: candidate.host, params, handler: candidate.handler };
    }
    return undefined;
  }
}
