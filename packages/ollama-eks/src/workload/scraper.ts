import type { NetworkPolicyIngressRule, NetworkPolicyPeer } from 'kubernetes-types/networking/v1';
import { HBONE_PORT } from '../catalogue/ambient';
import { podsOf, tcp } from './network-policy';

/** Port of the GPUs' metrics. */
export const GPU_METRICS_PORT = 9400;
/** Name of the objects that export them, and `app.kubernetes.io/name` of their pods. */
export const GPU_EXPORTER = 'ollama-gpu-exporter';

/** What collects metrics, as policies recognize it: pods of the cluster, or a collector outside of it. */
export type Scraper = PrometheusPods | ManagedCollector;

/** A Prometheus in the cluster. It must be in the mesh, since servers accept nothing else from pods. */
export interface PrometheusPods {
  /** Namespace of its pods. */
  readonly namespace: string;
  /** Its ServiceAccount. */
  readonly serviceAccount: string;
  /**
   * Whether it is installed with the endpoint, in a namespace that the mesh enrolls.
   * @default false
   */
  readonly installed?: boolean;
}

/** A collector that AWS runs. It cannot be in the mesh, so it reads the metrics in cleartext, within the VPC. */
export interface ManagedCollector {
  /** IPv4 ranges of its network interfaces, known at synth. */
  readonly cidrs: readonly string[];
}

/** Label that the Prometheus operator sets on the pods of every Prometheus. */
const PROMETHEUS_LABELS = { 'app.kubernetes.io/name': 'prometheus' };

/** Returns whether a collector is outside of the mesh. */
export function isManagedCollector(scraper: Scraper): scraper is ManagedCollector {
  return 'cidrs' in scraper;
}

/** Returns where it connects from, for a NetworkPolicy. */
export function scraperPeers(scraper: Scraper): NetworkPolicyPeer[] {
  return isManagedCollector(scraper)
    ? scraper.cidrs.map((cidr) => ({ ipBlock: { cidr } }))
    : [podsOf(scraper.namespace, PROMETHEUS_LABELS)];
}

/** Returns the rule by which a pod of the mesh admits it to a port: through the mesh or, where it is outside, in cleartext. */
export function meshedScrape(scraper: Scraper, port: number): NetworkPolicyIngressRule {
  return { from: scraperPeers(scraper), ports: tcp(isManagedCollector(scraper) ? port : HBONE_PORT) };
}
