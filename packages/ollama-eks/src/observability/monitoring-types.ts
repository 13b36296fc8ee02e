// https://prometheus-operator.dev/docs/api-reference/api/
import type { Manifest } from '../gitops/application';

/** The part of a PodMonitor that is used here. */
export interface PodMonitor extends Manifest {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'PodMonitor';
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly namespaceSelector: { readonly matchNames: readonly string[] } | { readonly any: true };
    readonly podMetricsEndpoints: readonly PodMetricsEndpoint[];
  };
}

interface PodMetricsEndpoint {
  readonly portNumber: number;
  readonly path: string;
  readonly interval: string;
  readonly relabelings?: readonly Relabeling[];
  readonly metricRelabelings?: readonly Relabeling[];
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config */
export interface Relabeling {
  readonly sourceLabels: readonly string[];
  readonly regex?: string;
  readonly targetLabel?: string;
  readonly action?: 'keep' | 'drop';
}

/** The part of a PrometheusRule that is used here. */
export interface PrometheusRule extends Manifest {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'PrometheusRule';
  readonly spec: { readonly groups: readonly RuleGroup[] };
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  /** How long the expression must hold, such as `5m`. */
  readonly for: string;
  readonly labels: { readonly severity: 'critical' | 'warning' };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}
