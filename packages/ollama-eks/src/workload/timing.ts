import type { WorkloadPool } from './workload-spec';

/**
 * Default budget of one request on every hop, in seconds: what the SDKs of OpenAI and Anthropic wait by default, and little enough
 * for every request to complete while EKS drains its node.
 * @see https://github.com/openai/openai-node#timeouts
 * @see https://github.com/anthropics/anthropic-sdk-typescript#timeouts
 */
export const DEFAULT_REQUEST_TIMEOUT_SECONDS = 600;
/** Start of a GPU node: 1–2 minutes from the call to the kubelet's first heartbeat, and as long again for drivers and plugin. */
export const NODE_SECONDS = 300;
/** Pull of Ollama's image: 3 GB in one layer, unpacked at the speed of the root volume. @see https://github.com/ollama/ollama/issues/9982 */
export const IMAGE_SECONDS = 180;
/** Factor on the usual pull time that sizing calculates, since the registry's speed varies. */
const PULL_SLACK = 3;
/** Time until gateways know that a server is stopping: a push from istiod takes seconds. */
export const SETTLE_SECONDS = 10;
/** How often the load balancer checks the readiness of a gateway pod, and how many failed checks make it unhealthy. */
export const HEALTH_CHECK_INTERVAL_SECONDS = 10;
export const HEALTH_CHECK_FAILURES = 3;

/**
 * Longest time for which a deregistered target was seen to receive new connections. AWS does not document a limit.
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2366
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/3270
 */
const DEREGISTRATION_SECONDS = 120;

/** A terminating gateway pod gets new connections until its readiness checks have failed and the load balancer stops using it. */
export const GATEWAY_NOTICE_SECONDS =
  HEALTH_CHECK_INTERVAL_SECONDS * HEALTH_CHECK_FAILURES * 2 + DEREGISTRATION_SECONDS;
/**
 * Time that EKS waits for pods to leave a node, 15 minutes, less a minute of margin. If a pod is still running then, the update of
 * the node group fails; a node that is scaled in is terminated together with the pod.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html
 */
export const NODE_DRAIN_SECONDS = 15 * 60 - 60;
/**
 * Maximum budget of a request that always completes before EKS stops waiting for its node, in seconds. The gateway decides: it
 * accepts requests during its notice, a server only for `SETTLE_SECONDS`.
 */
export const LONGEST_DRAINED_REQUEST_SECONDS = NODE_DRAIN_SECONDS - GATEWAY_NOTICE_SECONDS;
/** Time to unload models after the last answer. */
const UNLOAD_SECONDS = 30;

/** Returns the maximum time from creating a server's pod until every model has answered, in seconds. */
export function bringUpSeconds({ fit, needs }: WorkloadPool): number {
  return Math.ceil(NODE_SECONDS + IMAGE_SECONDS + PULL_SLACK * fit.pullSeconds + needs.loadTimeoutSeconds);
}

/** Returns the maximum time to stop a pod, in seconds: notice, the longest request, and unloading. */
export function terminationGraceSeconds(requestTimeoutSeconds: number): number {
  return SETTLE_SECONDS + requestTimeoutSeconds + UNLOAD_SECONDS;
}

/** A pool whose nodes are drained. */
type DrainedPool = Pick<WorkloadPool, 'replicas' | 'fit' | 'cache'> & {
  /** Number of servers that share a node. */
  readonly replicasPerNode: number;
};

/** Returns the number of servers on the fullest node of a pool. */
export function serversPerNode({ replicas, replicasPerNode }: DrainedPool): number {
  return Math.min(replicas, replicasPerNode);
}

/**
 * Returns the maximum time until all servers have left a node, in seconds. The disruption budget lets one go when the previous one
 * has been replaced on another node: on EBS, the replacement starts when the volume is free; on instance store at once, but it
 * pulls its models.
 */
export function nodeDrainSeconds(pool: DrainedPool, requestTimeoutSeconds: number): number {
  const { fit, cache } = pool;
  const leaving = SETTLE_SECONDS + requestTimeoutSeconds;
  const replacing = IMAGE_SECONDS + fit.coldLoadSeconds + (cache.kind === 'ebs' ? leaving : fit.pullSeconds);
  return Math.ceil(Math.max(0, serversPerNode(pool) - 1) * replacing + leaving);
}
