import { KubernetesVersion } from '../../src/catalogue/kubernetes-version';
import { Network } from '../../src/cluster/network/network';
import { OllamaGpuCluster } from '../../src/cluster/ollama-gpu-cluster';
import type { OllamaGpuClusterAttributes } from '../../src/cluster/ollama-gpu-cluster-props';
import { TerraformOutput, TerraformStack, Testing } from '../../src/framework';
import { aws } from '../../src/providers/aws';
import { Template } from '../../src/testing';
import { refusal } from '../refusal';
import {
  clusterWith,
  gpuGroup,
  gpuTemplate,
  idHas,
  infrastructure,
  MINIMAL,
  templateWith,
  token,
  withoutProvider,
} from './given';

/** Returns the addresses of blocks that differ or do not exist in the other template. */
function changed(template: Template, other: Template): string[] {
  const blocks = (of: Template) =>
    new Map(
      Object.entries(of.json.resource ?? {}).flatMap(([type, byId]) =>
        Object.entries(byId).map(([id, block]) => [`${type}.${id}`, JSON.stringify(block)] as const),
      ),
    );
  const others = blocks(other);
  return [...blocks(template)].flatMap(([address, block]) => (others.get(address) === block ? [] : [address]));
}

describe.each([
  ['named', { zones: ['us-west-2a', 'us-west-2b'] }, { zones: ['us-west-2a', 'us-west-2b', 'us-west-2d'] }],
  ['found', { zoneCount: 2 }, { zoneCount: 3 }],
])('another zone, %s', (_, two, three) => {
  const gpu = ['a', 'b'].map((name) => ({ instanceType: 'g5.xlarge', name }));
  const template = templateWith({ gpu, createNetwork: two });
  const other = templateWith({ gpu, createNetwork: three });

  test('replaces nothing but the system nodes', () => {
    expect(changed(template, other)).toEqual([
      expect.stringMatching(/^aws_eks_cluster\./),
      expect.stringMatching(/^aws_eks_node_group\..*system-nodes/),
      expect.stringMatching(/^aws_vpc_endpoint\..*s3/), // gets the route table of the new zone, in place
    ]);
  });

  test('does not change the control plane: EKS refuses subnets in zones other than those at creation', () => {
    const { vpc_config: before, ...rest } = template.resource('aws_eks_cluster');
    const { vpc_config: after, ...same } = other.resource('aws_eks_cluster');
    expect(rest).toEqual(same);
    expect({ ...(before as object), subnet_ids: [] }).toEqual({ ...(after as object), subnet_ids: [] });
    expect(rest.lifecycle).toEqual({ ignore_changes: ['vpc_config[0].subnet_ids'] });
  });

  test('does not move the models', () => {
    const volumes = (createNetwork: object) => JSON.stringify(clusterWith({ gpu, createNetwork }).cluster.applications);
    expect(volumes(two)).toEqual(volumes(three));
  });
});

describe('a cluster with required properties only', () => {
  const template = templateWith();

  test('has a private control plane with its own key and no access entries', () => {
    expect(template.resource('aws_eks_cluster')).toMatchObject({
      name: 'ollama',
      version: KubernetesVersion.DEFAULT.version,
      access_config: { authentication_mode: 'API', bootstrap_cluster_creator_admin_permissions: false },
      bootstrap_self_managed_addons: false,
      upgrade_policy: { support_type: 'STANDARD' },
      enabled_cluster_log_types: ['api', 'audit', 'authenticator'],
      encryption_config: { resources: ['secrets'], provider: { key_arn: expect.stringContaining('aws_kms_key') } },
      kubernetes_network_config: { service_ipv4_cidr: '172.20.0.0/16' },
      vpc_config: { endpoint_private_access: true, endpoint_public_access: false },
    });
    expect(template.resource('aws_eks_cluster').vpc_config).not.toHaveProperty('public_access_cidrs');
    expect(template.resource('aws_kms_key')).toMatchObject({ enable_key_rotation: true });
    expect(template.resources('aws_eks_access_entry')).toEqual({});
  });

  test('has a log group before the control plane, which would create one that never expires', () => {
    const groups = template.resources('aws_cloudwatch_log_group');
    expect(idHas(groups, 'control-plane')).toMatchObject({ name: '/aws/eks/ollama/cluster', retention_in_days: 90 });
    expect(template.resource('aws_eks_cluster').depends_on).toEqual([
      expect.stringMatching(/^terraform_data\..*chosen-vpc/),
      expect.stringMatching(/^terraform_data\..*chosen-service-cidr/),
      expect.stringMatching(/^terraform_data\..*chosen-name/),
      expect.stringMatching(/^terraform_data\..*chosen-region/),
      expect.stringMatching(/^aws_iam_role_policy_attachment\..*amazon-eks-cluster-policy/),
      expect.stringMatching(/^aws_iam_role_policy\./),
      expect.stringMatching(/^aws_cloudwatch_log_group\./),
    ]);
  });

  test('has GPU nodes on which no pod without a GPU runs', () => {
    expect(gpuGroup(template)).toMatchObject({
      ami_type: 'AL2023_x86_64_NVIDIA',
      capacity_type: 'ON_DEMAND',
      instance_types: ['g5.xlarge'],
      node_group_name_prefix: 'gpu-',
      scaling_config: { desired_size: 1, min_size: 0, max_size: 1 },
      labels: { 'nvidia.com/gpu.present': 'true', 'ollama-eks/pool': 'gpu' },
      taint: [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NO_SCHEDULE' }],
      node_repair_config: { enabled: true },
      subnet_ids: [expect.stringContaining('zone-0_private')],
    });
  });

  test('creates replacement nodes before it deletes old ones, and does not reset the number of nodes', () => {
    Object.values(template.resources('aws_eks_node_group')).forEach((group) =>
      expect(group.lifecycle).toMatchObject({
        create_before_destroy: true,
        ignore_changes: ['scaling_config[0].desired_size'],
      }),
    );
  });

  test('has launch templates that block pods from the instance’s credentials, encrypt and tag', () => {
    expect(gpuTemplate(template)).toMatchObject({
      metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1, http_endpoint: 'enabled' },
      block_device_mappings: [
        {
          device_name: '/dev/xvda',
          ebs: { encrypted: 'true', volume_type: 'gp3', iops: 3000, throughput: 417, volume_size: 100 },
        },
      ],
      tag_specifications: ['instance', 'volume', 'network-interface'].map((resource_type) => ({
        resource_type,
        tags: { Team: 'ml', 'ollama-eks/cluster': 'ollama', Name: 'ollama-gpu' },
      })),
    });
    expect(gpuTemplate(template)).not.toHaveProperty('network_interfaces');
  });

  test('has an untainted system pool in all zones', () => {
    expect(idHas(template.resources('aws_eks_node_group'), 'system-nodes')).toMatchObject({
      ami_type: 'AL2023_x86_64_STANDARD',
      instance_types: ['m7i.large'],
      scaling_config: { desired_size: 2, min_size: 2, max_size: 4 },
      taint: [],
      subnet_ids: [expect.any(String), expect.any(String), expect.any(String)],
    });
  });

  test('gives nodes only the policies that nodes need', () => {
    const attached = Object.keys(template.resources('aws_iam_role_policy_attachment')).filter((id) =>
      id.includes('node-role'),
    );
    expect(attached.map((id) => /node-role_(.+)_/.exec(id)?.[1])).toEqual([
      'amazon-ec2-container-registry-pull-only',
      'amazon-eks-worker-node-policy',
      'amazon-ssm-managed-instance-core',
    ]);
  });

  test('contains no ARN that is valid in one partition only', () => {
    expect(JSON.stringify(template.json)).not.toContain('arn:aws:');
  });

  test('adds the outputs that people need', () => {
    expect(template.outputs()).toMatchObject({
      cluster_name: { value: 'ollama' },
      kubeconfig_command: { value: 'aws eks update-kubeconfig --region us-west-2 --name ollama' },
      vpc_cidr: { value: '10.0.0.0/16' },
      vpc_id: { value: expect.stringContaining('aws_vpc') },
      gpu_node_group_names: { value: { gpu: expect.stringContaining('node_group_name') } },
    });
  });
});

describe('properties', () => {
  test('reach their resources', () => {
    const template = templateWith({
      kubernetesVersion: KubernetesVersion.V1_36,
      upgradePolicy: 'EXTENDED',
      deletionProtection: true,
      endpoint: { publicCidrs: ['54.240.193.0/29'] },
      secretsKeyArn: token('key'),
      serviceCidr: '10.200.0.0/16',
      logs: { types: ['audit'], retentionDays: 7, kmsKeyArn: token('logs') },
      system: { instanceType: 'm8g.large', size: 3, maxSize: 9, rootVolume: { sizeGiB: 80, throughput: 250 } },
      tags: { Owner: 'platform' },
    });
    expect(template.resource('aws_eks_cluster')).toMatchObject({
      version: '1.36',
      deletion_protection: true,
      upgrade_policy: { support_type: 'EXTENDED' },
      enabled_cluster_log_types: ['audit'],
      encryption_config: { provider: { key_arn: '${local.key}' } },
      kubernetes_network_config: { service_ipv4_cidr: '10.200.0.0/16' },
      vpc_config: { endpoint_public_access: true, public_access_cidrs: ['54.240.193.0/29'] },
      tags: { Owner: 'platform', 'ollama-eks/cluster': 'ollama' },
    });
    expect(template.resources('aws_kms_key')).toEqual({});
    expect(idHas(template.resources('aws_cloudwatch_log_group'), 'control-plane')).toMatchObject({
      retention_in_days: 7,
      kms_key_id: '${local.logs}',
    });
    expect(idHas(template.resources('aws_eks_node_group'), 'system')).toMatchObject({
      ami_type: 'AL2023_ARM_64_STANDARD',
      scaling_config: { desired_size: 3, min_size: 3, max_size: 9 },
    });
    expect(idHas(template.resources('aws_launch_template'), 'system').block_device_mappings).toMatchObject([
      { ebs: { volume_size: 80, throughput: 250, iops: 3000 } },
    ]);
  });

  test('the API can be opened to the whole internet explicitly', () => {
    const template = templateWith({ endpoint: { publicCidrs: ['0.0.0.0/0'], allowWorld: true } });
    expect(template.resource('aws_eks_cluster').vpc_config).toMatchObject({ public_access_cidrs: ['0.0.0.0/0'] });
  });

  test('access is granted to the listed principals, as listed', () => {
    const template = templateWith({
      access: [
        { principalArn: 'deployer' },
        {
          principalArn: token('role'),
          name: 'dev',
          policies: ['AmazonEKSViewPolicy'],
          namespaces: ['ollama'],
          kubernetesGroups: ['dev'],
        },
      ],
    });
    const entries = template.resources('aws_eks_access_entry');
    const associations = template.resources('aws_eks_access_policy_association');
    // Without a value, the provider would keep groups that were removed.
    expect(idHas(entries, 'access-deployer')).toMatchObject({
      principal_arn: expect.stringMatching(/aws_iam_session_context.*issuer_arn/),
      kubernetes_groups: [],
    });
    expect(idHas(entries, 'access-dev')).toMatchObject({ principal_arn: '${local.role}', kubernetes_groups: ['dev'] });
    expect(idHas(associations, 'access-deployer')).toMatchObject({ access_scope: { type: 'cluster' } });
    expect(idHas(associations, 'access-dev')).toMatchObject({
      policy_arn: expect.stringMatching(/:eks::aws:cluster-access-policy\/AmazonEKSViewPolicy$/),
      access_scope: { type: 'namespace', namespaces: ['ollama'] },
    });
  });

  test('an existing network is used unchanged', () => {
    const stack = infrastructure();
    const network = Network.fromAttributes(stack, 'network', {
      vpcId: token('vpc'),
      vpcCidr: '172.20.0.0/16',
      privateSubnetIds: [token('a'), token('b')],
    });
    const cluster = new OllamaGpuCluster(stack, 'cluster', { ...MINIMAL, network });
    const template = Template.fromStack(stack);
    expect(template.resources('aws_vpc')).toEqual({});
    expect(gpuGroup(template).subnet_ids).toEqual(['${local.a}']);
    expect(cluster.serviceCidr).toBe('10.100.0.0/16');
    expect(template.dataSources('aws_ec2_instance_type_offerings')).toEqual({});
  });
});

describe('as a construct', () => {
  test('has the EKS cluster as its default child', () => {
    const { cluster } = clusterWith();
    expect(cluster.node.defaultChild).toBeInstanceOf(aws.EksCluster);
    expect(cluster.gpuNodes[0]?.node.defaultChild).toBeInstanceOf(aws.EksNodeGroup);
  });

  test('two in one stack share the data sources of the account', () => {
    const { stack } = clusterWith();
    new OllamaGpuCluster(stack, 'second', { ...MINIMAL, clusterName: 'second', outputPrefix: 'second_' });
    const template = Template.fromStack(stack);
    const clusters = Object.values(template.resources('aws_eks_cluster')).map(({ name }) => name);
    expect(clusters.sort()).toEqual(['ollama', 'second']);
    expect(template.dataSource('aws_partition')).toBeDefined();
    expect(template.outputs()).toMatchObject({
      cluster_name: { value: 'ollama' },
      second_cluster_name: { value: 'second' },
    });
  });

  test('uses the given provider for every resource, and creates none', () => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    const provider = new aws.AwsProvider(stack, 'west', { region: 'us-west-2', alias: 'west' });
    new OllamaGpuCluster(stack, 'cluster', {
      ...MINIMAL,
      region: 'us-west-2',
      access: [{ principalArn: 'deployer' }],
      gpu: { instanceType: 'p4d.24xlarge', efa: true },
      guardrails: { budget: { monthlyUsd: 1, emails: ['a@example.com'] } },
      nightSchedule: { stop: 'cron(0 20 ? * * *)' },
      provider,
    });
    const template = Template.fromStack(stack);
    expect(withoutProvider(template, 'aws.west')).toEqual([]);
    expect(template.json.provider?.aws).toHaveLength(1);
    expect(template.outputs()).toEqual({});
  });

  test('warns of risks', () => {
    const { cluster } = clusterWith();
    const messages = cluster.node.metadata.map(({ data }) => String(data));
    expect(messages).toEqual([...cluster.summary.warnings]);
  });
});

describe('an existing cluster', () => {
  const lookup = () => {
    const stack = infrastructure({ Team: 'ml' });
    const network = new Network(stack, 'network', { networkName: 'mine' });
    const pools = [{ name: 'gpu', replicas: 1, parallel: 2 }];
    return { stack, lookup: { clusterName: 'theirs', network, pools } };
  };

  test('has its attributes, with the same defaults', () => {
    const { stack, lookup: attributes } = lookup();
    const cluster = OllamaGpuCluster.fromAttributes(stack, 'theirs', { ...attributes, clusterSecurityGroupId: 'sg-1' });
    expect(cluster).toMatchObject({
      clusterName: 'theirs',
      region: 'us-west-2',
      kubernetesVersion: '1.36',
      serviceCidr: '172.20.0.0/16',
      clusterSecurityGroupId: 'sg-1',
      requestTimeoutSeconds: 600,
      maxWaiting: 8,
      tags: { Team: 'ml' },
      ready: [],
    });
  });

  test.each<[string, Partial<OllamaGpuClusterAttributes>, string]>([
    ['a name that EKS refuses', { clusterName: '-theirs' }, 'clusterName = "-theirs": has the wrong form'],
    [
      'a tag that AWS reserves',
      { tags: { 'aws:owner': 'me' } },
      'tags["aws:owner"] = "me": has a key that AWS reserves',
    ],
    [
      'the tag of another cluster',
      { tags: { 'ollama-eks/cluster': 'blue' } },
      'tags["ollama-eks/cluster"] = "blue": is the tag that identifies everything that belongs to the cluster; allowed: theirs',
    ],
    [
      'a name that is no pool’s',
      { pools: [{ name: 'GPU', replicas: 1, parallel: 1 }] },
      'pools[0].name = "GPU": has the wrong form; allowed: a DNS label of at most 30 characters',
    ],
    [
      'two pools of one name',
      { pools: [1, 2].map((replicas) => ({ name: 'gpu', replicas, parallel: 1 })) },
      'pools = ["gpu","gpu"]: has two pools named gpu; allowed: a different name for each pool',
    ],
    ['no pool', { pools: [] }, 'pools = []: is empty: nothing would be served'],
  ])('must not have %s', (_, change, message) => {
    const { stack, lookup: attributes } = lookup();
    const described = { ...attributes, clusterSecurityGroupId: 'sg-1', ...change };
    expect(refusal(() => OllamaGpuCluster.fromAttributes(stack, 'theirs', described)).message).toContain(message);
    expect(refusal(() => OllamaGpuCluster.fromLookup(stack, 'found', { ...attributes, ...change })).message).toContain(
      message,
    );
  });

  test('is looked up by its name', () => {
    const { stack, lookup: found } = lookup();
    const cluster = OllamaGpuCluster.fromLookup(stack, 'theirs', found);
    new TerraformOutput(stack, 'group', { value: cluster.clusterSecurityGroupId });
    const template = Template.fromStack(stack);
    expect(template.dataSource('aws_eks_cluster')).toMatchObject({ name: 'theirs' });
    expect(template.outputs().group?.value).toBe(
      '${data.aws_eks_cluster.theirs-lookup.vpc_config[0].cluster_security_group_id}',
    );
  });
});
