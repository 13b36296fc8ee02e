import type { WorkloadPool } from './workload-spec';

/** Budget of one request on every hop where a cluster sets no other, in seconds. */
export const DEFAULT_REQUEST_TIMEOUT_SECONDS = 900;
/** A GPU node from the call to the kubelet's first heartbeat: 1–2 minutes, and as long again for drivers and plugin. */
export const NODE_SECONDS = 300;
/** Ollama's image is 3 GB in one layer, unpacked at the speed of the root volume. @see https://github.com/ollama/ollama/issues/9982 */
const IMAGE_SECONDS = 180;
/** The registry's speed varies; sizing tells what is usual. */
const PULL_SLACK = 3;
/** Until gateways have heard that a server goes: a push of istiod's takes seconds. */
export const SETTLE_SECONDS = 10;
/** Models are unloaded after the last answer. */
const UNLOAD_SECONDS = 30;

/** The longest time from "there should be a server" to "every model has answered", in seconds. */
export function bringUpSeconds({ fit, needs }: WorkloadPool): number {
  return Math.ceil(NODE_SECONDS + IMAGE_SECONDS + PULL_SLACK * fit.pullSeconds + needs.loadTimeoutSeconds);
}

/** How long a pod may take to go: notice, the longest request, and unloading. */
export function terminationGraceSeconds(requestTimeoutSeconds: number): number {
  return SETTLE_SECONDS + requestTimeoutSeconds + UNLOAD_SECONDS;
}
