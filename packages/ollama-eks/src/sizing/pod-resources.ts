import type { Fit } from './fit';

/** Which share of a node one server gets. */
export interface PodResourcesOptions {
  readonly fit: Fit;
  /** Servers on one node. @default 1 */
  readonly replicasPerNode?: number;
}

/** Resources of the server's container, as Kubernetes writes them. */
export interface PodResources {
  readonly requests: ResourceQuantities;
  readonly limits: ResourceQuantities;
}

/** Amounts by resource name: `cpu`, `memory`, `nvidia.com/gpu`. */
export interface ResourceQuantities {
  readonly [resource: string]: string;
}

/** Requests and limits from what the node can give. */
export declare function podResources(options: PodResourcesOptions): PodResources;
