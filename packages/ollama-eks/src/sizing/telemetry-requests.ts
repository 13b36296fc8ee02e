import type { NodeRequests } from '../catalogue/ambient';

/** What the exporter of metrics requests in each server's pod; it uses 8 MB. */
export const METRICS_EXPORTER_REQUESTS: NodeRequests = { cpuMillis: 10, memoryMiB: 16 };
/** What the exporter of the GPUs' metrics requests on each GPU node. It connects to the node's own engine. */
export const GPU_EXPORTER_REQUESTS: NodeRequests = { cpuMillis: 20, memoryMiB: 64 };
