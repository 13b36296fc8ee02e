import { AMBIENT_NAMESPACE_LABELS } from '../catalogue/ambient';
import { CHARTS } from '../catalogue/chart-versions';
import type { Application } from '../gitops/application';
import { gp3StorageClass } from '../workload/gp3-storage-class';
import { MONITORING } from '../workload/names';
import { dashboards } from './dashboards';
import type { InstalledPrometheus } from './installed-prometheus';
import { type ApiServerCidrs, monitoringPolicies } from './monitoring-policies';
import { prometheusStackValues } from './prometheus-stack-values';

/** Time for objects that start nothing. */
const OBJECTS_TIMEOUT_SECONDS = 300;
/** Nodes pull the images, and a volume is created. */
const ROLLOUT_TIMEOUT_SECONDS = 900;

/** What the installation depends on. */
export interface PrometheusStackInput extends ApiServerCidrs {
  readonly prometheus: InstalledPrometheus;
  /** Tags of the volume; none where the CSI driver adds them. */
  readonly volumeTags?: Readonly<Record<string, string>>;
}

/**
 * Returns the Applications of a Prometheus with its operator. Definitions come long before the first object of their kinds, and the
 * programs last: nothing waits for them.
 */
export function prometheusStack(input: PrometheusStackInput): readonly Application[] {
  const { repository, chart, version } = CHARTS.kubePrometheusStack;
  return [
    definitions(),
    foundation(input),
    {
      name: MONITORING,
      wave: 6,
      namespace: { name: MONITORING },
      project: 'platform',
      source: { kind: 'chart', repository, chart, version, values: prometheusStackValues(input.prometheus) },
      healthGate: { timeoutSeconds: ROLLOUT_TIMEOUT_SECONDS },
    },
  ];
}

/** Never pruned or deleted: deleting a definition deletes every monitor in the cluster, including those of others. */
function definitions(): Application {
  const { repository, chart, version } = CHARTS.prometheusOperatorCrds;
  return {
    name: chart,
    wave: -2,
    namespace: { name: 'kube-system' },
    project: 'platform',
    source: {
      kind: 'chart',
      repository,
      chart,
      version,
      values: { crds: { annotations: { 'helm.sh/resource-policy': 'keep' } } },
    },
    // The definitions are larger than the annotation in which a client-side apply would keep its copy.
    syncOptions: ['ServerSideApply=true', 'Prune=false'],
    healthGate: { timeoutSeconds: OBJECTS_TIMEOUT_SECONDS },
    cascade: false,
  };
}

/** What must exist before the first pod: the namespace with its policies, the class of the volume, and the dashboards. */
function foundation({ prometheus, volumeTags, vpcCidr, serviceCidr }: PrometheusStackInput): Application {
  const { grafana } = prometheus;
  return {
    name: `${MONITORING}-foundation`,
    wave: 0,
    namespace: { name: MONITORING, podSecurity: 'restricted', labels: AMBIENT_NAMESPACE_LABELS },
    project: 'platform',
    source: {
      kind: 'manifests',
      manifests: [
        gp3StorageClass({ name: MONITORING, tags: volumeTags }),
        ...monitoringPolicies({ vpcCidr, serviceCidr }, grafana),
        ...(grafana ? dashboards(MONITORING) : []),
      ],
    },
    healthGate: { timeoutSeconds: OBJECTS_TIMEOUT_SECONDS },
  };
}
