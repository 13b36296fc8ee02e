/** Compares what sizing counts for DaemonSets on a GPU node with what their charts request. */
import { DAEMON_SETS } from '@org/ollama-eks';
import { parse } from 'yaml';
import { describeContracts, readContract } from './support/contract-files';

interface Resources {
  readonly requests?: { readonly cpu?: string; readonly memory?: string };
}

interface ChartValues {
  readonly resources?: Resources;
  readonly _internal_defaults_do_not_set?: { readonly resources?: Resources };
}

describeContracts('DaemonSets on GPU nodes', () => {
  it.each([
    ['istio-cni-node', 'istio-chart-values-1.30.3/istio-cni.values.yaml'],
    ['istio-cni-node', 'istio-chart-values-1.31.0-rc.0/istio-cni.values.yaml'],
    ['ztunnel', 'istio-chart-values-1.30.3/ztunnel.values.yaml'],
    ['ztunnel', 'istio-chart-values-1.31.0-rc.0/ztunnel.values.yaml'],
    ['nvidia-device-plugin', 'nvidia-device-plugin-0.20.0.values.yaml'],
  ])('%s requests what %s says', (name, file) => {
    const text = readContract(`kubernetes/charts/${file}`);
    if (text === undefined) return;
    const values = parse(text) as ChartValues;
    const { requests = {} } = values.resources ?? values._internal_defaults_do_not_set?.resources ?? {};
    const counted = DAEMON_SETS.find((one) => one.name === name);
    expect([counted?.cpuMillis, counted?.memoryMiB]).toEqual([
      amount(requests.cpu, 'm'),
      amount(requests.memory, 'Mi'),
    ]);
  });
});

/** Returns a quantity in that unit; 0 if nothing is requested. */
function amount(quantity: string | undefined, unit: string): number {
  expect(quantity === undefined || quantity.endsWith(unit)).toBe(true);
  return Number(quantity?.slice(0, -unit.length) ?? 0);
}
