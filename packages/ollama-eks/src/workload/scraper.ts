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

/** Returns whether a collector is outside of the mesh. */
export function isManagedCollector(scraper: Scraper): scraper is ManagedCollector {
  return 'cidrs' in scraper;
}
