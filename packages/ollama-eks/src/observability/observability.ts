/** What the cluster contributes so that its Prometheus scrapes, records, alerts and draws. */
import type { Application } from '../gitops/application';
import { OLLAMA } from '../workload/names';
import { alertingRule, ALERTS, budgetAlert } from './alerts';
import { scraperOf } from './collector';
import { dashboards } from './dashboards';
import { gpuExporter, type GpuNodePool } from './gpu-exporter';
import { installedPrometheus } from './installed-prometheus';
import type { PrometheusRule } from './monitoring-types';
import type { ObservabilityProps } from './observability-props';
import { podMonitors } from './pod-monitors';
import { prometheusStack, type PrometheusStackInput } from './prometheus-stack';
import { type NodePrices, recordingRules } from './recording-rules';

/** Time for objects; the exporters of GPU nodes are not waited for. */
const TIMEOUT_SECONDS = 300;

/** What the metrics depend on. */
export interface ObservabilityInput extends NodePrices, Omit<PrometheusStackInput, 'prometheus'> {
  readonly props: ObservabilityProps;
  readonly pools: readonly (GpuNodePool & NodePrices['pools'][number])[];
  /**
   * Monthly budget in USD.
   * @default - none
   */
  readonly monthlyUsd?: number;
}

/** Returns what measures, and what collects if it is to be installed. */
export function observabilityApplications(input: ObservabilityInput): readonly Application[] {
  const { props, vpcCidr, serviceCidr, volumeTags } = input;
  return [
    ...(props.metrics === 'prometheus'
      ? prometheusStack({ prometheus: installedPrometheus(props), vpcCidr, serviceCidr, volumeTags })
      : []),
    measurements(input),
  ];
}

/**
 * Returns an Application of the last wave, on which nothing waits: telemetry that fails must not keep models from being served.
 * Grafana's sidecar finds dashboards in any namespace; an installed one mounts them from its own.
 */
function measurements(input: ObservabilityInput): Application {
  const { props, pools, vpcCidr } = input;
  const labels = props.metrics === 'existing' ? (props.prometheus.labels ?? {}) : {};
  return {
    name: 'ollama-observability',
    wave: 6,
    namespace: { name: OLLAMA },
    project: 'workload',
    source: {
      kind: 'manifests',
      manifests: [
        ...gpuExporter(pools, vpcCidr, scraperOf(props)),
        ...podMonitors(labels),
        rules(labels, input),
        ...(props.metrics === 'existing' ? dashboards(OLLAMA) : []),
      ],
    },
    healthGate: { timeoutSeconds: TIMEOUT_SECONDS, waitForHealth: false },
  };
}

function rules(labels: Readonly<Record<string, string>>, input: ObservabilityInput): PrometheusRule {
  const { monthlyUsd } = input;
  const alerts = [...ALERTS, ...(monthlyUsd === undefined ? [] : [budgetAlert(monthlyUsd)])];
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'ollama', namespace: OLLAMA, ...(Object.keys(labels).length > 0 && { labels }) },
    spec: {
      groups: [
        { name: 'ollama', rules: recordingRules(input) },
        { name: 'ollama-alerts', rules: alerts.map(alertingRule) },
      ],
    },
  };
}
