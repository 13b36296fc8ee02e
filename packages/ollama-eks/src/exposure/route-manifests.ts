import type { Manifest } from '../gitops/application';
import { GATEWAY_NAME, GATEWAY_NAMESPACE, OLLAMA, OLLAMA_PORT, OLLAMA_READS, OLLAMA_SESSIONS } from '../workload/names';
import { sessionHeaders } from '../workload/sessions';
import { ADMIN_LISTENER, HTTPS_LISTENER } from './gateway-manifests';
import type { HttpRoute, HttpRouteFilter, HttpRouteMatch, HttpRouteRule } from './gateway-types';
import {
  hasParameter,
  HEALTH_ROUTE,
  MODELS_HEAD_ROUTE,
  OLLAMA_ROUTES,
  ONE_SEGMENT,
  pathPattern,
  UNLIMITED_RULES,
  type OllamaRoute,
  type RewrittenRoute,
  type RouteClass,
} from './routes';
import { ADMIN_TIMEOUT_SECONDS, HEALTH_TIMEOUT_SECONDS, type TimeBudget } from './time-budget';

const [READ, MODELS_HEAD, HEALTH] = UNLIMITED_RULES;

/** Options of the routes. */
export interface RouteOptions {
  readonly budget: TimeBudget;
  /** Hostname of the admin routes. @default - no admin routes */
  readonly adminHostname?: string;
  /** Whether requests of a session go to the same server: there are several. */
  readonly hasSessions: boolean;
  /** Request header of sessions. @default 'X-Claude-Code-Session-Id' */
  readonly sessionHeader?: string;
}

/** Returns the routes that the gateway serves. They are an allow-list: all other requests get a 404. */
export function routeManifests({ budget, adminHostname, ...sessions }: RouteOptions): readonly Manifest[] {
  const { requestTimeoutSeconds } = budget;
  const routes = [
    httpRoute(OLLAMA, HTTPS_LISTENER, [
      ...sessionRules(requestTimeoutSeconds, sessions),
      rule('inference', OLLAMA, requestTimeoutSeconds),
      rule(READ, OLLAMA_READS, requestTimeoutSeconds),
      rewriting(MODELS_HEAD, MODELS_HEAD_ROUTE),
      rewriting(HEALTH, HEALTH_ROUTE),
    ]),
  ];
  if (adminHostname !== undefined) {
    const rules = [rule('admin', OLLAMA, ADMIN_TIMEOUT_SECONDS)];
    routes.push(httpRoute(`${OLLAMA}-admin`, ADMIN_LISTENER, rules, adminHostname));
  }
  return routes;
}

/**
 * Rules for requests that name a session, one for each header. They take precedence over the rule without a header. The
 * value is copied to the one header that is hashed, as a command of Envoy, which sets headers before it chooses a server.
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#custom-request-response-headers
 */
function sessionRules(
  timeoutSeconds: number,
  { hasSessions, sessionHeader }: Pick<RouteOptions, 'hasSessions' | 'sessionHeader'>,
): HttpRouteRule[] {
  if (!hasSessions) return [];
  const headers = sessionHeaders(sessionHeader);
  const [hashed] = headers;
  return headers.map((header, index) => {
    const { matches, ...inference } = rule('inference', OLLAMA_SESSIONS, timeoutSeconds);
    const copy: HttpRouteFilter = {
      type: 'RequestHeaderModifier',
      requestHeaderModifier: { set: [{ name: hashed, value: `%REQ(${header})%` }] },
    };
    return {
      ...inference,
      name: `session-${index + 1}`,
      matches: matches.map((match) => ({
        ...match,
        headers: [{ type: 'RegularExpression', name: header, value: '.+' }],
      })),
      ...(header === hashed ? {} : { filters: [copy] }),
    };
  });
}

/** A rule for a route that Ollama serves under another path. */
function rewriting(name: string, { methods, path, upstreamPath }: RewrittenRoute): HttpRouteRule {
  return {
    name,
    matches: methods.map((method) => ({ method, path: { type: 'Exact', value: path } })),
    filters: [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: upstreamPath } } }],
    backendRefs: [{ name: OLLAMA_READS, port: OLLAMA_PORT }],
    timeouts: { request: `${HEALTH_TIMEOUT_SECONDS}s` },
  };
}

function httpRoute(name: string, sectionName: string, rules: readonly HttpRouteRule[], hostname?: string): HttpRoute {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: OLLAMA },
    spec: {
      parentRefs: [{ name: GATEWAY_NAME, namespace: GATEWAY_NAMESPACE, sectionName }],
      ...(hostname === undefined ? {} : { hostnames: [hostname] }),
      rules,
    },
  };
}

/** A rule for the routes of a class. The Service is in the same namespace, so it does not need a ReferenceGrant. */
function rule(routeClass: RouteClass, service: string, timeoutSeconds: number): HttpRouteRule {
  return {
    name: routeClass,
    matches: OLLAMA_ROUTES.filter((route) => route.class === routeClass).flatMap(matches),
    backendRefs: [{ name: service, port: OLLAMA_PORT }],
    timeouts: { request: `${timeoutSeconds}s` },
  };
}

function matches(route: OllamaRoute): HttpRouteMatch[] {
  const type = hasParameter(route) ? 'RegularExpression' : 'Exact';
  return route.methods.map((method) => ({ method, path: { type, value: pathPattern(route, ONE_SEGMENT) } }));
}
