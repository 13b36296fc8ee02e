import type { Manifest } from '../gitops/application';
import { GATEWAY_NAME, GATEWAY_NAMESPACE, OLLAMA, OLLAMA_PORT } from '../workload/names';
import { ADMIN_LISTENER, HTTPS_LISTENER } from './gateway-manifests';
import type { HttpRoute, HttpRouteMatch, HttpRouteRule } from './gateway-types';
import {
  hasParameter,
  HEALTH_PATH,
  HEALTH_UPSTREAM_PATH,
  OLLAMA_ROUTES,
  ONE_SEGMENT,
  pathPattern,
  type OllamaRoute,
  type RouteClass,
} from './routes';
import { ADMIN_TIMEOUT_SECONDS, HEALTH_TIMEOUT_SECONDS, type TimeBudget } from './time-budget';

/** Backend of the routes. It is in the same namespace, so they do not need a ReferenceGrant. */
const SERVER = [{ name: OLLAMA, port: OLLAMA_PORT }];

/** Returns the routes that the gateway serves. They are an allow-list: all other requests get a 404. */
export function routeManifests(budget: TimeBudget, adminHostname?: string): readonly Manifest[] {
  const routes = [
    httpRoute(OLLAMA, HTTPS_LISTENER, [
      rule('inference', budget.requestTimeoutSeconds),
      rule('read', budget.requestTimeoutSeconds),
      HEALTH_RULE,
    ]),
  ];
  if (adminHostname !== undefined) {
    const rules = [rule('admin', ADMIN_TIMEOUT_SECONDS)];
    routes.push(httpRoute(`${OLLAMA}-admin`, ADMIN_LISTENER, rules, adminHostname));
  }
  return routes;
}

/**
 * Health is a request to the server, and counts toward the gateway's limit of requests: if the servers are at capacity,
 * health is refused like everything else, so that monitors notice.
 */
const HEALTH_RULE: HttpRouteRule = {
  name: 'health',
  matches: [{ method: 'GET', path: { type: 'Exact', value: HEALTH_PATH } }],
  filters: [
    { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: HEALTH_UPSTREAM_PATH } } },
  ],
  backendRefs: SERVER,
  timeouts: { request: `${HEALTH_TIMEOUT_SECONDS}s` },
};

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

function rule(routeClass: RouteClass, timeoutSeconds: number): HttpRouteRule {
  return {
    name: routeClass,
    matches: OLLAMA_ROUTES.filter((route) => route.class === routeClass).flatMap(matches),
    backendRefs: SERVER,
    timeouts: { request: `${timeoutSeconds}s` },
  };
}

function matches(route: OllamaRoute): HttpRouteMatch[] {
  const type = hasParameter(route) ? 'RegularExpression' : 'Exact';
  return route.methods.map((method) => ({ method, path: { type, value: pathPattern(route, ONE_SEGMENT) } }));
}
