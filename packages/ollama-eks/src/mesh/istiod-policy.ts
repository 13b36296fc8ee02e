// https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
import type { NetworkPolicy } from 'kubernetes-types/networking/v1';
import { ISTIOD_METRICS_PORT, ISTIOD_PORT } from '../catalogue/ambient';
import type { Manifest } from '../gitops/application';
import { MESH_NAMESPACE } from '../workload/names';
import { scraperPeers } from '../workload/scrape-rules';
import type { Scraper } from '../workload/scraper';

/** Port of the webhooks, which only the API server calls; its addresses are not known. */
const WEBHOOK_PORT = 15017;

/**
 * Admits only authenticated requests to istiod. The policy of the chart also admits every pod to plaintext xDS (15010) and to
 * the debug pages (8080, 15014), which show the configuration of the whole mesh; only Prometheus may reach 15014, for metrics.
 * `istioctl` is not affected, since it forwards a port to the pod; nor are the kubelet's probes, which come from the node.
 */
export function istiodPolicy(scraper?: Scraper): NetworkPolicy & Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'istiod-callers', namespace: MESH_NAMESPACE },
    spec: {
      podSelector: { matchLabels: { app: 'istiod' } },
      policyTypes: ['Ingress'],
      ingress: [
        { ports: [ISTIOD_PORT, WEBHOOK_PORT].map((port) => ({ port, protocol: 'TCP' })) },
        ...(scraper === undefined
          ? []
          : [{ from: scraperPeers(scraper), ports: [{ port: ISTIOD_METRICS_PORT, protocol: 'TCP' }] }]),
      ],
    },
  };
}
