import type { NodeRequests } from '../catalogue/ambient';

/** What the exporter of metrics requests in each server's pod; it uses 8 MB. */
export const METRICS_EXPORTER_REQUESTS: NodeRequests = { cpuMillis: 10, memoryMiB: 16 };
/** What the exporter of the GPUs' metrics requests on each GPU node. It connects to the node's own engine. */
export const GPU_EXPORTER_REQUESTS: NodeRequests = { cpuMillis: 20, memoryMiB: 64 };

/** What the programs of an installed Prometheus request from the system nodes, and the most memory that each may use. */
export const MONITORING_REQUESTS = {
  operator: { cpuMillis: 20, memoryMiB: 64, limitMiB: 256 },
  prometheus: { cpuMillis: 100, memoryMiB: 512, limitMiB: 2048 },
  alertmanager: { cpuMillis: 10, memoryMiB: 32, limitMiB: 128 },
  kubeStateMetrics: { cpuMillis: 10, memoryMiB: 32, limitMiB: 128 },
  grafana: { cpuMillis: 20, memoryMiB: 128, limitMiB: 512 },
} as const satisfies Record<string, NodeRequests & { readonly limitMiB: number }>;
