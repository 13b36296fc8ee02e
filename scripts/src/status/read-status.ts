import { MESH_NAMESPACE } from '@org/ollama-eks/pure';
import {
  applicationHealth,
  argoNamespace,
  isSettled,
  listApplications,
  reasonIn,
  type ArgoApplication,
} from '../argo/application';
import { causesOf } from '../argo/causes';
import { meshFaults } from '../checks/mesh-nodes';
import { awsLeftovers, monthlyOf } from '../destroy/leftovers';
import { konnectStates } from '../konnect/status';
import { isNodeReady, listNodes, type Node } from '../pools/pools';
import { readProof } from '../pools/proof';
import { isReady, serverPods, type Pod } from '../pools/server-pods';
import { readyReplicas, replicasOf, serverWorkloads } from '../pools/workloads';
import type { Context } from '../program/context';
import { exitCodeOf, messageOf } from '../program/exit-codes';
import { findKongExposure } from '../project/kong-exposure';
import type { Project } from '../project/project';
import type { Target } from '../project/target';
import { openCluster } from '../systems/cluster-access';
import type { Kubectl } from '../systems/kubectl';
import { Terraform } from '../systems/terraform';
import { costToday, INSTANCE_TYPE_LABEL } from './cost';
import type {
  ApplicationStatus,
  LeftoverStatus,
  MeshStatus,
  NodeStatus,
  StackStatus,
  StatusResult,
  StatusSection,
  UnreadSection,
} from './status-result';

/**
 * Reads everything about a deployment, as often as it is asked. A part that cannot be read does not hide the others. What the first reading
 * opens, initialized stacks and access to the cluster, serves every later one, until something cannot be read: it may have been replaced.
 */
export class StatusReader {
  #stacks: readonly OpenStack[] | undefined;
  #kubectl: Kubectl | undefined;

  public constructor(
    private readonly context: Context,
    private readonly project: Project,
    private readonly target: Target,
  ) {}

  public async read(): Promise<StatusResult> {
    const { context, project, target } = this;
    const parts = new Parts(context);
    const stacks = await parts.read('stacks', async () => {
      this.#stacks ??= await openStacks(context, project);
      return readStacks(this.#stacks);
    });
    const isGone = stacks?.every(({ resources }) => resources === 0) === true;
    const leftovers = isGone ? await parts.read('leftovers', () => readLeftovers(context, target)) : undefined;
    const kubectl = await parts.read('cluster', async () => (this.#kubectl ??= await openCluster(context, target)));
    const inCluster = kubectl === undefined ? {} : await readCluster(context, parts, project, target, kubectl);
    const konnect =
      findKongExposure(project) === undefined
        ? undefined
        : await parts.read('Konnect', () => konnectStates(context, target));
    if (parts.unread.length > 0) [this.#stacks, this.#kubectl] = [undefined, undefined];
    return {
      cluster: target.clusterName,
      region: target.region,
      ...(stacks && { stacks }),
      ...(leftovers && { leftovers }),
      ...inCluster,
      ...(konnect && { konnect }),
      unread: parts.unread,
    };
  }
}

type InCluster = Pick<StatusResult, 'applications' | 'nodes' | 'mesh' | 'servers' | 'proof' | 'models' | 'costToday'>;

async function readCluster(
  context: Context,
  parts: Parts,
  project: Project,
  { summary }: Target,
  kubectl: Kubectl,
): Promise<InCluster> {
  const now = context.clock.now();
  const namespace = argoNamespace(project);
  const applications =
    namespace === undefined ? undefined : await parts.read('Argo CD', () => readApplications(kubectl, namespace));
  const nodes = await parts.read('nodes', () => listNodes(kubectl));
  const mesh = await parts.read('mesh', () => readMesh(kubectl, now));
  const served = await parts.read('model', () => readServed(kubectl));
  return {
    ...(applications && { applications }),
    ...(nodes && { nodes: nodes.map(nodeStatus) }),
    ...(mesh && { mesh }),
    ...served,
    ...(served && summary && { models: plannedModels(summary) }),
    ...(nodes && summary && { costToday: costToday(summary, nodes, now) }),
  };
}

/** A stack whose state can be read. */
interface OpenStack {
  readonly name: string;
  readonly terraform: Terraform;
}

async function openStacks(context: Context, { stacks }: Project): Promise<readonly OpenStack[]> {
  const opened: OpenStack[] = [];
  for (const { name, directory } of stacks) {
    const terraform = new Terraform(context, directory);
    await terraform.init();
    opened.push({ name, terraform });
  }
  return opened;
}

async function readStacks(stacks: readonly OpenStack[]): Promise<readonly StackStatus[]> {
  const found: StackStatus[] = [];
  for (const { name, terraform } of stacks) found.push({ name, resources: (await terraform.resources()).length });
  return found;
}

/** Lists what an installation that was destroyed still costs. */
async function readLeftovers(
  context: Context,
  { region, clusterName: cluster, summary }: Target,
): Promise<LeftoverStatus> {
  const { left } = await awsLeftovers(context, { region, cluster, existing: summary?.existing === true });
  return { left, monthlyUsd: monthlyOf(left) };
}

async function readApplications(kubectl: Kubectl, namespace: string): Promise<readonly ApplicationStatus[]> {
  const applications = await listApplications(kubectl, namespace);
  return Promise.all(applications.map((application) => applicationStatus(kubectl, application)));
}

async function applicationStatus(kubectl: Kubectl, application: ArgoApplication): Promise<ApplicationStatus> {
  const facts = { name: application.metadata.name, ...applicationHealth(application) };
  if (isSettled(application)) return { ...facts, settled: true, causes: [] };
  const causes = await causesOf(kubectl, application);
  return { ...facts, settled: false, causes: causes.length > 0 ? causes : [reasonIn(application) ?? []].flat() };
}

async function readMesh(kubectl: Kubectl, now: number): Promise<MeshStatus> {
  const pods = await kubectl.list<Pod>('pods', MESH_NAMESPACE);
  const faults = meshFaults(pods, await serverPods(kubectl), now);
  return {
    pods: pods.length,
    readyPods: pods.filter(isReady).length,
    faults: faults.map(({ problem, remedy }) => ({ problem, remedy })),
  };
}

async function readServed(kubectl: Kubectl): Promise<Pick<InCluster, 'servers' | 'proof'>> {
  const workloads = await serverWorkloads(kubectl);
  const proof = await readProof(kubectl);
  const servers = workloads.map((workload) => ({
    name: workload.metadata.name,
    replicas: replicasOf(workload),
    readyReplicas: readyReplicas(workload),
  }));
  return { servers, ...(proof && { proof }) };
}

function plannedModels({ pools }: NonNullable<Target['summary']>): NonNullable<StatusResult['models']> {
  return pools.flatMap(({ name: pool, models }) =>
    models.map(({ name, contextLength, parallel }) => ({ pool, name, contextLength, parallel })),
  );
}

function nodeStatus(node: Node): NodeStatus {
  const { name, labels } = node.metadata;
  const instanceType = labels?.[INSTANCE_TYPE_LABEL];
  return { name, ...(instanceType !== undefined && { instanceType }), ready: isNodeReady(node) };
}

/** Reads the parts, and records those that cannot be read. */
class Parts {
  public readonly unread: UnreadSection[] = [];

  public constructor(private readonly context: Pick<Context, 'signal'>) {}

  /** Returns what was read; undefined, with the problem recorded, if it cannot be read. */
  public async read<Value>(section: StatusSection, read: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await read();
    } catch (error) {
      this.context.signal.throwIfAborted();
      this.unread.push({ section, problem: messageOf(error), exitCode: exitCodeOf(error) });
      return undefined;
    }
  }
}
