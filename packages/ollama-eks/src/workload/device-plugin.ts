// https://github.com/NVIDIA/k8s-device-plugin/tree/v0.20.0/deployments/helm/nvidia-device-plugin
import { CHARTS } from '../catalogue/chart-versions';
import type { Application, ChartSource } from '../gitops/application';
import type { WorkloadPool } from './workload-spec';

/** Time to pull an image of about 100 MB on each GPU node; without any node there is nothing to wait for. */
const TIMEOUT_SECONDS = 600;

/**
 * Returns NVIDIA's device plugin, which reports a node's GPUs to Kubernetes, for AL2023, whose image does not include it.
 * Bottlerocket includes its own, and two plugins on a node conflict. With pools of both kinds, the plugin runs only on
 * nodes of AL2023.
 */
export function devicePlugin(pools: readonly WorkloadPool[]): readonly Application[] {
  const without = pools.filter(({ amiFamily }) => amiFamily === 'AL2023');
  if (without.length === 0) return [];
  const { repository, chart, version } = CHARTS.nvidiaDevicePlugin;
  // The chart's defaults tolerate the taint of GPU nodes and select nodes with the label nvidia.com/gpu.present.
  const values = without.length === pools.length ? {} : { affinity: onNodesOf(without) };
  return [
    {
      name: chart,
      wave: 0,
      namespace: { name: 'kube-system' },
      project: 'platform',
      source: { kind: 'chart', repository, chart, version, values },
      healthGate: { timeoutSeconds: TIMEOUT_SECONDS },
    },
  ];
}

function onNodesOf(pools: readonly WorkloadPool[]): NonNullable<ChartSource['values'][string]> {
  const nodeSelectorTerms = pools.map(({ nodeLabels }) => ({
    matchExpressions: Object.entries(nodeLabels).map(([key, value]) => ({ key, operator: 'In', values: [value] })),
  }));
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}
