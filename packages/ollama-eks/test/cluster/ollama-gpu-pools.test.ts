import { ExistingEksCluster, type ExistingEksClusterProps } from '../../src/cluster/existing-eks-cluster';
import { Network } from '../../src/cluster/network/network';
import { OllamaGpuPools } from '../../src/cluster/ollama-gpu-pools';
import type { OllamaGpuPoolsProps } from '../../src/cluster/ollama-gpu-pools-props';
import { ExistingLoadBalancer } from '../../src/exposure/existing-load-balancer';
import { InternalExposure } from '../../src/exposure/internal-exposure';
import { KongTransitExposure } from '../../src/exposure/kong-transit-exposure';
import { App, Fn, TerraformStack, Testing } from '../../src/framework';
import { AmbientMesh } from '../../src/mesh/ambient-mesh';
import { aws } from '../../src/providers/aws';
import { tls } from '../../src/providers/tls';
import { InfrastructureStack } from '../../src/stacks/infrastructure-stack';
import { PlatformStack } from '../../src/stacks/platform-stack';
import { Template } from '../../src/testing';
import { refusal } from '../refusal';
import { gpuGroup, gpuTemplate, MINIMAL, templateWith, token, withoutProvider } from './given';

const NETWORK = {
  vpcId: 'vpc-0123456789abcdef0',
  vpcCidr: '10.20.0.0/16',
  privateSubnetIds: ['subnet-1', 'subnet-2'],
  zones: ['us-west-2a', 'us-west-2b'],
};
const { gpu, models } = MINIMAL;

function poolsWith(props: Partial<OllamaGpuPoolsProps> = {}, clusterProps: Partial<ExistingEksClusterProps> = {}) {
  const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2', tags: { Team: 'ml' } });
  const network = Network.fromAttributes(stack, 'network', NETWORK);
  const cluster = new ExistingEksCluster(stack, 'cluster', { clusterName: 'platform', network, ...clusterProps });
  return { stack, pools: new OllamaGpuPools(stack, 'ollama', { cluster, gpu, models, ...props }) };
}
const templateOf = (...given: Parameters<typeof poolsWith>) => Template.fromStack(poolsWith(...given).stack);
const names = ({ applications }: OllamaGpuPools) => applications.map(({ name }) => name);

describe('GPU pools on an existing cluster', () => {
  const { stack, pools } = poolsWith();
  const template = Template.fromStack(stack);

  test('create nodes, their role, and nothing of a cluster', () => {
    expect(Object.keys(template.json.resource ?? {}).sort()).toEqual([
      'aws_eks_node_group',
      'aws_iam_role',
      'aws_iam_role_policy_attachment',
      'aws_launch_template',
    ]);
    expect(gpuGroup(template)).toMatchObject({ cluster_name: 'platform', subnet_ids: ['subnet-1'], version: '1.36' });
  });

  test('have the same nodes as a new cluster, but for the cluster', () => {
    const created = templateWith({ clusterName: 'platform' });
    const OWN = ['cluster_name', 'depends_on', 'node_role_arn', 'subnet_ids', 'lifecycle', 'launch_template'];
    const shared = (group: object) => Object.entries(group).filter(([name]) => !OWN.includes(name));
    expect(shared(gpuGroup(template))).toEqual(shared(gpuGroup(created)));
    expect(gpuTemplate(template)).toEqual(gpuTemplate(created));
  });

  test('have a role that also lets a VPC CNI without its own one work, which outlives the nodes', () => {
    const attached = Object.values(template.resources('aws_iam_role_policy_attachment'));
    expect(attached.map(({ policy_arn }) => String(policy_arn).split('/').pop())).toEqual([
      'AmazonEC2ContainerRegistryPullOnly',
      'AmazonEKS_CNI_Policy',
      'AmazonEKSWorkerNodePolicy',
      'AmazonSSMManagedInstanceCore',
    ]);
    expect(gpuGroup(template).depends_on).toHaveLength(4);
  });

  test('check quota and offering, but neither version nor upgrade, which are the cluster’s', () => {
    expect((gpuGroup(template).lifecycle as { precondition: unknown[] }).precondition).toHaveLength(2);
    expect(template.checks()).toEqual({});
  });

  test('serve with the Applications of a new cluster', () => {
    expect(names(pools)).toEqual(['nvidia-device-plugin', 'ollama-foundation', 'ollama', 'ollama-model-prover']);
  });

  test('tag model volumes, which the cluster’s driver would not', () => {
    expect(JSON.stringify(pools.applications)).toContain('"tagSpecification_1":"ollama-eks/cluster=platform"');
  });

  test('have the outputs of a new cluster that are theirs', () => {
    expect(Object.keys(template.json.output ?? {}).sort()).toEqual([
      'cluster_name',
      'gpu_node_group_names',
      'kubeconfig_command',
      'region',
      'vpc_cidr',
      'vpc_id',
    ]);
  });

  test('are summarized, with what they cost besides the cluster', () => {
    const { clusterName, existing, pools: summarized, costLines, notes, warnings } = pools.summary;
    expect([clusterName, existing]).toEqual(['platform', true]);
    expect(summarized).toHaveLength(1);
    expect(costLines.map(({ name }) => name)).toEqual(['1 × g5.xlarge', '2 × gp3 volume']);
    expect(notes).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^one instance type in one zone/),
      expect.stringMatching(/^g5\.xlarge reaches its EBS limit/),
    ]);
  });

  test('have their node group as default child', () => {
    expect(pools.node.defaultChild).toBe(pools.gpuNodes[0]?.nodeGroup.resource);
  });
});

test('a role of the team is used as it is', () => {
  const nodeRoleArn = 'arn:aws:iam::111122223333:role/team/nodes';
  const template = templateOf({ nodeRoleArn });
  expect(template.resources('aws_iam_role')).toEqual({});
  expect(gpuGroup(template)).toMatchObject({ node_role_arn: nodeRoleArn });
  expect(gpuGroup(templateOf({ nodeRoleArn: token('role') }))).toMatchObject({ node_role_arn: '${local.role}' });
});

test('an existing device plugin stays the only one', () => {
  expect(names(poolsWith({ installDevicePlugin: false }).pools)).not.toContain('nvidia-device-plugin');
});

test('nodes have the security groups of the team’s nodes, with EFA, too', () => {
  const groups = ['sg-1', 'sg-2'];
  const template = templateOf({}, { nodeSecurityGroupIds: groups });
  expect(gpuTemplate(template)).toMatchObject({ vpc_security_group_ids: groups });
  expect(gpuTemplate(templateOf())).not.toHaveProperty('vpc_security_group_ids');
  const efa = templateOf({ gpu: { instanceType: 'p4d.24xlarge', efa: true } }, { nodeSecurityGroupIds: groups });
  expect(gpuTemplate(efa)).not.toHaveProperty('vpc_security_group_ids');
  expect(gpuTemplate(efa).network_interfaces).toEqual(
    Array.from({ length: 4 }, (): unknown => expect.objectContaining({ security_groups: groups })),
  );
});

test('nodes come after what installs the CNI in the same stack', () => {
  const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
  const network = Network.fromAttributes(stack, 'network', NETWORK);
  const cni = new aws.EksAddon(stack, 'cni', { clusterName: 'platform', addonName: 'vpc-cni' });
  const cluster = new ExistingEksCluster(stack, 'cluster', { clusterName: 'platform', network, dependsOn: [cni] });
  new OllamaGpuPools(stack, 'ollama', { cluster, gpu, models });
  expect(gpuGroup(Template.fromStack(stack)).depends_on).toContain('aws_eks_addon.cni');
});

test('a schedule and checks are those of a new cluster', () => {
  const template = templateOf({
    nightSchedule: { stop: 'cron(0 20 ? * MON-FRI *)' },
    guardrails: { quotaCheck: false, offeringCheck: false },
  });
  expect(Object.keys(template.resources('aws_scheduler_schedule'))).toHaveLength(1);
  expect((gpuGroup(template).lifecycle as { precondition?: unknown[] }).precondition ?? []).toEqual([]);
});

describe('in a stack of the user, with an aliased provider', () => {
  const app = new App({ outdir: Testing.app().outdir });
  const stack = new TerraformStack(app, 'estate');
  new aws.AwsProvider(stack, 'aws', { region: 'eu-central-1' });
  new tls.TlsProvider(stack, 'tls');
  const provider = new aws.AwsProvider(stack, 'aws-ml', { alias: 'ml', region: 'us-west-2' });
  const network = Network.fromLookup(stack, 'network', { ...NETWORK, provider });
  const cluster = new ExistingEksCluster(stack, 'cluster', {
    clusterName: 'platform',
    region: 'us-west-2',
    network,
    provider,
  });
  const pools = new OllamaGpuPools(stack, 'ollama', { cluster, gpu, models, provider });
  const exposure = new InternalExposure(stack, 'internal', { cluster: pools, callerCidrs: ['10.8.0.0/24'], provider });
  const platform = new PlatformStack(app, 'platform', { cluster: pools });
  const mesh = new AmbientMesh(platform, 'mesh', { cluster: pools });

  test('everything of AWS carries the alias', () => {
    const others = withoutProvider(Template.fromStack(stack), 'aws.ml').filter((type) => !type.startsWith('tls_'));
    expect(others).toEqual([]);
  });

  test('adds no outputs, and the platform finds the cluster by its name', () => {
    expect(Template.fromStack(stack).json).not.toHaveProperty('output');
    expect(Template.fromStack(platform).dataSource('aws_eks_cluster')).toMatchObject({ name: 'platform' });
  });

  test('mesh and exposure use the pools as they use a cluster', () => {
    expect(exposure.applications.map(({ name }) => name)).toContain('gateway');
    expect(mesh.applications.map(({ name }) => name)).toContain('ztunnel');
  });
});

describe('the zone of a pool in a network that', () => {
  /** A pool in the second zone of a network whose ids and zones are those of another stack. */
  function groupIn(zone: string | number, zones?: readonly string[]) {
    const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
    const network = Network.fromAttributes(stack, 'network', { ...NETWORK, zones });
    const cluster = new ExistingEksCluster(stack, 'cluster', { clusterName: 'platform', network });
    const pools = new OllamaGpuPools(stack, 'ollama', { cluster, gpu: { instanceType: 'g5.xlarge', zone }, models });
    const template = Template.fromStack(stack);
    return { pools, template, group: gpuGroup(template) };
  }
  const later = ['US-WEST-2A', 'US-WEST-2B'].map((zone) => Fn.lower(zone));

  test('does not name its zones is its place, and no offering is checked', () => {
    const { group, template } = groupIn(1);
    expect(group.subnet_ids).toEqual(['subnet-2']);
    expect(template.json.data).not.toHaveProperty('aws_ec2_instance_type_offerings');
  });

  test('has tokens as zones is its place, whose offering a plan checks', () => {
    const { group } = groupIn(1, later);
    expect(group.subnet_ids).toEqual(['subnet-2']);
    expect(JSON.stringify(group.lifecycle)).toContain(String.raw`locations, lower(\"US-WEST-2B\"))`);
  });

  test('has names is the same by name and by place', () => {
    expect(groupIn(1, NETWORK.zones).template.json).toEqual(groupIn('us-west-2b', NETWORK.zones).template.json);
  });

  test('does not know its name at synth decides which volumes are used', () => {
    const claims = (zone: number) =>
      groupIn(zone, later).pools.applications.flatMap(({ source }) =>
        source.kind === 'manifests'
          ? source.manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim').map(({ metadata }) => metadata.name)
          : [],
      );
    expect(claims(0)).toHaveLength(1);
    expect(claims(1)).toHaveLength(1);
    expect(claims(1)).not.toEqual(claims(0));
  });

  test('does not name its zones cannot be named: the error leads to its place', () => {
    expect(refusal(() => groupIn('us-west-2b')).message).toContain(
      'gpu.zone = "us-west-2b": cannot be found: the network does not name the zones of its subnets; allowed: the place of ' +
        'the zone, from 0 to 1; use the place of the subnet in the network, or set `zones` of the network',
    );
  });
});

test.each<[string, Partial<OllamaGpuPoolsProps>, string]>([
  ['no cluster', { cluster: undefined }, 'cluster'],
  ['a cluster’s name', { cluster: 'platform' as never }, 'cluster'],
  ['what is no cluster', { cluster: { clusterName: 'platform' } as never }, 'cluster'],
  ['no pool', { gpu: [] }, 'gpu'],
  ['a model that does not fit', { models: [{ name: 'llama3.1:70b', contextLength: 8192 }] }, 'models'],
  ['a zone that the network does not have', { gpu: { instanceType: 'g5.xlarge', zone: 'us-west-2d' } }, 'gpu.zone'],
  ['an instance profile as the role', { nodeRoleArn: 'arn:aws:iam::111122223333:instance-profile/x' }, 'nodeRoleArn'],
  ['a role of another partition', { nodeRoleArn: 'arn:aws-cn:iam::111122223333:role/nodes' }, 'nodeRoleArn'],
  ['a flag as text', { installDevicePlugin: 'no' as never }, 'installDevicePlugin'],
  ['a check that clusters have', { guardrails: { upgradeCheck: false } as never }, 'guardrails.upgradeCheck'],
  ['a prop that only clusters have', { addOns: {} } as never, 'addOns'],
  [
    'a key of another region',
    { gpu: { instanceType: 'g5.xlarge', cache: { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1' } } },
    'gpu.cache.kmsKeyArn',
  ],
  [
    'nodes at night',
    { gpu: { instanceType: 'g5.xlarge', minSize: 1 }, nightSchedule: { stop: 'cron(0 20 * * ? *)' } },
    'gpu.minSize',
  ],
])('refuses %s', (_, props, property) => {
  expect(refusal(() => poolsWith(props)).property).toBe(property);
});

describe('a cluster', () => {
  const { stack, pools } = poolsWith();
  const second = (cluster: OllamaGpuPoolsProps['cluster'], id: string) => () =>
    new OllamaGpuPools(stack, id, {
      cluster,
      gpu: { instanceType: 'g5.xlarge', name: 'more' },
      models,
      outputs: false,
    });

  test.each([
    ['a cluster with servers', 'by-cluster', () => pools],
    ['another reference to it', 'by-name', () => reference(stack)],
  ])('has the servers of one construct: %s is refused', (_, id, cluster) => {
    const refused = refusal(second(cluster(), id));
    expect(refused).toMatchObject({ property: 'cluster', remedy: 'add the pools to its `gpu`, which may be a list' });
    expect(refused.message).toMatch(/already has GPU pools, those of infra\/ollama; .* \(in infra\/by-\w+\)$/);
  });

  test('without servers is refused by what needs servers', () => {
    const cluster = reference(stack, 'bare') as never;
    for (const create of [
      () => new AmbientMesh(stack, 'mesh', { cluster }),
      () => AmbientMesh.fromAttributes(stack, 'existing-mesh', { cluster }),
      () => new InternalExposure(stack, 'internal', { cluster, callerCidrs: ['10.8.0.0/24'] }),
      () => new KongTransitExposure(stack, 'kong', { cluster, kongCidr: '192.168.0.0/22' }),
      () => new ExistingLoadBalancer(stack, 'nlb', { cluster, loadBalancerName: 'nlb', targetGroupName: 'group' }),
    ]) {
      expect(refusal(create)).toMatchObject({ property: 'cluster', allowed: 'an OllamaGpuCluster or OllamaGpuPools' });
    }
  });
});

test('two clusters in one stack have their own servers', () => {
  const { stack } = poolsWith();
  const network = Network.fromAttributes(stack, 'second-network', NETWORK);
  const cluster = new ExistingEksCluster(stack, 'second-cluster', { clusterName: 'second', network });
  expect(() => new OllamaGpuPools(stack, 'second', { cluster, gpu, models, outputs: false })).not.toThrow();
});

function reference(stack: InfrastructureStack, id = 'reference'): ExistingEksCluster {
  const network = Network.fromAttributes(stack, `${id}-network`, NETWORK);
  return new ExistingEksCluster(stack, id, { clusterName: 'platform', network });
}
