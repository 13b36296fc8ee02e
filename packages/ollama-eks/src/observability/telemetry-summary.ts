/** What the metrics of an installation take and where they go, for its summary. */
import { GPU_EXPORTER_REQUESTS, METRICS_EXPORTER_REQUESTS, MONITORING_REQUESTS } from '../sizing/telemetry-requests';
import { OLLAMA } from '../workload/names';
import { installedPrometheus } from './installed-prometheus';
import type { ObservabilityProps } from './observability-props';
import { SCRAPE_TARGETS } from './scrape-targets';

/** What is measured, and what that takes. */
export interface TelemetrySummary {
  /** Who collects: `prometheus`, `existing` or `amp`. */
  readonly metrics: 'prometheus' | 'existing' | 'amp';
  /** What is scraped, by the name of the job. */
  readonly jobs: readonly string[];
  /** Where metrics and alerts go, as a noun phrase. */
  readonly destination: string;
  /** What all programs for it request together, with all replicas running: thousandths of a CPU, and MiB of memory. */
  readonly requestedCpuMillis: number;
  readonly requestedMemoryMiB: number;
}

/** Numbers of servers and GPU nodes that run. */
export interface Measured {
  readonly servers: number;
  readonly gpuNodes: number;
}

/** Summarizes the metrics. */
export function telemetrySummary(props: ObservabilityProps, { servers, gpuNodes }: Measured): TelemetrySummary {
  const programs = [
    ...Array.from({ length: servers }, () => METRICS_EXPORTER_REQUESTS),
    ...Array.from({ length: gpuNodes }, () => GPU_EXPORTER_REQUESTS),
    ...monitoring(props),
  ];
  return {
    metrics: props.metrics,
    jobs: SCRAPE_TARGETS.map(({ name }) => `${OLLAMA}/${name}`),
    destination: destinationOf(props),
    requestedCpuMillis: programs.reduce((sum, { cpuMillis }) => sum + cpuMillis, 0),
    requestedMemoryMiB: programs.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0),
  };
}

/** Programs on the system nodes, which only an installed Prometheus has. */
function monitoring(props: ObservabilityProps) {
  if (props.metrics !== 'prometheus') return [];
  const { grafana, ...others } = MONITORING_REQUESTS;
  return [...Object.values(others), ...(installedPrometheus(props).grafana ? [grafana] : [])];
}

function destinationOf(props: ObservabilityProps): string {
  switch (props.metrics) {
    case 'prometheus':
      return 'a volume in the cluster; alerts to the receivers of Alertmanager, none at first';
    case 'existing':
      return `the Prometheus in ${props.prometheus.namespace}`;
    case 'amp':
      return (
        'Amazon Managed Service for Prometheus, in the same account; alerts ' +
        (props.alertTopicArn === undefined ? 'to nobody' : 'to an SNS topic')
      );
  }
}
