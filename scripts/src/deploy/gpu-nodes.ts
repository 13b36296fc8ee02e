/**
 * GPU nodes of a first installation. Their node groups are created without nodes, so that nothing waits for capacity, and no expensive
 * node idles, before the mesh can serve them. A number of nodes that exists is never changed: a schedule or a person has set it.
 */
import { MESH_NAMESPACE, POOL_LABEL, ZTUNNEL, type PoolSummary } from '@org/ollama-eks/pure';
import { waitFor, waitHooks } from '../program/waiting';
import type { Done } from '../program/steps';
import { counted } from '../program/words';
import { wavesOf } from '../project/waves';
import type { Aws, NodeGroup } from '../systems/aws';
import { openCluster } from '../systems/cluster-access';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';
import type { Deployment } from './deployment';
import type { Infrastructure } from './terraform-steps';

/** Pools whose first nodes were requested, by name. */
export type StartedNodes = readonly string[];

/** Seconds of the wait for the mesh. Helm or Argo CD gives up earlier, which ends this wait, too. */
const MESH_TIMES = { expected: 7 * 60, deadline: 75 * 60, interval: 15 } as const;
/**
 * Time for which AWS keeps the activities of an Auto Scaling group.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
 */
const ACTIVITIES_MS = 42 * 24 * 3600 * 1000;

interface DaemonSet extends KubernetesObject {
  readonly status?: { readonly desiredNumberScheduled?: number; readonly numberReady?: number };
}

/** A node group, and the number of nodes that it is to start with. */
interface Start {
  readonly pool: PoolSummary;
  readonly group: NodeGroup;
}

/** Returns the cluster if it has no GPU node group yet; otherwise new pools, and replaced ones, are created with their nodes. */
export async function deferredClusters({ aws, target }: Deployment): Promise<readonly string[]> {
  const { clusterName, summary } = target;
  if (summary === undefined) return [];
  const groups = await aws.nodeGroupsIfAny(clusterName);
  return groups.some(({ labels }) => labels?.[POOL_LABEL] !== undefined) ? [] : [clusterName];
}

/** Requests the first nodes of every pool that never had one, once the mesh is up. */
export async function startGpuNodes(
  { context, aws, target }: Deployment,
  { infrastructure: { project } }: { readonly infrastructure: Infrastructure },
  signal: AbortSignal,
): Promise<Done<StartedNodes>> {
  const pools = target.summary?.pools ?? [];
  const read = () => findStarts(aws, target.clusterName, pools, context.clock.now());
  if ((await read()).length === 0) return { outcome: 'every pool has had its nodes', result: [] };
  const delivered = wavesOf(project).flatMap(({ names }) => names);
  if (delivered.includes(ZTUNNEL)) {
    const kubectl = await openCluster(context, target);
    await waitFor(
      { clock: context.clock, signal },
      {
        subject: 'mesh',
        read: () => isMeshUp(kubectl),
        stateOf: (up) => (up ? 'up' : 'starting'),
        success: ['up'],
        failure: [],
        underway: ['starting'],
        remedy: 'run `ollama-eks diagnose`',
        ...MESH_TIMES,
      },
      waitHooks(context),
    );
  }
  const starts = await read(); // a schedule or a person may have scaled them meanwhile
  for (const { pool, group } of starts) {
    await aws.setDesiredSize(target.clusterName, group.nodegroupName, pool.initialSize);
  }
  const words = starts.map(({ pool }) => `${pool.name}: ${counted(pool.initialSize, 'node')}`);
  return { outcome: words.join(', '), result: starts.map(({ pool }) => pool.name) };
}

/** Finds the node groups that are still as they were created without nodes. */
async function findStarts(
  aws: Aws,
  cluster: string,
  pools: readonly PoolSummary[],
  now: number,
): Promise<readonly Start[]> {
  const groups = await aws.nodeGroups(cluster);
  const atZero = groups.flatMap((group): Start[] => {
    const pool = pools.find(({ name }) => name === group.labels?.[POOL_LABEL]);
    return pool === undefined || pool.initialSize === 0 || group.scalingConfig.desiredSize > 0 ? [] : [{ pool, group }];
  });
  const hadNodes = await Promise.all(atZero.map(({ group }) => hasHadNodes(aws, group, now)));
  return atZero.filter((_, index) => hadNodes[index] === false);
}

/** Whether a node group ever had a node, or is so old that AWS may have forgotten it. */
async function hasHadNodes(aws: Aws, { createdAt, resources }: NodeGroup, now: number): Promise<boolean> {
  if (createdAt === undefined || now - Date.parse(createdAt) >= ACTIVITIES_MS) return true;
  const groups = resources?.autoScalingGroups ?? [];
  const activities = await Promise.all(groups.map(({ name }) => aws.scalingActivities(name)));
  return activities.flat().length > 0;
}

/** Whether ztunnel, the part of the mesh that is delivered last, is ready on every node that there is. */
async function isMeshUp(kubectl: Kubectl): Promise<boolean> {
  const found = await kubectl.list<DaemonSet>('daemonsets.apps', MESH_NAMESPACE);
  const { desiredNumberScheduled = 0, numberReady = 0 } =
    found.find(({ metadata }) => metadata.name === ZTUNNEL)?.status ?? {};
  return numberReady > 0 && numberReady >= desiredNumberScheduled;
}
