import { OLLAMA } from '../workload/names';
import type { PodMonitor } from './monitoring-types';
import { SCRAPE_TARGETS } from './scrape-targets';

/** Time between two scrapes. */
const INTERVAL = '15s';

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
