import { OLLAMA, POOL_LABEL } from '@org/ollama-eks/pure';
import type { NodeGroup } from '../systems/aws';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';
import { poolOf, SERVER_SELECTOR } from './server-pods';

/** A Deployment or StatefulSet. */
export interface Workload extends KubernetesObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

/** Lists the Deployments and StatefulSets of the servers. */
export async function serverWorkloads(kubectl: Kubectl): Promise<readonly Workload[]> {
  const kinds = ['deployments.apps', 'statefulsets.apps'];
  return (await Promise.all(kinds.map((kind) => kubectl.list<Workload>(kind, OLLAMA, SERVER_SELECTOR)))).flat();
}

/** Returns the number of pods that a workload should have. The default of Kubernetes is one. */
export function replicasOf({ spec }: Workload): number {
  return spec.replicas ?? 1;
}

/** Returns the number of its pods that are ready. */
export function readyReplicas({ status }: Workload): number {
  return status?.readyReplicas ?? 0;
}

/**
 * Whether a pool has nodes, or will: not if it is on standby, or if a schedule has stopped it. Its servers stay pending then, since neither
 * changes their number. Nodes that belong to no node group are not known, so they count.
 */
export function hasNodes(pool: string, groups: readonly NodeGroup[]): boolean {
  const own = groups.filter(({ labels }) => labels?.[POOL_LABEL] === pool);
  return own.length === 0 || own.some(({ scalingConfig }) => scalingConfig.desiredSize > 0);
}

/** Returns the workloads whose servers can run: not those that are scaled to zero, nor those whose pool has no nodes. */
export function wantedWorkloads(workloads: readonly Workload[], groups: readonly NodeGroup[]): readonly Workload[] {
  return workloads.filter((workload) => replicasOf(workload) > 0 && hasNodes(poolOf(workload), groups));
}
