// https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
import {
  GPU_RESOURCE,
  MODELS_CONTAINER,
  MODELS_PATH,
  OLLAMA,
  parseServerFailure,
  POOL_LABEL,
} from '@org/ollama-eks/pure';
import { fail, ok, skipped, warn, type Check, type Outcome } from '../checks/findings';
import { isNodeReady, listNodes, type Node, type Pool } from '../pools/pools';
import { readProof } from '../pools/proof';
import { isReady, isServing, poolOf, serverPods, type ContainerStatus, type Pod } from '../pools/server-pods';
import { hasNodes } from '../pools/workloads';
import { counted } from '../program/words';
import type { NodeGroup } from '../systems/aws';
import type { Kubectl } from '../systems/kubectl';
import { remedyOf } from './server-diagnoses';

/** Lines of the sidecar's log that are searched for its last failure. */
const LOG_LINES = 50;
/** Used shares of a volume from which to warn, and from which pulls fail. */
const DISK_WARN = 0.85;
const DISK_FAIL = 0.97;

/** Condition of a node's GPUs, set by the node monitoring agent. @see https://docs.aws.amazon.com/eks/latest/userguide/node-health.html */
const GPU_CONDITION = 'AcceleratedHardwareReady';

/** Why a pod cannot be scheduled, and how to fix it. */
const UNSCHEDULABLE: readonly (readonly [RegExp, string])[] = [
  [
    /volume node affinity conflict/,
    'its volume is in a different zone than the nodes: scale up the pool in that zone, or delete the claim to pull the models again',
  ],
  [
    /Insufficient nvidia\.com\/gpu/,
    'no GPU is free: ollama-eks scale status; if a node is ready, see the finding gpu-nodes',
  ],
  [/didn't match Pod's node affinity|node\(s\) didn't match/, 'its pool has no nodes: ollama-eks scale resume'],
  [/untolerated taint/, 'its pool has no nodes: ollama-eks scale resume'],
  [/Insufficient (cpu|memory|ephemeral-storage)/, 'other pods use the resources: kubectl describe node'],
  [
    /unbound immediate PersistentVolumeClaims|persistentvolumeclaim/,
    'its volume does not exist: see the finding volumes',
  ],
];

/** The servers and their nodes, as Kubernetes reports them. */
interface Servers {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  /** Undefined if AWS does not report them. */
  readonly groups: readonly NodeGroup[] | undefined;
}

/** Returns the checks of nodes, pods, containers and disks of the servers. Without an answer of AWS, they judge what Kubernetes reports. */
export function podChecks(kubectl: Kubectl, pools: () => Promise<readonly Pool[]>): readonly Check[] {
  let servers: Promise<Servers> | undefined;
  const readOnce = () => (servers ??= readServers(kubectl, pools));
  return [
    { id: 'gpu-nodes', title: 'nodes are ready and offer their GPUs', run: async () => gpuNodes(await readOnce()) },
    { id: 'pods', title: 'every server is scheduled and running', run: async () => judgePods(await readOnce()) },
    { id: 'models', title: 'every server has its models loaded', run: async () => models(kubectl, await readOnce()) },
    { id: 'proof', title: 'every model has answered since the last change', run: () => proof(kubectl) },
    { id: 'disks', title: 'the disks have free space', run: async () => disks(kubectl, await readOnce()) },
    { id: 'volumes', title: 'every volume is bound', run: () => volumes(kubectl) },
  ];
}

async function readServers(kubectl: Kubectl, pools: () => Promise<readonly Pool[]>): Promise<Servers> {
  const [nodes, pods, groups] = await Promise.all([
    listNodes(kubectl),
    serverPods(kubectl),
    pools().then(
      (known) => known.map(({ nodeGroup }) => nodeGroup),
      () => undefined, // The finding node-groups has this error.
    ),
  ]);
  const served = new Set([...pods.map(poolOf), ...(groups ?? []).map(({ labels }) => labels?.[POOL_LABEL])]);
  return { nodes: nodes.filter((node) => served.has(poolOf(node))), pods, groups };
}

async function proof(kubectl: Kubectl): Promise<Outcome> {
  const found = await readProof(kubectl);
  if (found === undefined) return skipped('no Job that proves it is kept');
  const { state, detail } = found;
  switch (state) {
    case 'proven':
      return ok(detail);
    case 'not proven':
      return warn(detail, 'ollama-eks scale resume');
    case 'failed':
      return fail(detail, 'see the findings pods and models');
    case 'running':
    case 'unknown':
      return skipped(detail);
  }
}

function gpuNodes({ nodes, groups }: Servers): Outcome {
  const wanted = groups?.reduce((sum, { scalingConfig }) => sum + scalingConfig.desiredSize, 0);
  if (wanted === 0) return warn('all pools are at zero', 'ollama-eks scale resume');
  const unready = nodes.filter((node) => !isNodeReady(node)).map(nameOf);
  if (unready.length > 0) return fail(`not ready: ${unready.join(', ')}`, `kubectl describe node ${unready.join(' ')}`);
  const broken = nodes.filter((node) => gpuCondition(node)?.status === 'False');
  if (broken.length > 0) {
    const faults = broken.map((node) => `${nameOf(node)} (${gpuCondition(node)?.reason ?? 'no reason'})`);
    return fail(
      `faults of GPUs: ${faults.join(', ')}`,
      `EKS replaces the node unless the pool has \`repair: false\`: kubectl describe node ${broken.map(nameOf).join(' ')}`,
    );
  }
  const without = nodes.filter(({ status }: Node) => Number(status.allocatable?.[GPU_RESOURCE] ?? 0) === 0).map(nameOf);
  if (without.length > 0) {
    return fail(
      `${without.join(', ')} offer no ${GPU_RESOURCE}: the device plugin does not run there`,
      'kubectl --namespace kube-system get daemonset; sync the Application of the device plugin: ollama-eks status',
    );
  }
  if (wanted === undefined && nodes.length === 0) return fail('no GPU node exists', 'see the finding node-groups');
  if (wanted !== undefined && nodes.length < wanted)
    return warn(`${String(nodes.length)} of ${counted(wanted, 'node')} exist`, 'see the finding node-groups');
  const repaired = (groups ?? []).filter(({ nodeRepairConfig }) => nodeRepairConfig?.enabled === true);
  const repairedPools = new Set(repaired.map(({ labels }) => labels?.[POOL_LABEL]));
  const unwatched = nodes
    .filter((node) => repairedPools.has(poolOf(node)) && gpuCondition(node) === undefined)
    .map(nameOf);
  if (unwatched.length > 0) {
    return warn(
      `nothing watches the GPUs of ${unwatched.join(', ')}: EKS does not replace a node whose GPU fails`,
      'install the EKS add-on eks-node-monitoring-agent; after the start of a node it takes some minutes',
    );
  }
  return ok(`${counted(nodes.length, 'node')}, all with GPUs`);
}

function gpuCondition({ status }: Node) {
  return status.conditions?.find(({ type }) => type === GPU_CONDITION);
}

function judgePods({ pods: all, groups = [] }: Servers): Outcome {
  for (const pod of all) {
    const outcome = hasNodes(poolOf(pod), groups) ? judgePod(pod) : undefined;
    if (outcome !== undefined) return outcome;
  }
  return all.length === 0
    ? warn('no server exists', 'ollama-eks scale resume')
    : ok(`${counted(all.length, 'server')} running`);
}

/** Returns what is wrong with a pod; undefined if nothing is. */
function judgePod({ metadata: { name }, spec, status }: Pod): Outcome | undefined {
  const scheduled = status.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') {
    const message = scheduled.message ?? scheduled.reason ?? '';
    const remedy = UNSCHEDULABLE.find(([pattern]) => pattern.test(message))?.[1];
    return fail(`${name} is not scheduled: ${message}`, remedy ?? `kubectl --namespace ${OLLAMA} describe pod ${name}`);
  }
  for (const container of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) {
    const problem = judgeContainer(container);
    if (problem !== undefined) {
      return fail(
        `${name}: ${problem}`,
        `kubectl --namespace ${OLLAMA} describe pod ${name}; kubectl --namespace ${OLLAMA} logs --previous --container ${container.name} ${name}`,
      );
    }
  }
  if (status.phase === 'Pending' && spec.nodeName !== undefined) {
    return warn(
      `${name} is on ${spec.nodeName}, and its containers have not started`,
      `see the finding mesh; kubectl --namespace ${OLLAMA} describe pod ${name}`,
    );
  }
  return undefined;
}

function judgeContainer({ name, state, lastState, restartCount }: ContainerStatus): string | undefined {
  const { reason, message } = state?.waiting ?? {};
  if (reason !== undefined && !['PodInitializing', 'ContainerCreating'].includes(reason)) {
    const last = lastState?.terminated;
    const before =
      last === undefined
        ? ''
        : `; it last ended with ${last.reason ?? 'an error'}${last.message === undefined ? '' : `: ${last.message.trim()}`}`;
    return `container ${name} is waiting: ${reason}${message === undefined ? '' : `: ${message}`}${before}`;
  }
  if (lastState?.terminated?.reason === 'OOMKilled') {
    return `container ${name} ran out of memory, ${counted(restartCount, 'restart')}`;
  }
  return undefined;
}

/** A server that has a pool with nodes but does not run is explained by the finding pods. */
function noneRunning({ pods, groups = [] }: Servers): Outcome {
  const isWanted = pods.some((pod) => hasNodes(poolOf(pod), groups));
  return warn('no server is running', isWanted ? 'see the finding pods' : 'ollama-eks scale resume');
}

async function models(kubectl: Kubectl, servers: Servers): Promise<Outcome> {
  const running = servers.pods.filter(isServing);
  const waiting = running.filter((pod) => !isReady(pod));
  for (const { metadata } of waiting) {
    const { name } = metadata;
    const log = await kubectl.logs(OLLAMA, name, MODELS_CONTAINER, LOG_LINES);
    const last = log
      .split('\n')
      .flatMap((line) => parseServerFailure(line) ?? [])
      .at(-1);
    if (last === undefined) continue;
    return fail(
      `${name}: ${last.message}`,
      remedyOf(last) ?? `kubectl --namespace ${OLLAMA} logs --container ${MODELS_CONTAINER} ${name}`,
    );
  }
  if (waiting.length > 0) {
    const [first = '', ...others] = waiting.map(nameOf);
    return warn(
      `${[first, ...others].join(', ')}: models are being pulled or loaded`,
      `kubectl --namespace ${OLLAMA} logs --follow --container ${MODELS_CONTAINER} ${first}`,
    );
  }
  return running.length === 0
    ? noneRunning(servers)
    : ok(`${counted(running.length, 'server')} with all models loaded`);
}

async function disks(kubectl: Kubectl, servers: Servers): Promise<Outcome> {
  const found: string[] = [];
  let worst = 0;
  for (const { metadata } of servers.pods.filter(isServing)) {
    const printed = await kubectl.exec(OLLAMA, metadata.name, OLLAMA, ['df', '--output=pcent', MODELS_PATH]);
    const share = Number(/(\d+)%/.exec(printed)?.[1] ?? Number.NaN) / 100;
    if (Number.isNaN(share)) return fail(`df in ${metadata.name} prints ${JSON.stringify(printed)}`);
    worst = Math.max(worst, share);
    found.push(`${metadata.name} ${String(Math.round(share * 100))} %`);
  }
  if (found.length === 0) return noneRunning(servers);
  const remedy = 'remove a model (ollama-eks models list), or enlarge the volume: cache.sizeGiB of the pool';
  if (worst >= DISK_FAIL) return fail(`full: ${found.join(', ')}`, remedy);
  return worst >= DISK_WARN ? warn(found.join(', '), remedy) : ok(found.join(', '));
}

async function volumes(kubectl: Kubectl): Promise<Outcome> {
  const claims = await kubectl.list<Node & { status: { phase?: string } }>('persistentvolumeclaims', OLLAMA);
  if (claims.length === 0) return skipped('no server claims a volume');
  const pending = claims.filter(({ status }) => status.phase !== 'Bound').map(nameOf);
  if (pending.length > 0) {
    return warn(
      `not bound: ${pending.join(', ')}; a volume is created once its first pod is scheduled`,
      `kubectl --namespace ${OLLAMA} describe persistentvolumeclaim ${pending.join(' ')}`,
    );
  }
  return ok(counted(claims.length, 'volume'));
}

function nameOf({ metadata }: { readonly metadata: { readonly name: string } }): string {
  return metadata.name;
}
