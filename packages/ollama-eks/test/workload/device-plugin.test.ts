import { devicePlugin } from '../../src/workload/device-plugin';
import { workloadPool } from './workload-fixture';

const AL2023 = workloadPool({ nodeLabels: { pool: 'gpu' } });
const BOTTLEROCKET = workloadPool({ name: 'b', amiFamily: 'BOTTLEROCKET', nodeLabels: { pool: 'b' } });

describe('device plugin', () => {
  it('is installed, with its own defaults, if the nodes’ image does not include one', () => {
    expect(devicePlugin([AL2023])).toEqual([
      {
        name: 'nvidia-device-plugin',
        wave: 0,
        namespace: { name: 'kube-system' },
        project: 'platform',
        source: {
          kind: 'chart',
          repository: 'https://nvidia.github.io/k8s-device-plugin',
          chart: 'nvidia-device-plugin',
          version: '0.20.0',
          values: {},
        },
        healthGate: { timeoutSeconds: 600 },
      },
    ]);
  });

  it('is not installed for Bottlerocket, which includes its own', () => {
    expect(devicePlugin([BOTTLEROCKET])).toEqual([]);
  });

  it('runs only on nodes without one if there are both', () => {
    expect(devicePlugin([AL2023, BOTTLEROCKET])[0]?.source).toMatchObject({
      values: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'pool', operator: 'In', values: ['gpu'] }] }],
            },
          },
        },
      },
    });
  });
});
