import { gpuInstanceType, gpuInstanceTypeNames } from '../../src/catalogue/gpu-instance-type';
import { modelFigures, modelNames } from '../../src/catalogue/model';
import { allocatable } from '../../src/sizing/allocatable';
import { DAEMON_SETS } from '../../src/sizing/daemon-sets';
import { fit } from '../../src/sizing/fit';
import { podResources } from '../../src/sizing/pod-resources';
import { serverNeeds } from '../../src/sizing/server-needs';
import { refusal } from '../refusal';

const MIB_PATTERN = /^(\d+)Mi$/;
const MILLIS_PATTERN = /^(\d+)m$/;

function number(pattern: RegExp, quantity: string | undefined): number {
  return Number(pattern.exec(quantity ?? '')?.[1]);
}

test('the server of an 8B model gets most of a g5.xlarge', () => {
  const resources = podResources({
    fit: fit({ name: 'llama3.1:8b', contextLength: 32_768, parallel: 2 }, 'g5.xlarge'),
  });
  expect(resources).toEqual({
    // (3920m − 490m of DaemonSets − 250m) / 2; 16 GiB minus reservations for 110 pods, DaemonSets and headroom
    requests: { cpu: '1590m', memory: '12316Mi', 'nvidia.com/gpu': '1' },
    limits: { memory: '12316Mi', 'nvidia.com/gpu': '1' },
  });
});

test('memory requests are what the model can use, limits are the share of the node', () => {
  const { requests, limits } = podResources({
    fit: fit({ name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 }, 'g5.12xlarge'),
    replicasPerNode: 2,
  });
  // nine tenths of the limit: weights in the page cache, the process, and prompt caches of what is left
  expect(requests['memory']).toBe('77456Mi');
  expect([requests['nvidia.com/gpu'], limits['nvidia.com/gpu']]).toEqual(['2', '2']);
  expect(number(MIB_PATTERN, limits['memory'])).toBeGreaterThan(80_000);
});

test('requests and DaemonSets never exceed the allocatable resources, for every type and model', () => {
  const daemonCpu = DAEMON_SETS.reduce((sum, { cpuMillis }) => sum + cpuMillis, 0);
  const daemonMemory = DAEMON_SETS.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
  const sized = gpuInstanceTypeNames().flatMap((type) =>
    modelNames().map((name) => fit({ name, contextLength: 2048 }, type)),
  );
  const wrong = sized.filter((one) => {
    const { gpuCount } = one.instance;
    const node = allocatable(one.instance);
    return [1, Math.floor(gpuCount / one.gpus)].some((replicasPerNode) => {
      const { requests, limits } = podResources({ fit: one, replicasPerNode, allowCpu: true });
      const memory = number(MIB_PATTERN, requests['memory']);
      const limit = number(MIB_PATTERN, limits['memory']);
      const cpu = number(MILLIS_PATTERN, requests['cpu']);
      const fits =
        memory > 0 &&
        memory <= limit &&
        limit * replicasPerNode + daemonMemory <= node.memoryMiB &&
        cpu > 0 &&
        cpu * replicasPerNode + daemonCpu <= node.cpuMillis &&
        Number(requests['nvidia.com/gpu']) * replicasPerNode <= gpuCount;
      return !fits;
    });
  });
  expect(sized.length).toBeGreaterThan(1500);
  expect(wrong).toEqual([]);
});

test('DaemonSets request 490m and 762 MiB of every node', () => {
  // test/contracts/daemon-sets.test.ts compares these figures with the charts
  expect(DAEMON_SETS.map(({ name, cpuMillis, memoryMiB }) => [name, cpuMillis, memoryMiB])).toEqual([
    ['aws-node', 50, 0],
    ['kube-proxy', 100, 0],
    ['ebs-csi-node', 30, 120],
    ['eks-pod-identity-agent', 0, 0],
    ['eks-node-monitoring-agent', 10, 30],
    ['nvidia-device-plugin', 0, 0],
    ['istio-cni-node', 100, 100],
    ['ztunnel', 200, 512],
  ]);
});

test.each([0, 1.5, 3])('%d servers of two GPUs on a node with four are refused', (replicasPerNode) => {
  const sized = fit({ name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 }, 'g5.12xlarge');
  const error = refusal(() => podResources({ fit: sized, replicasPerNode }));
  expect(error.property).toBe('replicasPerNode');
  expect(error.message).toContain('allowed: an integer from 1 to 2');
});

test('models that do not fit are refused, unless a part of them may be in main memory', () => {
  const sized = fit({ name: 'llama3.3:70b', contextLength: 4096 }, 'g5.12xlarge', { gpus: 1 });
  const { message } = refusal(() => podResources({ fit: sized }));
  expect(message).toContain('fit: llama3.3:70b would need');
  expect(message).toContain('allowed: models that fit, or allowCpu: true');
  expect(podResources({ fit: sized, allowCpu: true }).limits['nvidia.com/gpu']).toBe('1');
});

test('a node with too little memory is refused', () => {
  const small = { ...gpuInstanceType('g6.xlarge'), name: 'g0.tiny', memoryGiB: 4 };
  expect(
    refusal(() => podResources({ fit: fit({ name: 'llama3.2:3b', contextLength: 4096 }, small) })).message,
  ).toContain('of the memory of g0.tiny');
});

describe('settings of the server’s environment', () => {
  test('one model', () => {
    const needs = serverNeeds(
      fit({ name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 }, 'g5.12xlarge', { kvCacheType: 'q8_0' }),
    );
    expect(needs).toEqual({
      contextLength: 65_536,
      parallel: 2,
      maxLoadedModels: 1,
      flashAttention: true,
      kvCacheType: 'q8_0',
      schedSpread: false,
      loadTimeoutSeconds: 900,
      promptCacheMiB: 135_679,
      prefetchMiB: 170_590,
    });
  });

  test('a model that generates text has the memory of the pod for its prompt cache, an embedding model none', () => {
    const models = [
      { name: 'llama3.2:3b', contextLength: 8192, parallel: 2 },
      { name: 'nomic-embed-text', contextLength: 2048 },
    ];
    const needs = serverNeeds(fit(models, 'g5.xlarge'));
    expect([needs.contextLength, needs.parallel, needs.maxLoadedModels]).toEqual([8192, 2, 2]);
    // 12316 MiB × 0.9, minus 1.5 GiB for each process
    expect(needs.promptCacheMiB).toBe(8012);
  });

  test('the timeout of a slow load is twice its time', () => {
    const sized = fit({ name: 'llama3.1:405b', contextLength: 8192 }, 'p4d.24xlarge', {
      volume: { iops: 3000, throughput: 125 },
    });
    expect(sized.coldLoadSeconds).toBe(2060);
    expect(serverNeeds(sized).loadTimeoutSeconds).toBe(4140);
  });

  test('a load also ends in time if nobody has read the weights before, as after a Job has pulled them', () => {
    const figures = { ...modelFigures('llama3.1:405b'), bytes: 404e9 };
    const sized = fit({ name: 'large:671b', contextLength: 8192, figures }, 'p5.48xlarge');
    expect(2 * sized.coldLoadSeconds).toBeLessThan(900);
    // 404 GB at 326 MiB/s are 1182 s
    expect(serverNeeds(sized).loadTimeoutSeconds).toBe(1500);
  });
});

test('exporters of metrics take their share of the node, one for each server and one for the GPUs', () => {
  const options = {
    fit: fit({ name: 'llama3.2:3b', contextLength: 8192 }, 'g5.12xlarge', { gpus: 1 }),
    replicasPerNode: 4,
  };
  const memoryOf = (telemetry: boolean) =>
    number(MIB_PATTERN, podResources({ ...options, telemetry }).limits['memory']) * 4;
  expect(memoryOf(false) - memoryOf(true)).toBe(4 * 16 + 64);
});
