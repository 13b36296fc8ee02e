import type { WorkloadPool } from './workload-spec';

/** Default budget of one request on every hop, in seconds. */
export const DEFAULT_REQUEST_TIMEOUT_SECONDS = 900;
/** Start of a GPU node: 1–2 minutes from the call to the kubelet's first heartbeat, and as long again for drivers and plugin. */
export const NODE_SECONDS = 300;
/** Pull of Ollama's image: 3 GB in one layer, unpacked at the speed of the root volume. @see https://github.com/ollama/ollama/issues/9982 */
const IMAGE_SECONDS = 180;
/** Factor on the usual pull time that sizing calculates, since the registry's speed varies. */
const PULL_SLACK = 3;
/** Time until gateways know that a server is stopping: a push from istiod takes seconds. */
export const SETTLE_SECONDS = 10;
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
