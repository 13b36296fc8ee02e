/** Whether Kong, by its file, and the gateway, by its route and its policy, let a request through. */
import type { Application, DeckState, Manifest } from '@org/ollama-eks';

export interface Request {
  readonly method: string;
  readonly path: string;
}

interface HttpRoute extends Manifest {
  readonly spec: {
    readonly hostnames?: readonly string[];
    readonly rules: readonly {
      readonly matches: readonly {
        readonly method: string;
        readonly path: { readonly type: string; readonly value: string };
      }[];
      readonly timeouts: { readonly request: string };
    }[];
  };
}

interface Policy extends Manifest {
  readonly spec: {
    readonly rules: readonly {
      readonly to: readonly {
        readonly operation: {
          readonly hosts?: readonly string[];
          readonly methods: readonly string[];
          readonly paths: readonly string[];
        };
      }[];
    }[];
  };
}

/** Returns the hostname that Kong uses for a request to the gateway; undefined if Kong has no route for it. */
export function throughKong(state: DeckState, { method, path }: Request): string | undefined {
  const service = state.services?.find(({ routes }) =>
    routes.some((route) => (route.methods as readonly string[]).includes(method) && route.paths.some(matches(path))),
  );
  return state.upstreams?.find(({ name }) => name === service?.host)?.host_header;
}

/** A path that begins with a tilde is a regular expression that Kong anchors at the start. */
function matches(path: string): (pattern: string) => boolean {
  return (pattern) => {
    if (!pattern.startsWith('~')) return path.startsWith(pattern);
    return new RegExp(`^${pattern.slice(1)}`).test(path);
  };
}

/** Returns whether an HTTPRoute sends a request of that hostname to the server. */
export function throughRoutes(applications: readonly Application[], hostname: string, request: Request): boolean {
  const routes = manifests<HttpRoute>(applications, 'HTTPRoute');
  // A listener with the exact hostname has precedence over one for any hostname, and sees only its own routes.
  const named = routes.filter(({ spec }) => spec.hostnames?.includes(hostname));
  const attached = named.length > 0 ? named : routes.filter(({ spec }) => spec.hostnames === undefined);
  return attached.some(({ spec }) =>
    spec.rules.some((rule) =>
      rule.matches.some(({ method, path: { type, value } }) => {
        const exact = type === 'Exact' ? request.path === value : new RegExp(`^(?:${value})$`).test(request.path);
        return method === request.method && exact;
      }),
    ),
  );
}

/** Returns whether the gateway's AuthorizationPolicy admits a request of that hostname; `{*}` is one segment. */
export function throughPolicy(applications: readonly Application[], hostname: string, request: Request): boolean {
  return manifests<Policy>(applications, 'AuthorizationPolicy').some(({ spec }) =>
    spec.rules.some((rule) =>
      rule.to.some(({ operation: { hosts, methods, paths } }) => {
        const template = (path: string) => new RegExp(`^${path.replace('{*}', '[^/]+')}$`).test(request.path);
        return (hosts?.includes(hostname) ?? true) && methods.includes(request.method) && paths.some(template);
      }),
    ),
  );
}

function manifests<T extends Manifest>(applications: readonly Application[], kind: string): T[] {
  return applications
    .flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []))
    .filter((manifest): manifest is T => manifest.kind === kind);
}
