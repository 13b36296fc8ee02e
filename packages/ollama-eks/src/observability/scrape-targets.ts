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
import { GPU_EXPORTER, GPU_METRICS_PORT } from '../workload/scraper';
import { CERTIFICATE_METRICS } from './queries';
import type { Relabeling } from './monitoring-types';

/**
 * The controller of Argo CD, in the namespace that its delivery chose; Helm deliveries have none.
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/metrics/
 */
export const ARGO_CD_METRICS = { matchLabels: { [NAME_LABEL]: 'argocd-application-controller' }, port: 8082 } as const;

/** Replaces the pod's label of its pool, so that nodes without requests are counted, too. */
const POOL: Relabeling = { sourceLabels: ['__meta_kubernetes_pod_label_ollama_eks_pool'], targetLabel: 'pool' };
/** The metrics of a gateway that rules and dashboards use; Envoy has thousands. */
const GATEWAY_METRICS = `istio_requests_total|istio_request_duration_milliseconds_.*|envoy_cluster_upstream_rq_active|${CERTIFICATE_METRICS}`;
const MESH_METRICS =
  'istio_tcp_.*|istio_xds_.*|istio_build|pilot_xds|pilot_proxy_convergence_time_.*|process_.*|workload_manager_.*';

/** Pods that are scraped. */
export interface ScrapeTarget {
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
export const SCRAPE_TARGETS: readonly ScrapeTarget[] = [
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
