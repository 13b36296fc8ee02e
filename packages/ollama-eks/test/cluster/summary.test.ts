import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubernetesVersion } from '../../src/catalogue/kubernetes-version';
import { Capacity } from '../../src/cluster/nodes/capacity';
import { OllamaGpuCluster } from '../../src/cluster/ollama-gpu-cluster';
import type { OllamaGpuClusterProps } from '../../src/cluster/ollama-gpu-cluster-props';
import { SUMMARY_FILE, type SummaryFile } from '../../src/cluster/summary';
import { ExistingLoadBalancer } from '../../src/exposure/existing-load-balancer';
import { InternalExposure } from '../../src/exposure/internal-exposure';
import { KongTransitExposure } from '../../src/exposure/kong-transit-exposure';
import { TransitGateway } from '../../src/exposure/transit-gateway';
import { VpcAttachment } from '../../src/exposure/vpc-attachment';
import { App } from '../../src/framework';
import { InfrastructureStack } from '../../src/stacks/infrastructure-stack';
import { clusterWith, MINIMAL } from './given';

const minimal = clusterWith().cluster.summary;
const summaryOf = (props: Parameters<typeof clusterWith>[0] = {}) =>
  Object.keys(props).length === 0 ? minimal : clusterWith(props).cluster.summary;
const cost = (name: string, { costLines }: ReturnType<typeof summaryOf>) =>
  costLines.find((line) => line.name.includes(name));

test('reports what is served, on which nodes, and what stays free', () => {
  const models = [{ name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 }];
  const summary = summaryOf({ gpu: { instanceType: 'g5.12xlarge', replicas: 2 }, models });
  expect(summary).toMatchObject({
    clusterName: 'ollama',
    region: 'us-west-2',
    kubernetesVersion: '1.36',
    requestTimeoutSeconds: 600,
    pools: [
      {
        name: 'gpu',
        instanceType: 'g5.12xlarge',
        gpu: '4 × A10G',
        capacity: 'ON_DEMAND',
        replicas: 2,
        gpusPerReplica: 2,
        nodes: 1,
        initialSize: 1,
        models: [{ name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 }],
        spread: true,
      },
    ],
  });
  expect(summary.pools[0]?.vramUsedBytes).toBeGreaterThan(30 * 2 ** 30);
  expect(summary.pools[0]?.vramFreeBytes).toBeGreaterThan(0);
});

test('reports a batch that is smaller so that the models fit, and no other', () => {
  const glm = { name: 'glm-4.7-flash:q4_K_M', contextLength: 65_536, parallel: 6 };
  const batches = (models: OllamaGpuClusterProps['models']) =>
    summaryOf({ gpu: { instanceType: 'g6e.xlarge' }, models }).pools[0]?.models.map(({ numBatch }) => numBatch);
  expect(batches([glm])).toEqual([undefined]);
  expect(batches([glm, { name: 'nomic-embed-text', contextLength: 2048 }])).toEqual([1024, undefined]);
});

test('reports the memory of each GPU, whose parts add up', () => {
  const models = [{ name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 }];
  const [pool] = summaryOf({ gpu: { instanceType: 'g5.12xlarge', replicas: 2 }, models }).pools;
  expect(pool?.gpus).toHaveLength(2);
  const sum = (part: 'usedBytes' | 'freeBytes') => pool?.gpus?.reduce((bytes, gpu) => bytes + gpu[part], 0);
  expect([sum('usedBytes'), sum('freeBytes')]).toEqual([pool?.vramUsedBytes, pool?.vramFreeBytes]);
});

test('reports the cost per hour and per month', () => {
  const summary = summaryOf();
  expect(cost('g5.xlarge', summary)).toMatchObject({ hourly: 1.006 });
  expect(cost('m7i.large', summary)).toMatchObject({ name: '2 × m7i.large' });
  expect(cost('NAT', summary)).toMatchObject({ hourly: 0.045 });
  // The model volume, the root volume of the GPU node, and those of two system nodes.
  expect(cost('gp3', summary)?.name).toBe('4 × gp3 volume');
  expect(summary.hourly).toBeCloseTo(summary.costLines.reduce((sum, { hourly }) => sum + hourly, 0));
  expect(summary.monthly40h).toBeLessThan(summary.monthlyAlwaysOn ?? 0);
});

test('reports the cost of nodes that run regardless of replicas', () => {
  const standby = { instanceType: 'g6.xlarge', name: 'standby', replicas: 0, minSize: 1 };
  const summary = summaryOf({ gpu: [{ instanceType: 'g5.xlarge', name: 'gpu', initialSize: 3 }, standby] });
  expect(cost('3 × g5.xlarge', summary)).toMatchObject({ hourly: 3 * 1.006 });
  const always = cost('1 × g6.xlarge', summary);
  expect(always?.monthly40h).toBe(always?.monthlyAlwaysOn);
});

test('reports the cost of the endpoints that replace NAT', () => {
  const summary = summaryOf({ modelPull: 'offline', createNetwork: { nat: 'none' } });
  expect(cost('interface endpoint', summary)).toMatchObject({ name: '39 × interface endpoint', hourly: 0.39 });
});

test('reports the cost of a KMS key that it creates', () => {
  expect(cost('KMS', summaryOf())?.monthlyAlwaysOn).toBeCloseTo(1);
  const secretsKeyArn = 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  expect(cost('KMS', summaryOf({ secretsKeyArn }))).toBeUndefined();
});

test('notes that nodes without NAT need mirrors', () => {
  const mirrors = expect.stringContaining('set `mirrors` of the delivery');
  expect(summaryOf({ modelPull: 'offline', createNetwork: { nat: 'none' } }).notes).toContainEqual(mirrors);
  expect(summaryOf({ modelPull: 'offline' }).notes).not.toContainEqual(mirrors);
});

test('uses the price that the user pays', () => {
  const gpu = { instanceType: 'g5.xlarge', capacity: Capacity.SPOT, pricePerHour: 0.4 };
  expect(cost('g5.xlarge', summaryOf({ gpu }))).toMatchObject({ hourly: 0.4, source: undefined });
});

test('reports no cost if a price is not known', () => {
  const gpu = { instanceType: 'p5e.48xlarge', capacity: Capacity.block('cr-0a') };
  const summary = summaryOf({ gpu });
  expect(summary).toMatchObject({ costLines: [], hourly: undefined });
  expect(summary.warnings).toContainEqual(expect.stringContaining('no list price'));
});

describe('points out', () => {
  const fallback = /no fallback/;
  test.each<[string, Partial<OllamaGpuClusterProps>, RegExp]>([
    ['one type in one zone', {}, fallback],
    ['one type in one zone, on spot', { gpu: { instanceType: 'g5.xlarge', capacity: Capacity.SPOT } }, fallback],
    [
      'one type in one zone, in two pools',
      { gpu: ['a', 'b'].map((name) => ({ instanceType: 'g5.xlarge', name, zone: 'us-west-2a' })) },
      fallback,
    ],
    [
      'spot with models on EBS',
      { gpu: { instanceType: 'g5.xlarge', capacity: Capacity.SPOT } },
      /spot nodes with models on EBS/,
    ],
    ['that nobody has access', {}, /nobody has access/],
    [
      'requests that a draining node does not finish',
      { requestTimeoutSeconds: 661 },
      /^requests of 661 s outlast the 15 minutes .* at most 660,/,
    ],
    [
      'servers that leave a node too slowly',
      { gpu: { instanceType: 'g5.12xlarge', gpusPerReplica: 2, replicas: 2 } },
      /^2 servers share a node and leave it one by one, which takes up to 2\d minutes if requests run for 600 s; EKS waits 15,/,
    ],
    [
      'an endpoint open to the whole internet',
      { endpoint: { publicCidrs: ['0.0.0.0/0'], allowWorld: true } },
      /open to the whole internet/,
    ],
    ['interfaces of pods in strict mode', withPodInterfaces('strict'), /drops probes of pods in the mesh/],
    ['interfaces of pods in the default mode', withPodInterfaces(), /drops probes of pods in the mesh/],
    ['an unlisted version', { kubernetesVersion: KubernetesVersion.of('1.40') }, /1\.40 is not in the catalogue/],
  ])('%s', (_, props, warning) => {
    expect(summaryOf(props).warnings).toContainEqual(expect.stringMatching(warning));
  });

  test('nothing wrong with interfaces of pods in standard mode', () => {
    expect(summaryOf(withPodInterfaces('standard')).warnings.join()).not.toContain('ENABLE_POD_ENI');
  });

  test('no open API if there is no public endpoint, even with allowWorld', () => {
    const summary = summaryOf({ endpoint: { allowWorld: true } });
    expect(summary.warnings).not.toContainEqual(expect.stringMatching(/open to the whole internet/));
    expect(summary.notes).toContainEqual(expect.stringMatching(/inside the VPC only/));
  });

  test.each([660, undefined])('no drain that cuts off requests of %s s, undefined being the default', (seconds) => {
    const { warnings } = summaryOf(seconds === undefined ? {} : { requestTimeoutSeconds: seconds });
    expect(warnings).not.toContainEqual(expect.stringMatching(/outlast/));
  });

  test('no slow drain if a node has one server, or requests are short', () => {
    const own = { instanceType: 'g5.12xlarge', gpusPerReplica: 4, replicas: 2 };
    const shared = { instanceType: 'g5.12xlarge', gpusPerReplica: 2, replicas: 2 };
    const single = { ...shared, replicas: 1 };
    for (const props of [{ gpu: own }, { gpu: single }, { gpu: shared, requestTimeoutSeconds: 60 }]) {
      expect(summaryOf(props).warnings).not.toContainEqual(expect.stringMatching(/share a node/));
    }
  });

  test('no missing fallback if there is one', () => {
    const gpu = ['g5', 'g6'].map((name) => ({ instanceType: `${name}.xlarge`, name }));
    expect(summaryOf({ gpu }).warnings).not.toContainEqual(expect.stringMatching(fallback));
    const zones = ['a', 'b'].map((name) => ({ instanceType: 'g5.xlarge', name, zone: `us-west-2${name}` }));
    expect(summaryOf({ gpu: zones }).warnings).not.toContainEqual(expect.stringMatching(fallback));
    const places = [0, 1].map((zone) => ({ instanceType: 'g5.xlarge', name: `gpu-${zone}`, zone }));
    expect(summaryOf({ gpu: places }).warnings).not.toContainEqual(expect.stringMatching(fallback));
    const reserved = { instanceType: 'g5.xlarge', capacity: Capacity.reservation('cr-0a') };
    expect(summaryOf({ gpu: reserved }).warnings).not.toContainEqual(expect.stringMatching(fallback));
    const spot = { instanceType: 'g5.xlarge', capacity: Capacity.SPOT, cache: { kind: 'instance-store' as const } };
    expect(summaryOf({ gpu: spot }).warnings).not.toContainEqual(expect.stringContaining('spot nodes'));
  });

  test.each([
    [
      'nodes that are not started',
      { gpu: { instanceType: 'p4d.24xlarge' } },
      /^GPU pool gpu is created with fewer nodes/,
    ],
    [
      'standby pools',
      { gpu: ['g5', 'g6'].map((name) => ({ instanceType: `${name}.xlarge`, name })) },
      /^GPU pool g6 is on standby/,
    ],
    ['that the API is private', {}, /inside the VPC only/],
    ['that the deployer has access', { access: [{ principalArn: 'deployer' }] }, /anyone who runs terraform apply/],
    ['a missing budget', {}, /no budget/],
    ['the end of support', {}, /2027-08-02; EKS then upgrades/],
    ['what extended support costs', { upgradePolicy: 'EXTENDED' as const }, /six times/],
    ['prices of another region', { region: 'eu-central-1' }, /eu-central-1/],
  ])('as a note, %s', (_, props, note) => {
    expect(summaryOf(props).notes).toContainEqual(expect.stringMatching(note));
  });
});

describe('the file next to cdk.tf.json', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'ollama-eks-summary-'));
  afterAll(() => rmSync(outdir, { recursive: true }));

  test('contains the summaries of all clusters of the stack, in their order', () => {
    const app = new App({ outdir });
    const stack = new InfrastructureStack(app, 'infra', { region: 'us-west-2' });
    const blue = new OllamaGpuCluster(stack, 'blue', MINIMAL);
    const green = new OllamaGpuCluster(stack, 'green', { ...MINIMAL, clusterName: 'green', outputs: false });
    app.synth();
    const written = readFileSync(join(outdir, 'stacks', 'infra', SUMMARY_FILE), 'utf8');
    const expected: SummaryFile = { formatVersion: 1, clusters: [blue.summary, green.summary] };
    expect(written).toBe(`${JSON.stringify(expected, null, 2)}\n`);
  });

  const writtenWith = (expose: (stack: InfrastructureStack, cluster: OllamaGpuCluster) => void, props = MINIMAL) => {
    const app = new App({ outdir });
    const stack = new InfrastructureStack(app, 'infra', { region: 'us-west-2' });
    const other = new OllamaGpuCluster(stack, 'other', { ...MINIMAL, clusterName: 'other', outputs: false });
    const cluster = new OllamaGpuCluster(stack, 'cluster', props);
    expose(stack, cluster);
    app.synth();
    const { clusters } = JSON.parse(readFileSync(join(outdir, 'stacks', 'infra', SUMMARY_FILE), 'utf8')) as SummaryFile;
    const [first, written] = clusters;
    expect(first).toEqual(other.summary);
    const added = written?.costLines.slice(cluster.summary.costLines.length).map(({ name, hourly }) => [name, hourly]);
    return { added, hourly: (written?.hourly ?? NaN) - (cluster.summary.hourly ?? NaN) };
  };
  const kongCidr = '192.168.0.0/22';

  test('contains the cost of an exposure, for its own cluster', () => {
    const withKong = writtenWith((stack, cluster) => new KongTransitExposure(stack, 'kong', { cluster, kongCidr }));
    expect(withKong.added).toEqual([
      ['1 × network load balancer', 0.0225],
      ['1 × transit gateway attachment', 0.05],
    ]);
    expect(withKong.hourly).toBeCloseTo(0.0725);
  });

  test('does not contain the cost of what exists already', () => {
    const transit = {
      transitGatewayAttachmentId: 'tgw-attach-0123456789abcdef0',
      transitGatewayRouteTableId: 'tgw-rtb-0123456789abcdef0',
    };
    const withExisting = writtenWith((stack, cluster) => {
      const names = { loadBalancerName: 'shared', targetGroupName: 'ollama' };
      const loadBalancer = new ExistingLoadBalancer(stack, 'shared', { cluster, ...names });
      const transitGateway = TransitGateway.fromTransitGatewayId(stack, 'transit-gateway', 'tgw-0123456789abcdef0');
      const vpcAttachment = VpcAttachment.fromAttributes(transit);
      new KongTransitExposure(stack, 'kong', { cluster, kongCidr, loadBalancer, transitGateway, vpcAttachment });
    });
    expect(withExisting).toEqual({ added: [], hourly: 0 });
  });

  test('contains no cost if a price of the cluster is not known', () => {
    const gpu = { instanceType: 'p5e.48xlarge', capacity: Capacity.block('cr-0123456789abcdef0') };
    const { added, hourly } = writtenWith(
      (stack, cluster) => new InternalExposure(stack, 'vpn', { cluster, callerCidrs: ['10.200.0.0/16'] }),
      { ...MINIMAL, gpu },
    );
    expect({ added, hourly }).toEqual({ added: [], hourly: NaN });
  });
});

function withPodInterfaces(mode?: string): Partial<OllamaGpuClusterProps> {
  const enforcing = mode === undefined ? {} : { POD_SECURITY_GROUP_ENFORCING_MODE: mode };
  return { addOns: { vpcCni: { configuration: { env: { ENABLE_POD_ENI: 'true', ...enforcing } } } } };
}
