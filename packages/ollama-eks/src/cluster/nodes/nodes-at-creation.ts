import { refuser } from '../../errors';
import type { IConstruct } from '../../framework';
import type { GpuPool } from './gpu-pool';

/**
 * Context key of the clusters whose GPU node groups are created without nodes: `["<cluster>"]`. `ollama-eks deploy` sets it for a first
 * installation, and starts the nodes itself once the mesh is up. Anything else that applies the stack creates the nodes at once.
 * Terraform ignores the number of nodes of a group that exists, so a later plan is empty with and without it.
 */
export const DEFERRED_NODES_CONTEXT = 'ollama-eks:deferredNodes';

const refuse = refuser({
  property: DEFERRED_NODES_CONTEXT,
  allowed: 'a list of names of clusters',
  remedy: 'omit it from the context: only ollama-eks deploy needs it',
});

/**
 * Returns the number of nodes that a pool's node group is created with.
 * @throws ValidationError for a context that would be silently ignored
 */
export function nodesAtCreation(
  scope: IConstruct,
  clusterName: string,
  { minSize, initialSize, warmPool }: GpuPool,
): number {
  const clusters: unknown = scope.node.tryGetContext(DEFERRED_NODES_CONTEXT) ?? [];
  if (!Array.isArray(clusters) || clusters.some((name) => typeof name !== 'string')) {
    return refuse({ value: clusters, problem: 'must be a list of texts' });
  }
  // EKS starts the minimum of nodes in any case, and a warm pool launches the nodes that do not run yet, so there is nothing to defer.
  return minSize === 0 && warmPool === undefined && clusters.includes(clusterName) ? 0 : initialSize;
}
