// https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-collector-how-to.html#AMP-collector-configuration
import { OLLAMA } from '../workload/names';
import { toYaml } from '../yaml';
import type { Relabeling } from './monitoring-types';
import { SCRAPE_TARGETS, type ScrapeTarget } from './scrape-targets';

/** Time between two scrapes, that of AWS' own configuration. AWS charges for each sample. */
const INTERVAL = '30s';

/** A rule of Prometheus' own configuration. @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config */
interface RelabelConfig {
  readonly source_labels: readonly string[];
  readonly regex?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly action?: 'keep' | 'drop';
}

/** Returns the configuration of a collector in Prometheus' own format, with the labels that the Prometheus operator adds. */
export function scrapeConfiguration(): string {
  return toYaml({ global: { scrape_interval: INTERVAL }, scrape_configs: SCRAPE_TARGETS.map(scrapeConfig) });
}

/**
 * Pods are discovered once for each of their ports. Without a label of the port or container, these are one target, whose address is
 * that of the pod.
 */
function scrapeConfig({ name, namespace, matchLabels, port, path, relabelings = [], kept }: ScrapeTarget): object {
  const required: readonly (readonly [label: string, value: string])[] = [
    ...(namespace === undefined ? [] : [['namespace', namespace] as const]),
    ...Object.entries(matchLabels).map(([label, value]) => [`pod_label_${nameOf(label)}`, value] as const),
  ];
  return {
    job_name: `${OLLAMA}/${name}`,
    kubernetes_sd_configs: [{ role: 'pod' }],
    ...(path !== undefined && { metrics_path: path }),
    relabel_configs: [
      ...required.map(([label, value]): RelabelConfig => ({
        source_labels: [`__meta_kubernetes_${label}`],
        regex: value,
        action: 'keep',
      })),
      { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Failed|Succeeded', action: 'drop' },
      { source_labels: ['__meta_kubernetes_pod_ip'], replacement: `$1:${port}`, target_label: '__address__' },
      { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
      { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
      ...relabelings.map(relabelConfig),
    ],
    ...(kept !== undefined && {
      metric_relabel_configs: [{ source_labels: ['__name__'], regex: kept, action: 'keep' }],
    }),
  };
}

function relabelConfig({ sourceLabels, regex, targetLabel, action }: Relabeling): RelabelConfig {
  return { source_labels: sourceLabels, regex, target_label: targetLabel, action };
}

/** Returns the name by which Prometheus knows a label of Kubernetes. */
function nameOf(label: string): string {
  return label.replace(/[^A-Za-z0-9_]/g, '_');
}
