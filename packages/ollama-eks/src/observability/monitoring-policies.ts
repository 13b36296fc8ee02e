/** Who reaches whom in the namespace of the installed Prometheus, as the network sees it. */
import type {
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
} from 'kubernetes-types/networking/v1';
import { HBONE_PORT, ISTIOD_METRICS_PORT, PROBE_SOURCE_CIDR, PROXY_METRICS_PORT } from '../catalogue/ambient';
import type { Manifest } from '../gitops/application';
import { GATEWAY_NAMESPACE, MESH_NAMESPACE, MONITORING, NAME_LABEL, OLLAMA } from '../workload/names';
import { NAME_RESOLUTION, networkPolicy, podsOf, tcp } from '../workload/network-policy';
import { ARGO_CD_METRICS } from './scrape-targets';

/** `app.kubernetes.io/name` of the pods that the chart and the operator create. */
export const MONITORING_PODS = {
  operator: 'kube-prometheus-stack-prometheus-operator',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  kubeStateMetrics: 'kube-state-metrics',
  grafana: 'grafana',
} as const;
type MonitoringPod = keyof typeof MONITORING_PODS;

/** Ports that the kubelet probes. */
const PROBED: Readonly<Record<MonitoringPod, readonly number[]>> = {
  operator: [8080],
  prometheus: [9090],
  alertmanager: [9093],
  kubeStateMetrics: [8080, 8081],
  grafana: [3000],
};

/** Ranges through which pods reach the Kubernetes API: the network interfaces of the control plane, and its Service. */
export interface ApiServerCidrs {
  readonly vpcCidr: string;
  readonly serviceCidr: string;
}

/** Returns the policies. Alertmanager may call any server over HTTPS, and mail servers: receivers are yours. */
export function monitoringPolicies({ vpcCidr, serviceCidr }: ApiServerCidrs, grafana: boolean): readonly Manifest[] {
  const apiServer: NetworkPolicyEgressRule = {
    to: [{ ipBlock: { cidr: vpcCidr } }, { ipBlock: { cidr: serviceCidr } }],
    ports: tcp(443),
  };
  const scrapes: readonly NetworkPolicyEgressRule[] = [
    { to: [podsOf(OLLAMA), pods('kubeStateMetrics'), pods('alertmanager')], ports: tcp(HBONE_PORT) },
    { to: [podsOf(GATEWAY_NAMESPACE), podsOf(MESH_NAMESPACE)], ports: tcp(PROXY_METRICS_PORT) },
    { to: [podsOf(MESH_NAMESPACE)], ports: tcp(ISTIOD_METRICS_PORT) },
    {
      to: [{ namespaceSelector: {}, podSelector: { matchLabels: ARGO_CD_METRICS.matchLabels } }],
      ports: tcp(ARGO_CD_METRICS.port),
    },
  ];
  return [
    networkPolicy({ name: 'default-deny', namespace: MONITORING }),
    policy('operator', [], [apiServer]),
    policy('prometheus', grafana ? ['grafana'] : [], [apiServer, ...scrapes]),
    policy('alertmanager', ['prometheus'], [{ ports: tcp(443, 587) }]),
    policy('kubeStateMetrics', ['prometheus'], [apiServer]),
    ...(grafana ? [policy('grafana', [], [{ to: [pods('prometheus')], ports: tcp(HBONE_PORT) }])] : []),
  ];
}

function policy(
  pod: MonitoringPod,
  callers: readonly MonitoringPod[],
  egress: readonly NetworkPolicyEgressRule[],
): Manifest {
  const probes: NetworkPolicyIngressRule = {
    from: [{ ipBlock: { cidr: PROBE_SOURCE_CIDR } }],
    ports: tcp(...PROBED[pod]),
  };
  const calls = callers.length === 0 ? [] : [{ from: callers.map(pods), ports: tcp(HBONE_PORT) }];
  return networkPolicy({
    name: MONITORING_PODS[pod],
    namespace: MONITORING,
    pods: pods(pod).podSelector,
    ingress: [...calls, probes],
    egress: [NAME_RESOLUTION, ...egress],
  });
}

function pods(pod: MonitoringPod): NetworkPolicyPeer {
  return { podSelector: { matchLabels: { [NAME_LABEL]: MONITORING_PODS[pod] } } };
}
