import type { NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule } from 'kubernetes-types/networking/v1';
import { HBONE_PORT } from '../catalogue/ambient';
import type { Manifest } from '../gitops/application';
import { GATEWAY_LABELS, GATEWAY_NAME, GATEWAY_NAMESPACE, MESH_NAMESPACE, OLLAMA } from '../workload/names';
import { GATEWAY_PORT, GATEWAY_STATUS_PORT } from './gateway-manifests';
import type { GatewayAuthorizationPolicy, GatewayOperation } from './gateway-types';
import { HEALTH_PATH, pathPattern, routeGroups, type RouteClass } from './routes';

/** Port of istiod for configuration and certificates. @see https://istio.io/latest/docs/ops/deployment/application-requirements/ */
const ISTIOD_PORT = 15012;

/** Who may reach the gateway. */
export interface GatewayCallers {
  /** Ranges that callers come from: Kong's network, a VPN. The load balancer passes their addresses on. */
  readonly callerCidrs: readonly string[];
  /** Range of the VPC: the load balancer asks for health from its own addresses in there. */
  readonly vpcCidr: string;
  readonly adminHostname?: string;
}

/** Nothing reaches the gateway or leaves it but what it is there for; nobody gets through but to an allowed route. */
export function gatewayPolicies(callers: GatewayCallers): readonly Manifest[] {
  return [defaultDeny(), gatewayTraffic(callers), allowedRoutes(callers)];
}

function defaultDeny(): NetworkPolicy & Manifest {
  return networkPolicy('default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
}

function gatewayTraffic({ callerCidrs, vpcCidr }: GatewayCallers): NetworkPolicy & Manifest {
  const ingress: NetworkPolicyIngressRule[] = [
    { from: callerCidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: [tcp(GATEWAY_PORT)] },
    { from: [{ ipBlock: { cidr: vpcCidr } }], ports: [tcp(GATEWAY_STATUS_PORT)] },
  ];
  const egress: NetworkPolicyEgressRule[] = [
    { to: [pods(MESH_NAMESPACE, { app: 'istiod' })], ports: [tcp(ISTIOD_PORT)] },
    { to: [pods(OLLAMA)], ports: [tcp(HBONE_PORT)] },
    { to: [pods('kube-system', { 'k8s-app': 'kube-dns' })], ports: [tcp(53), { port: 53, protocol: 'UDP' }] },
  ];
  return networkPolicy(GATEWAY_NAME, {
    podSelector: { matchLabels: GATEWAY_LABELS },
    policyTypes: ['Ingress', 'Egress'],
    ingress,
    egress,
  });
}

/** The same list as the routes', enforced once more at the gateway: a route that somebody adds opens nothing. */
function allowedRoutes({ callerCidrs, adminHostname }: GatewayCallers): GatewayAuthorizationPolicy {
  const operations = [
    ...operationsOf('inference'),
    ...operationsOf('read'),
    { methods: ['GET'], paths: [HEALTH_PATH] } satisfies GatewayOperation,
  ];
  if (adminHostname !== undefined) {
    // A client may write the port behind the name.
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
      rules: [
        {
          from: [{ source: { ipBlocks: callerCidrs } }],
          to: operations.map((operation) => ({ operation })),
        },
      ],
    },
  };
}

function operationsOf(routeClass: RouteClass): GatewayOperation[] {
  return routeGroups(routeClass).map(({ methods, routes }) => ({
    methods,
    paths: routes.map((route) => pathPattern(route, '{*}')),
  }));
}

function networkPolicy(name: string, spec: NetworkPolicy['spec']): NetworkPolicy & Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: GATEWAY_NAMESPACE },
    spec,
  };
}

function pods(namespace: string, matchLabels?: Record<string, string>) {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    ...(matchLabels === undefined ? {} : { podSelector: { matchLabels } }),
  };
}

function tcp(port: number) {
  return { port, protocol: 'TCP' } as const;
}
