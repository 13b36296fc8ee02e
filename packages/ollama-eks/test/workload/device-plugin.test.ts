import { devicePlugin } from '../../src/workload/device-plugin';
import { workloadPool } from './workload-fixture';

const AL2023 = workloadPool({ nodeLabels: { pool: 'gpu' } });
const BOTTLEROCKET = workloadPool({ name: 'b', amiFamily: 'BOTTLEROCKET', nodeLabels: { pool: 'b' } });

describe('device plugin', () => {
  it('is there where the image of the nodes has none, with its own defaults', () => {
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

  it('is not there for Bottlerocket, which has its own', () => {
    expect(devicePlugin([BOTTLEROCKET])).toEqual([]);
  });

  it('keeps to its nodes where there are both', () => {
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
