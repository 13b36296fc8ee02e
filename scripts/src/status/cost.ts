import type { ClusterSummary } from '@org/ollama-eks/pure';
import type { KubernetesObject } from '../systems/kubectl';

/** Label of a node that holds its instance type. @see https://kubernetes.io/docs/reference/labels-annotations-taints/ */
export const INSTANCE_TYPE_LABEL = 'node.kubernetes.io/instance-type';

const HOUR = 3600 * 1000;

/** `2 × g5.12xlarge` */
const NODES = /^(?<count>\d+) × (?<type>[a-z0-9-]+\.[a-z0-9]+)$/;

/** Cost since midnight UTC, in USD at list prices. */
export interface CostToday {
  readonly usd: number;
  /** Instance types without a known price; the sum does not include them. */
  readonly unpriced: readonly string[];
}

/** Calculates the cost of the existing nodes today and of what is always paid for. Nodes that were deleted today are not included. */
export function costToday({ costLines }: ClusterSummary, nodes: readonly KubernetesObject[], now: number): CostToday {
  const midnight = new Date(now).setUTCHours(0, 0, 0, 0);
  const prices = new Map<string, number>();
  let always = 0;
  for (const { name, hourly } of costLines) {
    const { count, type } = NODES.exec(name)?.groups ?? {};
    if (count === undefined || type === undefined) always += hourly;
    else prices.set(type, hourly / Number(count));
  }
  const created = nodes.map((node) => Date.parse(node.metadata.creationTimestamp ?? '') || midnight);
  const since = Math.max(midnight, Math.min(now, ...created));
  let usd = always * ((now - since) / HOUR);
  const unpriced = new Set<string>();
  nodes.forEach((node, index) => {
    const type = node.metadata.labels?.[INSTANCE_TYPE_LABEL] ?? 'unknown';
    const price = prices.get(type);
    if (price === undefined) unpriced.add(type);
    else usd += price * ((now - Math.max(midnight, created[index] ?? midnight)) / HOUR);
  });
  return { usd: Math.round(usd * 100) / 100, unpriced: [...unpriced].sort() };
}
