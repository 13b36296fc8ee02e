/** What the cluster contributes so that its Prometheus scrapes, records, alerts and draws. */
import type { Application } from '../gitops/application';
import { OLLAMA } from '../workload/names';
import { scraperOf } from './collector';
import { dashboards } from './dashboards';
import { loadBalancerDashboard } from './dashboards/load-balancer';
import { gpuExporter, type GpuNodePool } from './gpu-exporter';
import { installedPrometheus } from './installed-prometheus';
import type { PrometheusRule } from './monitoring-types';
import type { ObservabilityProps } from './observability-props';
import { podMonitors } from './pod-monitors';
import { prometheusStack, type PrometheusStackInput } from './prometheus-stack';
import { ruleGroups, type RuleInput } from './rule-groups';

/** Time for objects; the exporters of GPU nodes are not waited for. */
const TIMEOUT_SECONDS = 300;

/** What the metrics depend on. */
export interface ObservabilityInput extends RuleInput, Omit<PrometheusStackInput, 'prometheus'> {
  readonly props: ObservabilityProps;
  readonly pools: readonly (GpuNodePool & RuleInput['pools'][number])[];
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
 * Grafana's sidecar finds dashboards in any namespace; an installed one mounts them from its own. A collector of AWS reads no objects
 * of the Prometheus operator: its rules are in its workspace.
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
        ...gpuExporter(pools, vpcCidr, scraperOf(props, vpcCidr)),
        ...(props.metrics === 'amp' ? [] : [...podMonitors(labels), rules(labels, input)]),
        ...(props.metrics === 'prometheus' ? [] : [...dashboards(OLLAMA), loadBalancerDashboard(OLLAMA)]),
      ],
    },
    healthGate: { timeoutSeconds: TIMEOUT_SECONDS, waitForHealth: false },
  };
}

function rules(labels: Readonly<Record<string, string>>, input: ObservabilityInput): PrometheusRule {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'ollama', namespace: OLLAMA, ...(Object.keys(labels).length > 0 && { labels }) },
    spec: { groups: ruleGroups(input) },
  };
}
