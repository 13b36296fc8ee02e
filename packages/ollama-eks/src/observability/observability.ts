/** What the cluster contributes so that its Prometheus scrapes, records, alerts and draws. */
import { isLabelKey, isLabelValue, LABEL_KEY_FORM, LABEL_VALUE_FORM } from '../catalogue/kubernetes-labels';
import { DNS_LABEL, DNS_SUBDOMAIN } from '../catalogue/kubernetes-names';
import { refuser, ValidationError } from '../errors';
import type { Application } from '../gitops/application';
import { OLLAMA } from '../workload/names';
import type { Scraper } from '../workload/scraper';
import { alertingRule, ALERTS, budgetAlert } from './alerts';
import { dashboards } from './dashboards';
import { gpuExporter, type GpuNodePool } from './gpu-exporter';
import type { PrometheusRule } from './monitoring-types';
import { METRICS_COLLECTORS, type ObservabilityProps } from './observability-props';
import { podMonitors } from './pod-monitors';
import { type NodePrices, recordingRules } from './recording-rules';

/** Time for objects; the exporters of GPU nodes are not waited for. */
const TIMEOUT_SECONDS = 300;

/** What the metrics depend on. */
export interface ObservabilityInput extends NodePrices {
  readonly props: ObservabilityProps;
  readonly pools: readonly (GpuNodePool & NodePrices['pools'][number])[];
  /** IPv4 range of the nodes. */
  readonly vpcCidr: string;
  /**
   * Monthly budget in USD.
   * @default - none
   */
  readonly monthlyUsd?: number;
}

/** Checks the props, and returns the Prometheus that policies admit. */
export function scraperOf(props: ObservabilityProps): Scraper {
  const { metrics, prometheus } = props;
  if (!METRICS_COLLECTORS.includes(metrics)) {
    throw new ValidationError({
      property: 'observability.metrics',
      value: metrics,
      problem: 'is not supported',
      allowed: METRICS_COLLECTORS.join(', '),
      remedy: 'use a Prometheus that the Prometheus operator runs in the cluster',
    });
  }
  const { namespace, serviceAccount, labels = {} } = prometheus;
  checkName('namespace', namespace, DNS_LABEL, 'a DNS label: a-z, 0-9 and "-"');
  checkName('serviceAccount', serviceAccount, DNS_SUBDOMAIN, 'a DNS subdomain: a-z, 0-9, "-" and "."');
  checkLabels(labels);
  return { namespace, serviceAccount };
}

/**
 * Returns an Application of the last wave, on which nothing waits: telemetry that fails must not keep models from being served.
 */
export function observabilityApplication(input: ObservabilityInput): Application {
  const { props, pools, vpcCidr } = input;
  const { labels = {} } = props.prometheus;
  const scraper = scraperOf(props);
  return {
    name: 'ollama-observability',
    wave: 6,
    namespace: { name: OLLAMA },
    project: 'workload',
    source: {
      kind: 'manifests',
      manifests: [
        ...gpuExporter(pools, vpcCidr, scraper),
        ...podMonitors(labels),
        rules(labels, input),
        ...dashboards(),
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

function checkName(property: string, value: string, pattern: RegExp, form: string): void {
  if (pattern.test(value)) return;
  throw new ValidationError({
    property: `observability.prometheus.${property}`,
    value,
    problem: 'must be a Kubernetes name',
    allowed: `${form}, known at synth`,
    remedy: 'copy it from `kubectl get pods --all-namespaces -l app.kubernetes.io/name=prometheus`',
  });
}

/** Values known only at apply do not have the form either; monitors are rendered to Git. */
function checkLabels(labels: Readonly<Record<string, string>>): void {
  const property = 'observability.prometheus.labels';
  const refuse = refuser({
    problem: 'is not valid in Kubernetes',
    remedy: 'copy podMonitorSelector.matchLabels of `kubectl get prometheuses --all-namespaces --output yaml`',
  });
  for (const [key, value] of Object.entries(labels)) {
    if (!isLabelKey(key)) refuse({ property, value: key, allowed: `${LABEL_KEY_FORM}, known at synth` });
    if (!isLabelValue(value)) {
      refuse({ property: `${property}["${key}"]`, value, allowed: `${LABEL_VALUE_FORM}, known at synth` });
    }
  }
}
