import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';
import { podsOf } from './network-policy';

/** Port of the GPUs' metrics. */
export const GPU_METRICS_PORT = 9400;

/** Prometheus, as policies recognize it. It must be in the mesh, since servers accept nothing else. */
export interface Scraper {
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

/** Label that the Prometheus operator sets on the pods of every Prometheus. */
const PROMETHEUS_LABELS = { 'app.kubernetes.io/name': 'prometheus' };

/** Returns its pods, for a NetworkPolicy. */
export function scraperPods({ namespace }: Scraper): NetworkPolicyPeer {
  return podsOf(namespace, PROMETHEUS_LABELS);
}
