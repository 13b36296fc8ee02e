import { Capacity } from '../../../src/cluster/nodes/capacity';
import type { GpuPoolProps } from '../../../src/cluster/nodes/gpu-pool';
import { DEFERRED_NODES_CONTEXT } from '../../../src/cluster/nodes/nodes-at-creation';
import { OllamaGpuCluster } from '../../../src/cluster/ollama-gpu-cluster';
import { App, TerraformStack, Testing } from '../../../src/framework';
import { loosenProviderVersions } from '../../../src/index';
import { aws } from '../../../src/providers/aws';
import { InfrastructureStack } from '../../../src/stacks/infrastructure-stack';
import { type Properties, Template } from '../../../src/testing';
import { refusal } from '../../refusal';
import { clusterWith, gpuGroup, idHas, MINIMAL, templateWith } from '../given';
import { POOL_STATES, WARM_POOL_CONFIG } from './warm-pool-contract';

const POOL: GpuPoolProps = { instanceType: 'g5.xlarge', warmPool: {} };

const awsVersion = (template: Template): string | undefined =>
  (template.json as { terraform?: { required_providers?: { aws?: { version?: string } } } }).terraform
    ?.required_providers?.aws?.version;

test('the block has the arguments of the provider’s schema', () => {
  const block = gpuGroup(templateWith({ gpu: POOL })).warm_pool_config as Properties;
  const types = Object.fromEntries(Object.entries(block).map(([name, value]) => [name, typeof value]));
  expect(types).toEqual(WARM_POOL_CONFIG);
  expect(POOL_STATES).toContain(block.pool_state);
  expect(block).toEqual({
    max_group_prepared_capacity: 1,
    min_size: 0,
    pool_state: 'STOPPED',
    reuse_on_scale_in: true,
  });
});

test('without the property there is no block', () => {
  expect(gpuGroup(templateWith({ gpu: { instanceType: 'g5.xlarge' } }))).not.toHaveProperty('warm_pool_config');
});

test.each<[Partial<GpuPoolProps>, number]>([
  [{}, 1],
  [{ replicas: 0 }, 1],
  [{ replicas: 3 }, 3],
  [{ replicas: 1, maxSize: 5 }, 1],
  [{ minSize: 2, maxSize: 5 }, 3],
  [{ maxSize: 5, warmPool: { maxGroupPreparedCapacity: 4 } }, 4],
])('%j prepares %i nodes', (props, nodes) => {
  expect(gpuGroup(templateWith({ gpu: { ...POOL, ...props } })).warm_pool_config).toMatchObject({
    max_group_prepared_capacity: nodes,
  });
});

describe('requires a provider that knows the block', () => {
  const own = (loosen: 'before' | 'after' | 'never', gpu: GpuPoolProps): string | undefined => {
    const stack = new TerraformStack(Testing.app(), 'own');
    new aws.AwsProvider(stack, 'aws', { region: 'us-west-2' });
    if (loosen === 'before') loosenProviderVersions(stack, ['aws']);
    new OllamaGpuCluster(stack, 'cluster', { ...MINIMAL, region: 'us-west-2', gpu });
    if (loosen === 'after') loosenProviderVersions(stack, ['aws']);
    return awsVersion(Template.fromStack(stack));
  };

  test.each(['before', 'after', 'never'] as const)('with loosenProviderVersions %s it', (loosen) => {
    expect(own(loosen, POOL)).toBe('>= 6.56, < 7.0');
  });

  test('in our stacks, and only with a warm pool', () => {
    expect(awsVersion(templateWith({ gpu: POOL }))).toBe('>= 6.56, < 7.0');
    expect(awsVersion(templateWith())).toBe('>= 5.100, < 7.0');
  });
});

test('deploy does not defer its nodes, since the warm pool launches one in any case', () => {
  const app = new App({ context: { [DEFERRED_NODES_CONTEXT]: ['ollama'] } });
  const stack = new InfrastructureStack(app, 'infra', { region: 'us-west-2' });
  const gpu = [
    { ...POOL, name: 'warm' },
    { ...POOL, name: 'cold', warmPool: undefined, initialSize: 1 },
  ];
  new OllamaGpuCluster(stack, 'cluster', { ...MINIMAL, gpu });
  const groups = Template.fromStack(stack).resources('aws_eks_node_group');
  expect(idHas(groups, 'gpu-nodes-warm').scaling_config).toMatchObject({ desired_size: 1 });
  expect(idHas(groups, 'gpu-nodes-cold').scaling_config).toMatchObject({ desired_size: 0 });
});

test('a night schedule sets the same sizes: with a warm pool, nodes that leave are stopped', () => {
  const nightSchedule = { stop: 'cron(0 20 ? * MON-FRI *)', start: 'cron(0 7 ? * MON-FRI *)' };
  const inputs = ({ warmPool }: Pick<GpuPoolProps, 'warmPool'>): unknown[] =>
    Object.values(templateWith({ gpu: { ...POOL, warmPool }, nightSchedule }).resources('aws_scheduler_schedule')).map(
      ({ target }) => (target as Properties).input,
    );
  expect(inputs({ warmPool: {} })).toHaveLength(2);
  expect(inputs({ warmPool: {} })).toEqual(inputs({}));
});

describe('costs the root volume of stopped nodes', () => {
  const summaryOf = (gpu: GpuPoolProps | readonly GpuPoolProps[]) => clusterWith({ gpu }).cluster.summary;

  test('as a line where they are more than the nodes that are paid for', () => {
    const standby = { ...POOL, name: 'standby', replicas: 0 };
    const summary = summaryOf([{ ...POOL, name: 'gpu' }, standby]);
    const line = summary.costLines.find(({ name }) => name === '1 × gp3 volume of stopped nodes');
    // 100 GiB, and 417 MiB/s of which 125 are included
    expect(line?.monthlyAlwaysOn).toBeCloseTo(8 + 0.04 * (417 - 125));
    expect(line?.monthly40h).toBe(line?.monthlyAlwaysOn);
    expect(
      summaryOf(POOL)
        .costLines.map(({ name }) => name)
        .join(),
    ).not.toContain('stopped');
  });

  test('as a note', () => {
    expect(summaryOf(POOL).notes).toContainEqual(
      'nodes of GPU pool gpu are stopped, not terminated, when it is scaled in: each then costs its root volume, ' +
        '19.68 USD a month, and reserves no capacity',
    );
    expect(summaryOf({ ...POOL, warmPool: undefined }).notes.join()).not.toContain('stopped');
  });

  test('and the nodes are in the summary', () => {
    expect(summaryOf(POOL).pools).toMatchObject([{ preparedNodes: 1 }]);
    expect(summaryOf({ ...POOL, warmPool: undefined }).pools[0]).not.toHaveProperty('preparedNodes');
  });
});

test.each<[string, Partial<GpuPoolProps>, RegExp]>([
  ['spot', { capacity: Capacity.SPOT }, /^gpu\.warmPool = \{\}: is not supported with spot instances/],
  ['a reservation', { capacity: Capacity.reservation('cr-0a') }, /saves nothing: a reservation is paid for/],
  ['a Capacity Block', { capacity: Capacity.block('cr-0a') }, /saves nothing: a Capacity Block is paid for/],
  ['Bottlerocket', { amiFamily: 'BOTTLEROCKET' }, /is not supported with Bottlerocket/],
  ['local disks', { localStorage: 'Mount' }, /what is on the local disks is lost when a node is stopped/],
  ['an instance-store cache', { cache: { kind: 'instance-store' } }, /what is on the local disks is lost/],
  ['nodes that always run', { minSize: 1 }, /would be empty: minSize keeps as many nodes running as maxSize allows/],
  ['no node', { warmPool: { maxGroupPreparedCapacity: 0 } }, /^gpu\.warmPool\.maxGroupPreparedCapacity = 0: .* 1 to 1/],
  ['more than the pool has', { warmPool: { maxGroupPreparedCapacity: 2 } }, /Capacity = 2: .* or raise maxSize$/],
])('refuses a warm pool with %s', (_, props, text) => {
  expect(refusal(() => templateWith({ gpu: { ...POOL, ...props } })).message).toMatch(text);
});
