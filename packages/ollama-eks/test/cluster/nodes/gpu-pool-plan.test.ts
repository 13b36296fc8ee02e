import { gpuInstanceType } from '../../../src/catalogue/gpu-instance-type';
import { vcpuQuotas } from '../../../src/cluster/guardrails/vcpu-quota';
import { Capacity } from '../../../src/cluster/nodes/capacity';
import type { GpuPool, GpuPoolProps, PoolContext } from '../../../src/cluster/nodes/gpu-pool';
import { planGpuPools } from '../../../src/cluster/nodes/gpu-pool-plan';
import { first } from '../../first';
import { refusal } from '../../refusal';

const CONTEXT: PoolContext = {
  models: [{ name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 }],
  region: 'us-west-2',
  kubernetesVersion: '1.35',
  zoneCount: 2,
  networkNamesZones: true,
};

const plan = (...pools: readonly GpuPoolProps[]): readonly GpuPool[] => planGpuPools(pools, CONTEXT);
const g5: GpuPoolProps = { instanceType: 'g5.12xlarge' };

test('one server on the first pool, none on standby pools', () => {
  expect(plan({ ...g5, name: 'gpu' }, { instanceType: 'g6.12xlarge', name: 'g6' })).toMatchObject([
    { name: 'gpu', replicas: 1, nodes: 1, initialSize: 1, maxSize: 1, parallel: 2 },
    { name: 'g6', replicas: 0, nodes: 0, initialSize: 0, maxSize: 1, parallel: 2 },
  ]);
});

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 2],
])('%i servers of two GPUs each need %i nodes of four', (replicas, nodes) => {
  expect(first(plan({ ...g5, replicas }))).toMatchObject({
    gpusPerReplica: 2,
    replicasPerNode: 2,
    nodes,
    maxSize: nodes,
  });
});

test('more GPUs per server mean fewer servers per node', () => {
  expect(first(plan({ ...g5, gpusPerReplica: 4, replicas: 2 }))).toMatchObject({ replicasPerNode: 1, nodes: 2 });
});

test.each([
  ['a P type', { instanceType: 'p4d.24xlarge' }],
  ['spot', { ...g5, capacity: Capacity.SPOT }],
  ['a reservation', { ...g5, capacity: Capacity.reservation('cr-0a') }],
  ['a Capacity Block', { ...g5, capacity: Capacity.block('cr-0a') }],
])('%s is not started with the cluster, since capacity may be unavailable', (_, props) => {
  expect(first(plan(props))).toMatchObject({ nodes: 1, initialSize: 0, maxSize: 1 });
  expect(first(plan({ ...props, initialSize: 1 }))).toMatchObject({ initialSize: 1 });
});

test('models are on EBS, as fast as the instance type can use', () => {
  expect(first(plan(g5)).cache).toEqual({
    kind: 'ebs',
    volume: { sizeGiB: 256, iops: 4000, throughput: 1000 },
    availabilityZones: undefined,
    zoneIndex: 0,
    kmsKeyId: undefined,
    retain: undefined,
  });
});

test('a volume names its zone if the zone is known', () => {
  expect(first(plan({ ...g5, zone: 'us-west-2b' }))).toMatchObject({
    zone: 'us-west-2b',
    cache: { availabilityZones: ['us-west-2b'] },
  });
  const zones = ['us-west-2a', 'us-west-2c'];
  expect(first(planGpuPools(g5, { ...CONTEXT, zones })).zone).toBe('us-west-2a');
});

test('a zone by its place is the same as by its name, if names are known', () => {
  const zones = ['us-west-2a', 'us-west-2c'];
  const inZone = (zone: string | number) => planGpuPools({ ...g5, zone }, { ...CONTEXT, zones });
  expect(inZone(1)).toEqual(inZone('us-west-2c'));
  expect(inZone(0)).toEqual(planGpuPools(g5, { ...CONTEXT, zones }));
});

test('a zone whose name is not known is its place, which the volume keeps', () => {
  const unnamed = { ...CONTEXT, networkNamesZones: false };
  expect(first(planGpuPools({ ...g5, zone: 1 }, unnamed))).toMatchObject({
    zone: undefined,
    zoneIndex: 1,
    cache: { availabilityZones: undefined, zoneIndex: 1 },
  });
  expect(planGpuPools({ ...g5, zone: 0 }, unnamed)).toEqual(planGpuPools(g5, unnamed));
});

test.each([2, -1, 0.5, Number.NaN])('place %p in a network of two zones is refused', (zone) => {
  expect(refusal(() => plan({ ...g5, zone })).message).toMatch(
    /^gpu\[0\]\.zone = .+: is not the place of one of the network's 2 zones, the first of which is 0; allowed: an integer from 0 to 1/,
  );
});

test('an instance-store cache puts pods’ files on the disks', () => {
  expect(first(plan({ ...g5, cache: { kind: 'instance-store', sizeGiB: 100 } }))).toMatchObject({
    localStorage: 'RAID0',
    cache: { kind: 'instance-store', sizeGiB: 100 },
  });
});

test('models on the instance store are not read from EBS', () => {
  const small: PoolContext = { ...CONTEXT, models: [{ name: 'qwen3-coder:30b', contextLength: 16_384 }] };
  const on = (kind: 'ebs' | 'instance-store') =>
    first(planGpuPools({ instanceType: 'g5.xlarge', cache: { kind } }, small)).fit;
  expect([on('ebs').coldLoadSeconds, on('instance-store').coldLoadSeconds]).toEqual([50, 20]);
  expect(on('ebs').warnings.join()).toContain('only in bursts of 30 minutes');
  expect(on('instance-store').warnings.join()).not.toContain('EBS');
});

test.each<[string, GpuPoolProps, string]>([
  [
    'more GPUs per server than a node has',
    { ...g5, gpusPerReplica: 5 },
    'gpu[0].gpusPerReplica = 5: is not a valid number of GPUs for a server on g5.12xlarge; allowed: an integer from 1 to 4',
  ],
  ['a negative price', { ...g5, pricePerHour: -1 }, 'gpu[0].pricePerHour = -1: is not a valid price'],
  [
    'a price that is not a number',
    { ...g5, pricePerHour: Number.NaN },
    'gpu[0].pricePerHour = NaN: is not a valid price',
  ],
  [
    'an unsupported family',
    { instanceType: 'g5g.xlarge' },
    'gpu[0].instanceType = "g5g.xlarge": is not supported: it has Arm CPUs',
  ],
  [
    'too little memory for several servers',
    { instanceType: { ...gpuInstanceType('g6e.12xlarge'), name: 'g0.lean', memoryGiB: 16 } },
    'gpu[0].instanceType = "g0.lean": would run 4 servers, with 2578 MiB of main memory each; ' +
      'allowed: at least 4096 MiB per server; set gpusPerReplica to more GPUs',
  ],
])('%s is refused with the property that the user wrote', (_, props, text) => {
  expect(refusal(() => plan(props)).message).toContain(text);
});

test('unused GPUs are warned of', () => {
  expect(first(plan({ ...g5, gpusPerReplica: 3 })).fit.warnings).toContain(
    'g5.12xlarge has 4 GPUs: servers with 3 GPUs each leave 1 idle.',
  );
});

test('the user’s labels are added to ours', () => {
  expect(first(plan({ ...g5, labels: { 'example.com/team': 'ml' } })).labels).toEqual({
    'example.com/team': 'ml',
    'nvidia.com/gpu.present': 'true',
    'ollama-eks/pool': 'gpu',
  });
});

test('is the input of a workload', () => {
  const [pool] = plan(g5);
  expect(pool).toMatchObject({
    amiFamily: 'AL2023',
    nodeLabels: { 'ollama-eks/pool': 'gpu' },
    needs: { contextLength: 65_536, parallel: 2 },
    resources: { limits: { 'nvidia.com/gpu': '2' } },
    fit: { fits: true },
  });
});

describe('vCPU quotas', () => {
  test('cover the nodes that run together, or the largest standby pool', () => {
    const pools = plan({ ...g5, name: 'gpu', replicas: 4 }, { instanceType: 'g6.48xlarge', name: 'g6' });
    expect(vcpuQuotas(pools)).toEqual([
      { code: 'L-DB2E81BA', name: 'Running On-Demand G and VT instances', vcpus: 192, pools: ['gpu', 'g6'] },
    ]);
  });

  test('differ by family and purchase option; Capacity Blocks have none', () => {
    const pools = plan(
      { ...g5, name: 'gpu' },
      { ...g5, name: 'spot', capacity: Capacity.SPOT },
      { instanceType: 'p4d.24xlarge', name: 'p4' },
      { instanceType: 'p5.48xlarge', name: 'p5', capacity: Capacity.block('cr-0a') },
    );
    expect(vcpuQuotas(pools).map(({ code, vcpus }) => [code, vcpus])).toEqual([
      ['L-DB2E81BA', 48],
      ['L-3819A6DF', 48],
      ['L-417A185B', 96],
    ]);
  });

  test('of spot P types differ by generation; those after P5 are unknown', () => {
    const spot = (instanceType: string) => ({
      instanceType,
      name: instanceType.slice(0, 2),
      capacity: Capacity.SPOT,
    });
    const quotas = vcpuQuotas(plan(spot('p4d.24xlarge'), spot('p5.48xlarge'), spot('p6-b200.48xlarge')));
    expect(quotas.map(({ code, name, pools }) => [code, name, pools])).toEqual([
      ['L-7212CCBC', 'All P4, P3 and P2 Spot Instance Requests', ['p4']],
      ['L-C4BD4855', 'All P5 Spot Instance Requests', ['p5']],
    ]);
  });
});

test('models that do not fit are an error, unless the pool may keep part of them in main memory', () => {
  const small: GpuPoolProps = { instanceType: 'g5.xlarge' };
  expect(() => plan(small)).toThrow(/qwen3-coder:30b/);
  const pool = first(plan({ ...small, allowCpu: true }));
  expect(pool).toMatchObject({ allowCpu: true, fit: { fits: false } });
  expect(pool.fit.reason).toBeDefined();
});

test('additional taints follow the GPU taint', () => {
  const notReady = { key: 'cni.istio.io/not-ready', value: 'true', effect: 'NO_SCHEDULE' } as const;
  expect(first(plan({ ...g5, startupTaints: [notReady] })).taints).toEqual([
    { key: 'nvidia.com/gpu', value: 'true', effect: 'NO_SCHEDULE' },
    notReady,
  ]);
});
