import { ISTIOD_METRICS_PORT, PROXY_METRICS_PORT } from '../catalogue/ambient';
import { METRICS_PORT } from '../workload/metrics-script';
import {
  GATEWAY_LABELS,
  GATEWAY_NAMESPACE,
  ISTIOD,
  MESH_NAMESPACE,
  NAME_LABEL,
  OLLAMA,
  ZTUNNEL,
} from '../workload/names';
import { GPU_METRICS_PORT } from '../workload/scraper';
import { GPU_EXPORTER } from './gpu-exporter';
import { CERTIFICATE_METRICS } from './queries';
import type { PodMonitor, Relabeling } from './monitoring-types';

/**
 * The controller of Argo CD, in the namespace that its delivery chose; Helm deliveries have none.
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/metrics/
 */
export const ARGO_CD_METRICS = { matchLabels: { [NAME_LABEL]: 'argocd-application-controller' }, port: 8082 } as const;

/** Time between two scrapes. */
const INTERVAL = '15s';

/** Replaces the pod's label of its pool, so that nodes without requests are counted, too. */
const POOL: Relabeling = { sourceLabels: ['__meta_kubernetes_pod_label_ollama_eks_pool'], targetLabel: 'pool' };
/** The metrics of a gateway that rules and dashboards use; Envoy has thousands. */
const GATEWAY_METRICS = `istio_requests_total|istio_request_duration_milliseconds_.*|envoy_cluster_upstream_rq_active|${CERTIFICATE_METRICS}`;
const MESH_METRICS =
  'istio_tcp_.*|istio_xds_.*|istio_build|pilot_xds|pilot_proxy_convergence_time_.*|process_.*|workload_manager_.*';

interface Target {
  readonly name: string;
  /** @default - any namespace */
  readonly namespace?: string;
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly port: number;
  readonly path?: string;
  readonly relabelings?: readonly Relabeling[];
  /** Pattern of the metrics that are kept. @default - all */
  readonly kept?: string;
}

/** Everything that is scraped, each by the name of its job, which is `ollama/NAME`. */
export const SCRAPE_TARGETS: readonly Target[] = [
  { name: 'ollama-servers', namespace: OLLAMA, matchLabels: { [NAME_LABEL]: OLLAMA }, port: METRICS_PORT },
  {
    name: 'ollama-gpus',
    namespace: OLLAMA,
    matchLabels: { [NAME_LABEL]: GPU_EXPORTER },
    port: GPU_METRICS_PORT,
    relabelings: [POOL],
  },
  {
    name: 'ollama-gateway',
    namespace: GATEWAY_NAMESPACE,
    matchLabels: GATEWAY_LABELS,
    port: PROXY_METRICS_PORT,
    path: '/stats/prometheus',
    kept: GATEWAY_METRICS,
  },
  {
    name: ISTIOD,
    namespace: MESH_NAMESPACE,
    matchLabels: { app: ISTIOD },
    port: ISTIOD_METRICS_PORT,
    kept: MESH_METRICS,
  },
  {
    name: ZTUNNEL,
    namespace: MESH_NAMESPACE,
    matchLabels: { app: ZTUNNEL },
    port: PROXY_METRICS_PORT,
    kept: MESH_METRICS,
  },
  { name: 'argocd', ...ARGO_CD_METRICS, kept: 'argocd_app_(info|sync_total|reconcile_.*)' },
];

/** Returns a PodMonitor for each target, all in the namespace of the servers. */
export function podMonitors(labels: Readonly<Record<string, string>>): readonly PodMonitor[] {
  return SCRAPE_TARGETS.map(({ name, namespace, matchLabels, port, path = '/metrics', relabelings, kept }) => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name, namespace: OLLAMA, ...(Object.keys(labels).length > 0 && { labels }) },
    spec: {
      selector: { matchLabels },
      namespaceSelector: namespace === undefined ? { any: true } : { matchNames: [namespace] },
      podMetricsEndpoints: [
        {
          portNumber: port,
          path,
          interval: INTERVAL,
          ...(relabelings !== undefined && { relabelings }),
          ...(kept !== undefined && {
            metricRelabelings: [{ sourceLabels: ['__name__'], regex: kept, action: 'keep' as const }],
          }),
        },
      ],
    },
  }));
}
