import { POOL_LABEL, type ClusterSummary } from '@org/ollama-eks/pure';
import { UsageError } from '../program/errors';
import type { Aws, NodeGroup } from '../systems/aws';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';
import { isReady, poolOf, serverPods, type Pod } from './server-pods';
import { serverWorkloads, type Workload } from './workloads';

/** A GPU node. */
export interface Node extends KubernetesObject {
  readonly spec?: { readonly providerID?: string; readonly taints?: readonly { readonly key: string }[] };
  readonly status: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly lastTransitionTime?: string;
    }[];
    readonly allocatable?: Readonly<Record<string, string>>;
  };
}

/** Current state of a pool of GPU nodes. */
export interface Pool {
  readonly name: string;
  readonly nodeGroup: NodeGroup;
  readonly nodes: readonly Node[];
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
}

/** Reads every pool whose nodes serve models, in the order of the project, then alphabetically. */
export async function readPools(
  kubectl: Kubectl,
  aws: Aws,
  cluster: string,
  summary?: ClusterSummary,
): Promise<readonly Pool[]> {
  const [groups, nodes, workloads, pods] = await Promise.all([
    aws.nodeGroups(cluster),
    listNodes(kubectl),
    serverWorkloads(kubectl),
    serverPods(kubectl),
  ]);
  const served = new Set([...workloads.map(poolOf), ...(summary?.pools ?? []).map(({ name }) => name)]);
  const order = (summary?.pools ?? []).map(({ name }) => name);
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return groups
    .flatMap((nodeGroup) => {
      const name = nodeGroup.labels?.[POOL_LABEL];
      if (name === undefined || !served.has(name)) return [];
      const own = (object: KubernetesObject) => poolOf(object) === name;
      return [
        {
          name,
          nodeGroup,
          nodes: nodes.filter(own),
          workloads: workloads.filter(own),
          pods: pods.filter(own),
        },
      ];
    })
    .sort((left, right) => rank(left.name) - rank(right.name) || left.name.localeCompare(right.name));
}

/**
 * Taint of a node whose instance is stopped, as in a warm pool.
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#node-cloudprovider-kubernetes-io-shutdown
 */
const SHUTDOWN = 'node.cloudprovider.kubernetes.io/shutdown';

/** Lists the nodes without those whose instance is stopped: they neither serve nor cost as much. */
export async function listNodes(kubectl: Kubectl): Promise<readonly Node[]> {
  return (await kubectl.list<Node>('nodes')).filter(({ spec }) => !spec?.taints?.some(({ key }) => key === SHUTDOWN));
}

/** Returns the pools of that name, or all. Throws UsageError that lists the names. */
export function choosePools(pools: readonly Pool[], name: string | undefined): readonly Pool[] {
  const names = pools.map((pool) => pool.name).join(', ');
  if (pools.length === 0)
    throw new UsageError('the cluster has no pool of GPU nodes with servers', {
      remedy: 'name another cluster with --cluster',
    });
  if (name === undefined) return pools;
  const chosen = pools.filter((pool) => pool.name === name);
  if (chosen.length === 0) throw new UsageError(`pool ${JSON.stringify(name)} does not exist`, { allowed: names });
  return chosen;
}

export function isNodeReady({ status }: Node): boolean {
  return status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;
}

/** Counts the ready servers of a pool. */
export function readyServers({ pods }: Pool): number {
  return pods.filter(isReady).length;
}
