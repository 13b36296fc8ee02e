import type { NetworkPolicyEgressRule, NetworkPolicyIngressRule } from 'kubernetes-types/networking/v1';
import { HBONE_PORT, ISTIOD_PORT, PROXY_METRICS_PORT } from '../catalogue/ambient';
import type { Manifest } from '../gitops/application';
import { GATEWAY_LABELS, GATEWAY_NAME, GATEWAY_NAMESPACE, MESH_NAMESPACE, OLLAMA } from '../workload/names';
import { networkPolicy, podsOf, tcp } from '../workload/network-policy';
import { scraperPeers } from '../workload/scrape-rules';
import type { Scraper } from '../workload/scraper';
import { GATEWAY_PORT, GATEWAY_STATUS_PORT } from './gateway-manifests';
import type { GatewayAuthorizationPolicy, GatewayOperation, GatewayRule } from './gateway-types';
import type { JwtOptions } from './jwt';
import { callersWithToken, requestAuthentication } from './request-authentication';
import {
  HEALTH_ROUTE,
  MODELS_HEAD_ROUTE,
  pathPattern,
  type RewrittenRoute,
  routeGroups,
  type RouteClass,
} from './routes';

/** Callers that may reach the gateway. */
export interface GatewayCallers {
  /** IPv4 ranges of callers, such as Kong's network or a VPN. The load balancer preserves their addresses. */
  readonly callerCidrs: readonly string[];
  /** IPv4 range of the VPC, which includes the sources of the load balancer's health checks. */
  readonly vpcCidr: string;
  readonly adminHostname?: string;
  /** Prometheus that scrapes the gateway, if any. */
  readonly scraper?: Scraper;
  /** Tokens that callers must send. @default - none */
  readonly jwt?: JwtOptions;
}

/** Returns the policies that limit the gateway's traffic to what it needs, and its requests to the allowed routes. */
export function gatewayPolicies(callers: GatewayCallers): readonly Manifest[] {
  const { jwt } = callers;
  const tokens = jwt === undefined ? [] : [requestAuthentication(jwt)];
  const nobody = networkPolicy({ name: 'default-deny', namespace: GATEWAY_NAMESPACE });
  return [nobody, gatewayTraffic(callers), ...tokens, allowedRoutes(callers)];
}

function gatewayTraffic({ callerCidrs, vpcCidr, scraper }: GatewayCallers): Manifest {
  const ingress: NetworkPolicyIngressRule[] = [
    { from: callerCidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: tcp(GATEWAY_PORT) },
    { from: [{ ipBlock: { cidr: vpcCidr } }], ports: tcp(GATEWAY_STATUS_PORT) },
    ...(scraper === undefined ? [] : [{ from: scraperPeers(scraper), ports: tcp(PROXY_METRICS_PORT) }]),
  ];
  const egress: NetworkPolicyEgressRule[] = [
    { to: [podsOf(MESH_NAMESPACE, { app: 'istiod' })], ports: tcp(ISTIOD_PORT) },
    { to: [podsOf(OLLAMA)], ports: tcp(HBONE_PORT) },
    { to: [podsOf('kube-system', { 'k8s-app': 'kube-dns' })], ports: [...tcp(53), { port: 53, protocol: 'UDP' }] },
  ];
  return networkPolicy({
    name: GATEWAY_NAME,
    namespace: GATEWAY_NAMESPACE,
    pods: { matchLabels: GATEWAY_LABELS },
    ingress,
    egress,
  });
}

/** Enforces the list of routes at the gateway as well, so that a route added by somebody else exposes nothing. */
function allowedRoutes({ callerCidrs, adminHostname, jwt }: GatewayCallers): GatewayAuthorizationPolicy {
  const operations: GatewayOperation[] = [
    ...operationsOf('inference'),
    ...operationsOf('read'),
    operationOf(MODELS_HEAD_ROUTE),
  ];
  if (adminHostname !== undefined) {
    // A client may append the port to the name.
    const hosts = [adminHostname, `${adminHostname}:*`];
    operations.push(...operationsOf('admin').map((operation) => ({ hosts, ...operation })));
  }
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: GATEWAY_NAME, namespace: GATEWAY_NAMESPACE },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: GATEWAY_NAME }],
      action: 'ALLOW',
      rules: rulesOf(operations, callerCidrs, jwt),
    },
  };
}

/** Without tokens, one rule admits all callers to everything; with them, only the health of the gateway needs none. */
function rulesOf(
  operations: readonly GatewayOperation[],
  ipBlocks: readonly string[],
  jwt: JwtOptions | undefined,
): readonly GatewayRule[] {
  const health = operationOf(HEALTH_ROUTE);
  const from = [{ source: { ipBlocks } }];
  if (jwt === undefined) return [{ from, to: [...operations, health].map((operation) => ({ operation })) }];
  return [
    { ...callersWithToken(ipBlocks, jwt), to: operations.map((operation) => ({ operation })) },
    { from, to: [{ operation: health }] },
  ];
}

function operationOf({ methods, path }: RewrittenRoute): GatewayOperation {
  return { methods, paths: [path] };
}

function operationsOf(routeClass: RouteClass): GatewayOperation[] {
  return routeGroups(routeClass).map(({ methods, routes }) => ({
    methods,
    paths: routes.map((route) => pathPattern(route, '{*}')),
  }));
}
