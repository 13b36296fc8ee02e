import { Network } from '../../src/cluster/network/network';
import { Capacity } from '../../src/cluster/nodes/capacity';
import { OllamaGpuCluster } from '../../src/cluster/ollama-gpu-cluster';
import type { OllamaGpuClusterProps } from '../../src/cluster/ollama-gpu-cluster-props';
import { Lazy, Testing, TerraformStack, Token } from '../../src/framework';
import { refusal } from '../refusal';
import { clusterWith, infrastructure, MINIMAL } from './given';

const token = Token.asString(Lazy.stringValue({ produce: () => 'later' }));
const g5 = { instanceType: 'g5.12xlarge' };
const admin = 'arn:aws:iam::111122223333:role/Admin';
const budget = { monthlyUsd: 100, emails: ['team@example.com'] };
const world = '0.0.0.0/0';

/** The problem, the props, and the property that the error must name. */
const REFUSED: readonly [string, Partial<OllamaGpuClusterProps>, string][] = [
  ['a name that EKS refuses', { clusterName: '-ollama' }, 'clusterName'],
  ['an invalid region', { region: 'oregon' }, 'region'],
  ['no pool', { gpu: [] }, 'gpu'],
  ['an unknown instance type', { gpu: { instanceType: 'g5.huge' } }, 'gpu.instanceType'],
  [
    'an unknown instance type in a list',
    {
      gpu: [
        { ...g5, name: 'a' },
        { instanceType: 'g5.huge', name: 'b' },
      ],
    },
    'gpu[1].instanceType',
  ],
  ['two pools with the same name', { gpu: [1, 2].map(() => ({ ...g5, name: 'a' })) }, 'gpu'],
  ['a pool name that is not a DNS label', { gpu: { ...g5, name: 'GPU' } }, 'gpu.name'],
  ['the name of the nodes without GPUs', { gpu: { ...g5, name: 'system' } }, 'gpu.name'],
  ['AL2', { gpu: { ...g5, amiFamily: 'AL2' as 'AL2023' } }, 'gpu.amiFamily'],
  ['a release of the wrong form', { gpu: { ...g5, releaseVersion: 'latest' } }, 'gpu.releaseVersion'],
  ['a release for another Kubernetes', { gpu: { ...g5, releaseVersion: '1.34.2-20260818' } }, 'gpu.releaseVersion'],
  [
    'a release of Bottlerocket without its build',
    { gpu: { ...g5, amiFamily: 'BOTTLEROCKET', releaseVersion: '1.50.0' } },
    'gpu.releaseVersion',
  ],
  ['a zone of another region', { gpu: { ...g5, zone: 'us-east-1a' } }, 'gpu.zone'],
  ['several pools without names', { gpu: [{ ...g5, name: 'a' }, g5] }, 'gpu[1].name'],
  [
    'a root volume’s key of another region',
    { gpu: { ...g5, rootVolume: { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0a' } } },
    'gpu.rootVolume.kmsKeyArn',
  ],
  ['a zone known only at apply', { gpu: { ...g5, zone: token } }, 'gpu.zone'],
  ['a zone’s place known only at apply', { gpu: { ...g5, zone: Token.asNumber(token) } }, 'gpu.zone'],
  ['a place that the network does not have', { gpu: { ...g5, zone: 3 } }, 'gpu.zone'],
  [
    'a zone that the network does not have',
    { gpu: { ...g5, zone: 'us-west-2d' }, createNetwork: { zones: ['us-west-2a', 'us-west-2b'] } },
    'gpu.zone',
  ],
  ['a label that EKS sets', { gpu: { ...g5, labels: { 'eks.amazonaws.com/nodegroup': 'x' } } }, 'gpu.labels'],
  ['a label that this library sets', { gpu: { ...g5, labels: { 'ollama-eks/pool': 'x' } } }, 'gpu.labels'],
  ['a Capacity Block type on demand', { gpu: { instanceType: 'p5e.48xlarge' } }, 'gpu.capacity'],
  ['an id that is not a reservation', { gpu: { ...g5, capacity: Capacity.reservation('my-gpus') } }, 'gpu.capacity'],
  ['EFA on an instance type without it', { gpu: { instanceType: 'g5.xlarge', efa: true } }, 'gpu.efa'],
  [
    'disk mounts on Bottlerocket',
    { gpu: { ...g5, amiFamily: 'BOTTLEROCKET', localStorage: 'Mount' } },
    'gpu.localStorage',
  ],
  [
    'an instance store that the cache cannot use',
    { gpu: { ...g5, localStorage: 'Mount', cache: { kind: 'instance-store' } } },
    'gpu.localStorage',
  ],
  [
    'throughput for an instance store',
    { gpu: { ...g5, cache: { kind: 'instance-store', throughput: 500 } } },
    'gpu.cache.throughput',
  ],
  [
    'a cache larger than the disks',
    { gpu: { ...g5, cache: { kind: 'instance-store', sizeGiB: 4000 } } },
    'gpu.cache.sizeGiB',
  ],
  [
    'a cache too small for the models',
    { gpu: { instanceType: 'g5.xlarge', cache: { sizeGiB: 2 } } },
    'gpu.cache.sizeGiB',
  ],
  [
    'a key of model volumes known only at apply',
    { gpu: { ...g5, cache: { kmsKeyArn: token } } },
    'gpu.cache.kmsKeyArn',
  ],
  [
    'throughput above a quarter of iops',
    { gpu: { ...g5, rootVolume: { iops: 3000, throughput: 1000 } } },
    'gpu.rootVolume.throughput',
  ],
  [
    'throughput above the instance’s limit',
    { gpu: { instanceType: 'g5.xlarge', rootVolume: { throughput: 1000 } } },
    'gpu.rootVolume.throughput',
  ],
  [
    'a root volume faster than a launch template supports',
    { gpu: { ...g5, rootVolume: { throughput: 1500 } } },
    'gpu.rootVolume.throughput',
  ],
  ['a root volume too small for images', { gpu: { ...g5, rootVolume: { sizeGiB: 8 } } }, 'gpu.rootVolume.sizeGiB'],
  ['a negative number of replicas', { gpu: { ...g5, replicas: -1 } }, 'gpu.replicas'],
  ['fewer nodes than the replicas need', { gpu: { ...g5, replicas: 9, maxSize: 1 } }, 'gpu.maxSize'],
  ['more nodes at creation than the maximum', { gpu: { ...g5, initialSize: 3, maxSize: 2 } }, 'gpu.initialSize'],
  ['fewer nodes at creation than the minimum', { gpu: { ...g5, initialSize: 0, minSize: 1 } }, 'gpu.initialSize'],
  ['no model', { models: [] }, 'models'],
  ['a model that does not fit', { models: [{ name: 'llama3.1:70b', contextLength: 8192 }] }, 'models'],
  [
    'a context above the native one',
    { models: [{ name: 'llama3.1:8b', contextLength: 200_000 }] },
    'models[0].contextLength',
  ],
  ['an unknown model', { models: [{ name: 'mymodel:1b', contextLength: 8192 }] }, 'models[0].name'],
  ['a VPC too small', { createNetwork: { cidr: '10.0.0.0/24' } }, 'createNetwork.cidr'],
  ['one zone', { createNetwork: { zones: ['us-west-2a'] } }, 'createNetwork.zones'],
  ['a duplicate zone', { createNetwork: { zones: ['us-west-2a', 'us-west-2a'] } }, 'createNetwork.zones'],
  ['a Local Zone', { createNetwork: { zones: ['us-west-2a', 'us-west-2-lax-1a'] } }, 'createNetwork.zones[1]'],
  [
    'zones together with their number',
    { createNetwork: { zones: ['us-west-2a', 'us-west-2b'], zoneCount: 2 } },
    'createNetwork.zoneCount',
  ],
  ['nine zones', { createNetwork: { zoneCount: 9 } }, 'createNetwork.zoneCount'],
  ['a retention that CloudWatch does not support', { createNetwork: { flowLogDays: 31 } }, 'createNetwork.flowLogDays'],
  [
    'an endpoint that is not a service',
    { createNetwork: { interfaceEndpoints: ['ECR'] } },
    'createNetwork.interfaceEndpoints',
  ],
  ['no NAT while models are pulled', { createNetwork: { nat: 'none' } }, 'createNetwork.nat'],
  ['no NAT while Jobs pull', { modelPull: 'job', createNetwork: { nat: 'none' } }, 'createNetwork.nat'],
  ['Services in the VPC’s range', { serviceCidr: '10.0.64.0/20' }, 'serviceCidr'],
  ['Services in public space', { serviceCidr: '8.8.0.0/16' }, 'serviceCidr'],
  ['Services partly in public space', { serviceCidr: '192.160.0.0/12' }, 'serviceCidr'],
  ['a public endpoint for the whole internet', { endpoint: { publicCidrs: [world] } }, 'endpoint.publicCidrs[0]'],
  ['a malformed range', { endpoint: { publicCidrs: ['203.0.113.7'] } }, 'endpoint.publicCidrs[0]'],
  [
    'a session instead of a role',
    { access: [{ principalArn: 'arn:aws:sts::111122223333:assumed-role/Admin/me' }] },
    'access[0].principalArn',
  ],
  ['a duplicate principal', { access: [{ principalArn: admin }, { principalArn: admin, name: 'again' }] }, 'access[1]'],
  [
    'two entries with the same name',
    { access: [{ principalArn: admin }, { principalArn: 'arn:aws:iam::444455556666:role/Admin' }] },
    'access[1]',
  ],
  ['a principal known at apply without a name', { access: [{ principalArn: token }] }, 'access[0].name'],
  [
    'a reserved group',
    { access: [{ principalArn: admin, kubernetesGroups: ['system:masters'] }] },
    'access[0].kubernetesGroups',
  ],
  [
    'a cluster admin in a namespace',
    { access: [{ principalArn: admin, namespaces: ['ollama'] }] },
    'access[0].namespaces',
  ],
  [
    'a principal of another partition',
    { access: [{ principalArn: 'arn:aws-cn:iam::111122223333:role/Admin' }] },
    'access[0].principalArn',
  ],
  [
    'an unknown policy',
    { access: [{ principalArn: admin, policies: ['AdministratorAccess' as 'AmazonEKSViewPolicy'] }] },
    'access[0].policies[0]',
  ],
  ['an entry that grants nothing', { access: [{ principalArn: admin, policies: [] }] }, 'access[0].policies'],
  [
    'policies for no namespace',
    { access: [{ principalArn: admin, policies: ['AmazonEKSViewPolicy'], namespaces: [] }] },
    'access[0].namespaces',
  ],
  ['an alias instead of a key', { secretsKeyArn: 'alias/mine' }, 'secretsKeyArn'],
  ['an unknown log type', { logs: { types: ['etcd' as 'api'] } }, 'logs.types'],
  ['a log retention that CloudWatch does not support', { logs: { retentionDays: 100 } }, 'logs.retentionDays'],
  ['system nodes too small for istiod', { system: { instanceType: 't3.medium' } }, 'system.instanceType'],
  ['no system node', { system: { size: 0 } }, 'system.size'],
  ['fewer system nodes than at creation', { system: { size: 3, maxSize: 2 } }, 'system.maxSize'],
  ['a floating version of an add-on', { addOns: { vpcCni: { version: 'latest' } } }, 'addOns.vpcCni.version'],
  ['a request timeout below the minimum', { requestTimeoutSeconds: 30 }, 'requestTimeoutSeconds'],
  ['a request timeout above that of the load balancer', { requestTimeoutSeconds: 7200 }, 'requestTimeoutSeconds'],
  ['a negative queue', { maxWaiting: -1 }, 'maxWaiting'],
  ['a budget of nothing', { guardrails: { budget: { ...budget, monthlyUsd: 0 } } }, 'guardrails.budget.monthlyUsd'],
  ['a budget that notifies nobody', { guardrails: { budget: { monthlyUsd: 1 } } }, 'guardrails.budget.emails'],
  [
    'an invalid email address',
    { guardrails: { budget: { ...budget, emails: ['team'] } } },
    'guardrails.budget.emails[0]',
  ],
  ['a threshold of zero', { guardrails: { budget: { ...budget, thresholds: [0] } } }, 'guardrails.budget.thresholds'],
  ['a cron expression with five fields', { nightSchedule: { stop: 'cron(0 20 * * ?)' } }, 'nightSchedule.stop'],
  [
    'a start that is not a cron expression',
    { nightSchedule: { stop: 'cron(0 20 ? * * *)', start: '8am' } },
    'nightSchedule.start',
  ],
  [
    'an invalid time zone',
    { nightSchedule: { stop: 'cron(0 20 ? * * *)', timeZone: 'UTC+1!' } },
    'nightSchedule.timeZone',
  ],
  [
    'a nonexistent time zone',
    { nightSchedule: { stop: 'cron(0 20 ? * * *)', timeZone: 'Europe/Atlantis' } },
    'nightSchedule.timeZone',
  ],
  [
    'a node that runs at night',
    { gpu: { ...g5, minSize: 1 }, nightSchedule: { stop: 'cron(0 20 ? * * *)' } },
    'gpu.minSize',
  ],
  [
    'a node that runs at night, in a list',
    { gpu: [g5, { ...g5, minSize: 1 }], nightSchedule: { stop: 'cron(0 20 ? * * *)' } },
    'gpu[1].minSize',
  ],
  ['a tag that AWS reserves', { tags: { 'aws:owner': 'me' } }, 'tags["aws:owner"]'],
  ['a tag with a value that AWS refuses', { tags: { Owner: 'me & you' } }, 'tags["Owner"]'],
];

/** Values that the types do not allow, as a JavaScript program may pass them. */
const NO_VALUE = 'other' as never;
const UNTYPED: readonly [string, Partial<OllamaGpuClusterProps>, string][] = [
  ['upgradePolicy', { upgradePolicy: NO_VALUE }, 'STANDARD, EXTENDED'],
  ['modelPull', { modelPull: NO_VALUE }, 'online, job, offline'],
  ['createNetwork.nat', { createNetwork: { nat: NO_VALUE } }, 'single, per-zone, none'],
  ['gpu.localStorage', { gpu: { ...g5, localStorage: NO_VALUE } }, 'RAID0, Mount'],
  ['gpu.cache.kind', { gpu: { ...g5, cache: { kind: NO_VALUE } } }, 'ebs, instance-store'],
  [
    'gpu[1].cache.kind',
    {
      gpu: [
        { ...g5, name: 'a' },
        { ...g5, name: 'b', cache: { kind: NO_VALUE } },
      ],
    },
    'ebs, instance-store',
  ],
  ['guardrails.versionCheck', { guardrails: { versionCheck: NO_VALUE } }, 'catalogue, eks, none'],
];

test('OllamaGpuCluster needs no NAT if models are pulled from a mirror in the VPC', () => {
  expect(() => clusterWith({ createNetwork: { nat: 'none' }, registryCidrs: ['10.0.12.0/24'] })).not.toThrow();
});

describe('OllamaGpuCluster refuses', () => {
  test.each(UNTYPED)('an unsupported value of %s', (property, props, allowed) => {
    expect(refusal(() => clusterWith(props)).message).toBe(
      `${property} = "other": is not a supported value; allowed: ${allowed}; ` +
        'choose one of these, or omit it for the default',
    );
  });

  test.each(['1_', 'blue.', token])('%s as a prefix of output names', (outputPrefix) => {
    expect(refusal(() => clusterWith({ outputPrefix })).message).toMatch(
      /^outputPrefix = .*; allowed: letters, digits, _/,
    );
  });

  test('a network of another region', () => {
    const stack = infrastructure();
    const network = Network.fromAttributes(stack, 'network', {
      vpcId: 'vpc-1',
      vpcCidr: '10.1.0.0/16',
      privateSubnetIds: ['subnet-1', 'subnet-2'],
      zones: ['us-east-1a', 'us-east-1b'],
    });
    expect(refusal(() => new OllamaGpuCluster(stack, 'cluster', { ...MINIMAL, network })).message).toContain(
      'network.zones = "us-east-1a": is not a zone of us-west-2, the region of the cluster',
    );
  });

  test.each(REFUSED)('%s', (_, props, property) => {
    const error = refusal(() => clusterWith(props));
    expect(error.property).toBe(property);
    expect(error.message).toMatch(/^\S+( = .+)?: .+; allowed: .+; .+[^.]$/);
  });

  test('an existing network together with options of a new one', () => {
    const stack = infrastructure();
    const network = new Network(stack, 'network', { networkName: 'mine' });
    const made = () => new OllamaGpuCluster(stack, 'cluster', { ...MINIMAL, network, createNetwork: { zoneCount: 2 } });
    expect(refusal(made).property).toBe('createNetwork');
  });

  test('a zone if the network does not name its zones', () => {
    const stack = infrastructure();
    const network = Network.fromAttributes(stack, 'network', {
      vpcId: 'vpc-1',
      vpcCidr: '10.1.0.0/16',
      privateSubnetIds: ['subnet-1', 'subnet-2'],
    });
    const gpu = { ...g5, zone: 'us-west-2a' };
    const made = () => new OllamaGpuCluster(stack, 'cluster', { ...MINIMAL, network, gpu });
    expect(refusal(made).property).toBe('gpu.zone');
  });

  test('a stack without a region', () => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    expect(refusal(() => new OllamaGpuCluster(stack, 'cluster', MINIMAL)).property).toBe('region');
  });

  test('two clusters with the same output names', () => {
    const { stack } = clusterWith();
    const second = () => new OllamaGpuCluster(stack, 'second', { ...MINIMAL, clusterName: 'second' });
    expect(refusal(second).property).toBe('outputPrefix');
  });
});
