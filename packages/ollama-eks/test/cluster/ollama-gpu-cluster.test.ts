import { Capacity } from '../../src/cluster/capacity';
import { Network } from '../../src/cluster/network';
import { OllamaGpuCluster } from '../../src/cluster/ollama-gpu-cluster';
import { KubernetesVersion } from '../../src/catalogue/kubernetes-version';
import { Lazy, TerraformOutput, TerraformStack, Testing, Token } from '../../src/framework';
import { aws } from '../../src/providers/aws';
import { type Properties, Template } from '../../src/testing';
import { clusterWith, idHas, infrastructure, MINIMAL, templateWith } from './given';

const token = (name: string): string => Token.asString(Lazy.stringValue({ produce: () => `\${local.${name}}` }));
const trustOf = (role: Properties): unknown => JSON.parse(String(role.assume_role_policy));
const gpuGroup = (template: Template): Properties => idHas(template.resources('aws_eks_node_group'), 'gpu-nodes-gpu_');
const gpuTemplate = (template: Template): Properties =>
  idHas(template.resources('aws_launch_template'), 'gpu-nodes-gpu_');

describe('a cluster with nothing said beyond the minimum', () => {
  const template = templateWith();

  test('has a private control plane with a key of its own and nobody in it', () => {
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

  test('has a log group before the control plane, which would make one that never expires', () => {
    const groups = template.resources('aws_cloudwatch_log_group');
    expect(idHas(groups, 'control-plane')).toMatchObject({ name: '/aws/eks/ollama/cluster', retention_in_days: 90 });
    expect(template.resource('aws_eks_cluster').depends_on).toEqual([
      expect.stringMatching(/^aws_iam_role_policy_attachment\..*AmazonEKSClusterPolicy/),
      expect.stringMatching(/^aws_iam_role_policy\./),
      expect.stringMatching(/^aws_cloudwatch_log_group\./),
    ]);
  });

  test('has GPU nodes that nothing without a GPU lands on', () => {
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

  test('replaces nodes before it takes them away, and leaves their number to whoever scales', () => {
    Object.values(template.resources('aws_eks_node_group')).forEach((group) =>
      expect(group.lifecycle).toMatchObject({
        create_before_destroy: true,
        ignore_changes: ['scaling_config[0].desired_size'],
      }),
    );
  });

  test('has launch templates that keep pods from the instance’s credentials, encrypt and tag', () => {
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

  test('gives nodes policies for what nodes do, and no more', () => {
    const attached = Object.keys(template.resources('aws_iam_role_policy_attachment')).filter((id) =>
      id.includes('node-role'),
    );
    expect(attached.map((id) => /node-role_(\w+)_/.exec(id)?.[1])).toEqual([
      'AmazonEC2ContainerRegistryPullOnly',
      'AmazonEKSWorkerNodePolicy',
      'AmazonSSMManagedInstanceCore',
    ]);
  });

  test('tells no ARN of one partition alone', () => {
    expect(JSON.stringify(template.json)).not.toContain('arn:aws:');
  });

  test('writes what people need', () => {
    expect(template.outputs()).toMatchObject({
      cluster_name: { value: 'ollama' },
      kubeconfig_command: { value: 'aws eks update-kubeconfig --region us-west-2 --name ollama' },
      vpc_cidr: { value: '10.0.0.0/16' },
      vpc_id: { value: expect.stringContaining('aws_vpc') },
      gpu_node_group_names: { value: { gpu: expect.stringContaining('node_group_name') } },
    });
  });
});

describe('order of creation, which backwards is the order of removal', () => {
  const template = templateWith({ access: [{ principalArn: 'arn:aws:iam::111122223333:role/Admin' }] });
  const addOns = template.resources('aws_eks_addon');

  test('a node comes after its role’s policies, the way out, and the CNI', () => {
    const nodes = gpuGroup(template).depends_on as string[];
    const expected = [
      /^aws_iam_role_policy_attachment\..*AmazonEKSWorkerNodePolicy/,
      /^aws_iam_role_policy_attachment\..*AmazonEC2ContainerRegistryPullOnly/,
      /^aws_iam_role_policy_attachment\..*AmazonSSMManagedInstanceCore/,
      /^aws_route\..*zone-0_private-default-route/,
      /^aws_route_table_association\..*zone-0_private-association/,
      /^aws_eks_addon\..*vpc-cni/,
      /^aws_eks_addon\..*kube-proxy/,
      /^aws_eks_addon\..*pod-identity-agent/,
    ];
    expected.forEach((pattern) => expect(nodes).toContainEqual(expect.stringMatching(pattern)));
  });

  test('no node waits for anything else', () => {
    const kinds = (gpuGroup(template).depends_on as string[]).map((address) => address.split('.')[0]);
    expect([...new Set(kinds)].sort()).toEqual([
      'aws_eks_addon',
      'aws_iam_role_policy_attachment',
      'aws_route',
      'aws_route_table_association',
    ]);
  });

  test('the CNI comes after its role’s policy and the agent that hands the role over, not after nodes', () => {
    expect(idHas(addOns, 'vpc-cni').depends_on).toEqual([
      expect.stringMatching(/^aws_iam_role_policy_attachment\..*AmazonEKS_CNI_Policy/),
      expect.stringMatching(/^aws_eks_addon\..*pod-identity-agent/),
    ]);
  });

  test.each(['coredns', 'ebs-csi-driver', 'metrics-server', 'node-monitoring-agent'])(
    '%s comes after the system nodes, not after GPU nodes',
    (addOn) => {
      const dependsOn = idHas(addOns, addOn).depends_on as string[];
      const nodes = dependsOn.filter((address) => address.startsWith('aws_eks_node_group'));
      expect(nodes).toEqual([expect.stringContaining('system-nodes')]);
    },
  );

  test('whoever reads the cluster’s name may use the cluster', () => {
    expect(template.outputs().cluster_name?.depends_on).toEqual([
      expect.stringMatching(/^aws_eks_cluster\./),
      expect.stringMatching(/^aws_eks_access_entry\./),
      expect.stringMatching(/^aws_eks_access_policy_association\./),
    ]);
  });
});

describe('add-ons', () => {
  const template = templateWith();
  const addOns = template.resources('aws_eks_addon');
  const configuration = (name: string): unknown => JSON.parse(String(idHas(addOns, name).configuration_values));

  test('are pinned for the Kubernetes version, but for the one whose builds aren’t known', () => {
    const unpinned = Object.values(addOns).filter(({ addon_version: version }) => String(version).includes('data.'));
    expect(unpinned).toEqual([expect.objectContaining({ addon_name: 'eks-node-monitoring-agent' })]);
    expect(idHas(addOns, 'kube-proxy').addon_version).toMatch(/^v1\.35\./);
    expect(template.dataSource('aws_eks_addon_version')).toMatchObject({ most_recent: false });
  });

  test('enforce network policies and hand out addresses by prefix', () => {
    expect(configuration('vpc-cni')).toEqual({
      enableNetworkPolicy: 'true',
      env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' },
    });
  });

  test('tag volumes with all tags, since no provider does', () => {
    expect(configuration('ebs-csi-driver')).toEqual({
      controller: { extraVolumeTags: { Team: 'ml', 'ollama-eks/cluster': 'ollama' } },
    });
  });

  test('watch GPUs on tainted nodes', () => {
    expect(configuration('node-monitoring-agent')).toEqual({ dcgmAgent: { tolerations: [{ operator: 'Exists' }] } });
  });

  test('get their roles by Pod Identity, for this cluster alone', () => {
    const role = idHas(template.resources('aws_iam_role'), 'vpc-cni-role');
    expect(trustOf(role)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'pods.eks.amazonaws.com' },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Condition: {
            StringEquals: { 'aws:SourceAccount': expect.stringContaining('aws_caller_identity') },
            ArnEquals: { 'aws:SourceArn': expect.stringContaining('aws_eks_cluster') },
          },
        },
      ],
    });
    expect(idHas(addOns, 'ebs-csi-driver').pod_identity_association).toEqual([
      { service_account: 'ebs-csi-controller-sa', role_arn: expect.stringContaining('ebs-csi-driver-role') },
    ]);
  });

  test('take versions and configuration of the user', () => {
    const own = templateWith({
      addOns: {
        vpcCni: { version: 'v1.23.2-eksbuild.1', configuration: { env: { WARM_IP_TARGET: '2' } } },
        nodeMonitoringAgent: { version: token('version') },
      },
    }).resources('aws_eks_addon');
    expect(idHas(own, 'vpc-cni').addon_version).toBe('v1.23.2-eksbuild.1');
    expect(JSON.parse(String(idHas(own, 'vpc-cni').configuration_values))).toEqual({
      enableNetworkPolicy: 'true',
      env: { WARM_IP_TARGET: '2' },
    });
    expect(idHas(own, 'node-monitoring-agent').addon_version).toBe('${local.version}');
  });

  test('of a version that isn’t listed are what EKS would choose', () => {
    const unlisted = templateWith({ kubernetesVersion: KubernetesVersion.of('1.40') });
    expect(Object.keys(unlisted.dataSources('aws_eks_addon_version'))).toHaveLength(7);
  });
});

describe('GPU pools', () => {
  test('spot, reservation and block are asked for as EKS wants them', () => {
    const capacity = {
      spot: Capacity.SPOT,
      odcr: Capacity.reservation('cr-0a'),
      block: Capacity.block(token('block')),
    };
    const template = templateWith({
      gpu: Object.entries(capacity).map(([name, how]) => ({ name, instanceType: 'p4d.24xlarge', capacity: how })),
    });
    const groups = template.resources('aws_eks_node_group');
    const templates = template.resources('aws_launch_template');
    expect(idHas(groups, 'gpu-nodes-spot')).toMatchObject({ capacity_type: 'SPOT', instance_types: ['p4d.24xlarge'] });
    expect(idHas(groups, 'gpu-nodes-odcr')).toMatchObject({ capacity_type: 'ON_DEMAND' });
    expect(idHas(templates, 'gpu-nodes-odcr').capacity_reservation_specification).toEqual({
      capacity_reservation_target: { capacity_reservation_id: 'cr-0a' },
    });
    expect(idHas(groups, 'gpu-nodes-block')).toMatchObject({ capacity_type: 'CAPACITY_BLOCK' });
    expect(idHas(groups, 'gpu-nodes-block')).not.toHaveProperty('instance_types');
    expect(idHas(templates, 'gpu-nodes-block')).toMatchObject({
      instance_type: 'p4d.24xlarge',
      instance_market_options: { market_type: 'capacity-block' },
      capacity_reservation_specification: {
        capacity_reservation_target: { capacity_reservation_id: '${local.block}' },
      },
    });
  });

  test('lie in one zone each, the second in the second', () => {
    const template = templateWith({ gpu: [{ instanceType: 'g5.xlarge' }, { instanceType: 'g6.xlarge' }] });
    const groups = template.resources('aws_eks_node_group');
    expect(idHas(groups, 'gpu-nodes-gpu_').subnet_ids).toEqual([expect.stringContaining('zone-0')]);
    expect(idHas(groups, 'gpu-nodes-gpu-2_').subnet_ids).toEqual([expect.stringContaining('zone-1')]);
  });

  test('lie in the zone named, also where Terraform finds the zones', () => {
    const gpu = { instanceType: 'g5.xlarge', zone: 'us-west-2b' };
    const named = templateWith({ gpu, createNetwork: { zones: ['us-west-2a', 'us-west-2b'] } });
    expect(gpuGroup(named).subnet_ids).toEqual([expect.stringContaining('zone-1')]);
    expect(String(gpuGroup(templateWith({ gpu })).subnet_ids)).toMatch(
      /^\$\{zipmap\(\[element\(.*zone-2_private.*\)\["us-west-2b"\]\}$/,
    );
  });

  test('Bottlerocket has its images and pods on a second disk', () => {
    const template = templateWith({ gpu: { instanceType: 'g5.xlarge', amiFamily: 'BOTTLEROCKET' } });
    expect(gpuGroup(template).ami_type).toBe('BOTTLEROCKET_x86_64_NVIDIA');
    expect(gpuTemplate(template).block_device_mappings).toMatchObject([
      { device_name: '/dev/xvda', ebs: { volume_size: 4, encrypted: 'true' } },
      { device_name: '/dev/xvdb', ebs: { volume_size: 100, encrypted: 'true' } },
    ]);
  });

  test('EFA: an interface for each network card, in a placement group', () => {
    const template = templateWith({ gpu: { instanceType: 'p4d.24xlarge', efa: true } });
    const interfaces = gpuTemplate(template).network_interfaces as Properties[];
    expect(
      interfaces.map(({ network_card_index: card, device_index: device, interface_type: kind }) => [
        card,
        device,
        kind,
      ]),
    ).toEqual([
      [0, 0, 'efa'],
      [1, 1, 'efa-only'],
      [2, 1, 'efa-only'],
      [3, 1, 'efa-only'],
    ]);
    expect(interfaces[0]?.security_groups).toEqual([expect.stringContaining('cluster_security_group_id')]);
    expect(template.resource('aws_placement_group')).toMatchObject({ strategy: 'cluster' });
  });

  test('models on a volume with a key of its own: the driver may use that key', () => {
    const kmsKeyArn = 'arn:aws:kms:us-west-2:111122223333:key/1';
    const template = templateWith({ gpu: { instanceType: 'g5.xlarge', cache: { kmsKeyArn, retain: true } } });
    const { policy } = idHas(template.resources('aws_iam_role_policy'), 'ebs-csi-driver');
    expect(policy).toContain(kmsKeyArn);
    expect(policy).toContain('kms:CreateGrant');
  });
});

describe('what the user says', () => {
  test('goes where it belongs', () => {
    const template = templateWith({
      kubernetesVersion: KubernetesVersion.V1_36,
      upgradePolicy: 'EXTENDED',
      deletionProtection: true,
      endpoint: { publicCidrs: ['203.0.113.0/24'] },
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
      vpc_config: { endpoint_public_access: true, public_access_cidrs: ['203.0.113.0/24'] },
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

  test('the world may be let in by saying so', () => {
    const template = templateWith({ endpoint: { publicCidrs: ['0.0.0.0/0'], allowWorld: true } });
    expect(template.resource('aws_eks_cluster').vpc_config).toMatchObject({ public_access_cidrs: ['0.0.0.0/0'] });
  });

  test('access is given to whom it is said, for what is said', () => {
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
    expect(idHas(entries, 'access-deployer').principal_arn).toMatch(/aws_iam_session_context.*issuer_arn/);
    expect(idHas(entries, 'access-dev')).toMatchObject({ principal_arn: '${local.role}', kubernetes_groups: ['dev'] });
    expect(idHas(associations, 'access-deployer')).toMatchObject({ access_scope: { type: 'cluster' } });
    expect(idHas(associations, 'access-dev')).toMatchObject({
      policy_arn: expect.stringMatching(/:eks::aws:cluster-access-policy\/AmazonEKSViewPolicy$/),
      access_scope: { type: 'namespace', namespaces: ['ollama'] },
    });
  });

  test('an existing network is used as it is', () => {
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

  test('two stand in one stack, and share what is the account’s', () => {
    const { stack } = clusterWith();
    new OllamaGpuCluster(stack, 'second', { ...MINIMAL, clusterName: 'second', outputPrefix: 'second_' });
    const template = Template.fromStack(stack);
    expect(Object.keys(template.resources('aws_eks_cluster'))).toHaveLength(2);
    expect(template.dataSource('aws_partition')).toBeDefined();
    expect(template.outputs()).toMatchObject({
      cluster_name: { value: 'ollama' },
      second_cluster_name: { value: 'second' },
    });
  });

  test('uses the provider given for every resource, and makes none', () => {
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
    const kinds = { ...template.json.resource, ...template.json.data };
    const without = Object.entries(kinds).flatMap(([kind, blocks]) =>
      Object.values(blocks).flatMap((block) => (block.provider === 'aws.west' ? [] : [kind])),
    );
    expect(without).toEqual([]);
    expect(template.json.provider?.aws).toHaveLength(1);
    expect(template.outputs()).toEqual({});
  });

  test('warns of what may go wrong', () => {
    const { cluster } = clusterWith();
    const messages = cluster.node.metadata.map(({ data }) => String(data));
    expect(messages).toEqual([...cluster.summary.warnings]);
  });
});

describe('a cluster made elsewhere', () => {
  const lookup = () => {
    const stack = infrastructure({ Team: 'ml' });
    const network = new Network(stack, 'network', { networkName: 'mine' });
    const pools = [{ name: 'gpu', replicas: 1, parallel: 2 }];
    return { stack, lookup: { clusterName: 'theirs', network, pools } };
  };

  test('is what its attributes say, with the same defaults', () => {
    const { stack, lookup: attributes } = lookup();
    const cluster = OllamaGpuCluster.fromAttributes(stack, 'theirs', { ...attributes, clusterSecurityGroupId: 'sg-1' });
    expect(cluster).toMatchObject({
      clusterName: 'theirs',
      region: 'us-west-2',
      kubernetesVersion: '1.35',
      serviceCidr: '172.20.0.0/16',
      clusterSecurityGroupId: 'sg-1',
      requestTimeoutSeconds: 900,
      maxWaiting: 8,
      tags: { Team: 'ml' },
      ready: [],
    });
  });

  test('is found by its name', () => {
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
