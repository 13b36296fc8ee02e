/**
 * Envoy's configuration for the rendered gateway: translates routes, policy, DestinationRules and EnvoyFilter as istiod does
 * (pilot/pkg/networking/core). A test compares it with a recording of istiod.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { type Authentication, type PolicyRule, principalsOf, tokenFilter } from './gateway-tokens';

const TREES = resolve(__dirname, '../../../argocd');
const FOLDERS = ['ollama', 'httproutes', 'gateway'];
const TYPE = 'type.googleapis.com/envoy.extensions';
/** Retries that Istio sets on every route. @see https://istio.io/latest/docs/concepts/traffic-management/#retries */
const RETRIES = {
  retryOn: 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
  numRetries: 2,
  hostSelectionRetryMaxAttempts: '5',
};
/** Istio adds this unless the route is hashed. */
const ANOTHER_SERVER = {
  retryHostPredicate: [
    {
      name: 'envoy.retry_host_predicates.previous_hosts',
      typedConfig: { '@type': `${TYPE}.retry.host.previous_hosts.v3.PreviousHostsPredicate` },
    },
  ],
};
const NO_LIMIT = 4_294_967_295;

/** A DestinationRule, as far as it is translated. */
export interface DestinationRule {
  readonly spec: {
    readonly host: string;
    readonly trafficPolicy: {
      readonly connectionPool?: {
        readonly http: { readonly http1MaxPendingRequests: number; readonly http2MaxRequests: number };
      };
      readonly loadBalancer: {
        readonly consistentHash?: { readonly httpHeaderName: string };
        readonly localityLbSetting?: { readonly enabled: boolean };
      };
      readonly outlierDetection?: {
        readonly splitExternalLocalOriginErrors: boolean;
        readonly consecutiveLocalOriginFailures: number;
        readonly consecutiveGatewayErrors: number;
        readonly consecutive5xxErrors: number;
        readonly interval: string;
        readonly baseEjectionTime: string;
        readonly maxEjectionPercent: number;
        readonly minHealthPercent: number;
      };
    };
  };
}

interface RouteRule {
  readonly name: string;
  readonly matches: readonly {
    readonly method: string;
    readonly path: { readonly type: 'Exact' | 'RegularExpression'; readonly value: string };
    readonly headers?: readonly { readonly name: string; readonly value: string }[];
  }[];
  readonly filters?: readonly {
    readonly urlRewrite?: { readonly path: { readonly replaceFullPath: string } };
    readonly requestHeaderModifier?: { readonly set: readonly { readonly name: string; readonly value: string }[] };
  }[];
  readonly backendRefs: readonly { readonly name: string }[];
  readonly timeouts: { readonly request: string };
}

interface HttpRoute {
  readonly spec: { readonly rules: readonly RouteRule[] };
}

interface AuthorizationPolicy {
  readonly spec: { readonly rules: readonly PolicyRule[] };
}

type TypedConfig = Readonly<Record<string, unknown>>;

interface EnvoyFilter {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly configPatches: readonly (
      | {
          readonly applyTo: 'NETWORK_FILTER' | 'HTTP_FILTER';
          readonly patch: { readonly value: { readonly typed_config: TypedConfig } };
        }
      | {
          readonly applyTo: 'HTTP_ROUTE';
          readonly match: {
            readonly routeConfiguration: { readonly vhost: { readonly route: { readonly name: string } } };
          };
          readonly patch: { readonly value: Readonly<Record<string, unknown>> };
        }
    )[];
  };
}

/** The rendered objects of a gateway. */
export interface GatewayObjects {
  readonly route: HttpRoute;
  readonly policy: AuthorizationPolicy;
  /** Undefined if callers need no token. */
  readonly authentication?: Authentication;
  readonly filters: readonly EnvoyFilter[];
  readonly rules: readonly DestinationRule[];
  /** Overlay of the gateway's Deployment. */
  readonly deployment: {
    readonly spec: {
      readonly template: {
        readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
        readonly spec: {
          readonly containers: readonly {
            readonly env: readonly { readonly name: string; readonly value: string }[];
          }[];
        };
      };
    };
  };
}

/** Reads the objects of an example's gateway from its rendered tree. */
export function readGateway(example: string): GatewayObjects {
  const objects = FOLDERS.flatMap((name) => {
    const folder = join(TREES, example, 'manifests', name);
    return readdirSync(folder).map((file) => parse(readFileSync(join(folder, file), 'utf8')) as { kind: string });
  });
  const all = <T>(kind: string) => objects.filter((object) => object.kind === kind) as unknown as T[];
  const one = <T>(kind: string): T => present(all<T>(kind)[0], `${example} has no ${kind}`);
  const options = present(
    all<{ data: Record<string, string> }>('ConfigMap').find(({ data }) => 'horizontalPodAutoscaler' in data),
    `${example} has no options of the gateway`,
  );
  return {
    route: one('HTTPRoute'),
    policy: one('AuthorizationPolicy'),
    filters: all('EnvoyFilter'),
    rules: all('DestinationRule'),
    deployment: parse(options.data['deployment'] ?? '') as GatewayObjects['deployment'],
  };
}

/** Returns Envoy's configuration with a listener for each gateway, all with the same servers on loopback. */
export function envoyConfig(gateways: Readonly<Record<string, GatewayObjects>>, ports: readonly number[]): object {
  const named = Object.entries(gateways);
  return {
    admin: { address: address(0) },
    staticResources: {
      listeners: named.map(([name, gateway]) => ({
        name,
        address: address(0),
        filterChains: [{ filters: [connectionManager(name, gateway)] }],
      })),
      clusters: named.flatMap(([name, { rules }]) => rules.map((rule) => envoyCluster(name, rule, ports))),
    },
  };
}

/** Returns the filter that translates connections into requests. */
export function connectionManager(
  listener: string,
  gateway: GatewayObjects,
): { readonly name: string; readonly typedConfig: TypedConfig } {
  const patches = patchesOf(gateway);
  const options = patches.flatMap((one) => (one.applyTo === 'NETWORK_FILTER' ? [one.patch.value.typed_config] : []));
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typedConfig: {
      ...CONNECTION_OPTIONS,
      statPrefix: listener,
      routeConfig: { virtualHosts: [{ name: listener, domains: ['*'], routes: envoyRoutes(gateway, listener) }] },
      httpFilters: [
        ...(gateway.authentication === undefined ? [] : [tokenFilter(gateway.authentication)]),
        {
          name: 'envoy.filters.http.rbac',
          typedConfig: { '@type': `${TYPE}.filters.http.rbac.v3.RBAC`, rules: { policies: policies(gateway) } },
        },
        ...patches.flatMap((one) => (one.applyTo === 'HTTP_FILTER' ? [one.patch.value] : [])),
        { name: 'envoy.filters.http.router', typedConfig: { '@type': `${TYPE}.filters.http.router.v3.Router` } },
      ],
      ...Object.assign({}, ...options),
    },
  };
}

function patchesOf({ filters }: Pick<GatewayObjects, 'filters'>): EnvoyFilter['spec']['configPatches'] {
  return filters.flatMap(({ spec }) => spec.configPatches);
}

/** Options of connections that istiod sets on gateways. */
export const CONNECTION_OPTIONS = {
  '@type': `${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
  streamIdleTimeout: '0s',
  useRemoteAddress: true,
  normalizePath: true,
  pathWithEscapedSlashesAction: 'KEEP_UNCHANGED',
};

/** Returns the routes in their order of precedence: exact paths first, and those with more headers first. */
export function envoyRoutes(gateway: GatewayObjects, listener: string): readonly object[] {
  const { route, rules } = gateway;
  const patched = (name: string) =>
    patchesOf(gateway).flatMap((one) =>
      one.applyTo === 'HTTP_ROUTE' && one.match.routeConfiguration.vhost.route.name === name ? [one.patch.value] : [],
    );
  const rank = ({ path, headers = [] }: RouteRule['matches'][number]) =>
    (path.type === 'Exact' ? 0 : 10) - headers.length;
  return route.spec.rules
    .flatMap((rule) => rule.matches.map((match) => ({ rule, match })))
    .sort((one, other) => rank(one.match) - rank(other.match))
    .map(({ rule, match }) => {
      const service = present(rule.backendRefs[0], `${rule.name} has no backend`).name;
      const { httpHeaderName } = ruleOf(rules, service).spec.trafficPolicy.loadBalancer.consistentHash ?? {};
      const filters = rule.filters ?? [];
      const rewrite = filters.find(({ urlRewrite }) => urlRewrite !== undefined)?.urlRewrite?.path.replaceFullPath;
      const set = filters.flatMap(({ requestHeaderModifier }) => requestHeaderModifier?.set ?? []);
      return {
        name: rule.name,
        match: {
          ...(match.path.type === 'Exact' ? { path: match.path.value } : { safeRegex: { regex: match.path.value } }),
          caseSensitive: true,
          headers: [
            { name: ':method', stringMatch: { exact: match.method } },
            ...(match.headers ?? []).map(({ name, value }) => ({ name, stringMatch: { safeRegex: { regex: value } } })),
          ],
        },
        requestHeadersToAdd: set.map(({ name, value }) => ({
          header: { key: name, value },
          appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD',
        })),
        route: {
          cluster: clusterName(listener, service),
          timeout: rule.timeouts.request,
          maxGrpcTimeout: rule.timeouts.request,
          retryPolicy: httpHeaderName === undefined ? { ...RETRIES, ...ANOTHER_SERVER } : RETRIES,
          ...(rewrite === undefined ? {} : { regexRewrite: { pattern: { regex: '/.*' }, substitution: rewrite } }),
          ...(httpHeaderName === undefined ? {} : { hashPolicy: [{ header: { headerName: httpHeaderName } }] }),
        },
        ...Object.fromEntries(patched(rule.name).flatMap(Object.entries)),
      };
    });
}

/** Returns a policy of Envoy for each rule, as istiod does. */
function policies({ policy }: GatewayObjects): object {
  return Object.fromEntries(
    policy.spec.rules.map((rule, index) => [
      `rule-${index}`,
      { permissions: permissionsOf(rule), principals: [{ andIds: { ids: [{ any: true }, ...principalsOf(rule)] } }] },
    ]),
  );
}

/** Returns what the policy permits. */
export function permissions({ policy }: GatewayObjects): readonly object[] {
  return policy.spec.rules.flatMap(permissionsOf);
}

function permissionsOf({ to }: PolicyRule): readonly object[] {
  const anyOf = (rules: readonly object[]) => ({ orRules: { rules } });
  return to.map(({ operation: { methods, paths } }) => ({
    andRules: {
      rules: [
        anyOf(methods.map((exact) => ({ header: { name: ':method', stringMatch: { exact } } }))),
        anyOf(paths.map((path) => (path.includes('{') ? template(path) : { urlPath: { path: { exact: path } } }))),
      ],
    },
  }));
}

function template(path: string): object {
  return {
    uriTemplate: {
      name: 'uri-template',
      typedConfig: {
        '@type': `${TYPE}.path.match.uri_template.v3.UriTemplateMatchConfig`,
        pathTemplate: path.replace('{*}', '*'),
      },
    },
  };
}

/** Returns the cluster of a Service. */
export function envoyCluster(listener: string, { spec }: DestinationRule, ports: readonly number[]): TypedConfig {
  const { connectionPool, loadBalancer, outlierDetection } = spec.trafficPolicy;
  const { http1MaxPendingRequests: maxPendingRequests = NO_LIMIT, http2MaxRequests: maxRequests = NO_LIMIT } =
    connectionPool?.http ?? {};
  const limits = { maxConnections: NO_LIMIT, maxRetries: NO_LIMIT, maxPendingRequests, maxRequests };
  const name = clusterName(listener, serviceOf(spec.host));
  if (outlierDetection !== undefined && loadBalancer.localityLbSetting?.enabled !== false) {
    throw new Error('istiod would translate zones to priorities, which is not supported here');
  }
  return {
    name,
    type: 'STATIC',
    connectTimeout: '10s',
    circuitBreakers: { thresholds: [limits] },
    ...(loadBalancer.consistentHash === undefined
      ? { lbPolicy: 'LEAST_REQUEST' }
      : { lbPolicy: 'RING_HASH', ringHashLbConfig: { minimumRingSize: '1024' } }),
    ...(outlierDetection && {
      commonLbConfig: { healthyPanicThreshold: { value: outlierDetection.minHealthPercent } },
      outlierDetection: detection(outlierDetection),
    }),
    loadAssignment: {
      clusterName: name,
      endpoints: [{ lbEndpoints: ports.map((port) => ({ endpoint: { address: address(port) } })) }],
    },
  };
}

function detection(rule: NonNullable<DestinationRule['spec']['trafficPolicy']['outlierDetection']>): object {
  const enforced = (count: number) => (count > 0 ? 100 : 0);
  return {
    interval: rule.interval,
    baseEjectionTime: rule.baseEjectionTime,
    maxEjectionPercent: rule.maxEjectionPercent,
    enforcingSuccessRate: 0,
    consecutive5xx: rule.consecutive5xxErrors,
    enforcingConsecutive5xx: enforced(rule.consecutive5xxErrors),
    consecutiveGatewayFailure: rule.consecutiveGatewayErrors,
    enforcingConsecutiveGatewayFailure: enforced(rule.consecutiveGatewayErrors),
    splitExternalLocalOriginErrors: rule.splitExternalLocalOriginErrors,
    consecutiveLocalOriginFailure: rule.consecutiveLocalOriginFailures,
    enforcingConsecutiveLocalOriginFailure: enforced(rule.consecutiveLocalOriginFailures),
    enforcingLocalOriginSuccessRate: 0,
  };
}

/** Returns the rule of a Service. */
export function ruleOf(rules: readonly DestinationRule[], service: string): DestinationRule {
  return present(
    rules.find(({ spec }) => serviceOf(spec.host) === service),
    `${service} has no DestinationRule`,
  );
}

function serviceOf(host: string): string {
  return host.split('.')[0] ?? '';
}

function clusterName(listener: string, service: string): string {
  return `${listener}_${service}`;
}

function address(portValue: number): object {
  return { socketAddress: { address: '127.0.0.1', portValue } };
}

function present<T>(found: T | undefined, problem: string): T {
  if (found === undefined) throw new Error(problem);
  return found;
}
