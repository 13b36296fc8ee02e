import { KubernetesVersion } from '../../src/catalogue/kubernetes-version';
import { ExistingEksCluster, type ExistingEksClusterProps } from '../../src/cluster/existing-eks-cluster';
import { Network } from '../../src/cluster/network/network';
import { TerraformStack, Testing } from '../../src/framework';
import { aws } from '../../src/providers/aws';
import { Template } from '../../src/testing';
import { refusal } from '../refusal';
import { idHas, infrastructure, token } from './given';

const NETWORK = {
  vpcId: 'vpc-0123456789abcdef0',
  vpcCidr: '10.20.0.0/16',
  privateSubnetIds: ['subnet-1', 'subnet-2'],
  zones: ['us-west-2a', 'us-west-2b'],
};

function existing(props: Partial<ExistingEksClusterProps> = {}) {
  const stack = infrastructure();
  const cluster = new ExistingEksCluster(stack, 'cluster', {
    clusterName: 'platform',
    network: Network.fromAttributes(stack, 'network', NETWORK),
    ...props,
  });
  return { cluster, template: Template.fromStack(stack) };
}

interface Checked {
  readonly lifecycle: { readonly postcondition: readonly { condition: string; error_message: string }[] };
}
const checks = (block: unknown) => (block as Checked).lifecycle.postcondition;

describe('an existing cluster', () => {
  const { cluster, template } = existing();

  test('changes nothing', () => {
    expect(template.json).not.toHaveProperty('resource');
    expect(cluster.ready).toEqual([]);
  });

  test('gives nodes the security group of the cluster', () => {
    expect(cluster.nodeSecurityGroupIds).toBeUndefined();
    expect(cluster.clusterSecurityGroupId).toMatch(/TfToken/);
  });

  test('is read at every plan, which fails with a remedy where the cluster does not suit GPU pools', () => {
    expect(template.dataSource('aws_eks_cluster')).toMatchObject({ name: 'platform' });
    expect(checks(template.dataSource('aws_eks_cluster'))).toEqual([
      {
        condition: '${tonumber(split(".", self.version)[1]) >= 34}',
        error_message: expect.stringMatching(/runs Kubernetes \$\{self\.version\}; .* upgrade the control plane$/),
      },
      {
        condition: '${contains(range(36, 40), tonumber(split(".", self.version)[1]))}',
        error_message: expect.stringMatching(
          /^kubernetesVersion = "1\.36": .*KubernetesVersion\.of\("\$\{self\.version\}"\)$/,
        ),
      },
      {
        condition: '${self.vpc_config[0].vpc_id == "vpc-0123456789abcdef0"}',
        error_message: expect.stringMatching(/^network\.vpcId: cluster platform is in \$\{self/),
      },
      {
        condition: '${self.kubernetes_network_config[0].service_ipv4_cidr == "172.20.0.0/16"}',
        error_message: expect.stringMatching(/^serviceCidr = "172\.20\.0\.0\/16": .*; set serviceCidr to that range$/),
      },
    ]);
  });

  test('must have the add-ons that create volumes and enforce network policies', () => {
    const addOns = template.dataSources('aws_eks_addon');
    expect(Object.keys(addOns)).toHaveLength(2);
    expect(idHas(addOns, 'aws-ebs-csi-driver')).toMatchObject({
      cluster_name: 'platform',
      addon_name: 'aws-ebs-csi-driver',
    });
    expect(checks(idHas(addOns, 'vpc-cni'))).toEqual([
      {
        condition: '${try(tostring(yamldecode(self.configuration_values).enableNetworkPolicy), "false") == "true"}',
        error_message: expect.stringMatching(
          /^networkPolicies: .*enableNetworkPolicy: "true".*networkPolicies: "self-managed"/,
        ),
      },
    ]);
  });
});

test('nothing is asked about what the team runs itself', () => {
  const { template } = existing({ ebsCsiDriver: 'self-managed', networkPolicies: 'self-managed' });
  expect(template.dataSources('aws_eks_addon')).toEqual({});
});

test('what is known only at apply is compared there', () => {
  const stack = infrastructure();
  const vpcId = new aws.Vpc(stack, 'estate', {}).id;
  new ExistingEksCluster(stack, 'cluster', {
    clusterName: 'platform',
    network: Network.fromAttributes(stack, 'network', { ...NETWORK, vpcId }),
    kubernetesVersion: KubernetesVersion.V1_36,
  });
  const conditions = checks(Template.fromStack(stack).dataSource('aws_eks_cluster')).map(({ condition }) => condition);
  expect(conditions).toContain('${self.vpc_config[0].vpc_id == aws_vpc.estate.id}');
  expect(conditions).toContain('${contains(range(36, 40), tonumber(split(".", self.version)[1]))}');
});

test('nodes have the groups of the team’s nodes, and load balancers are admitted to the first', () => {
  const { cluster } = existing({ nodeSecurityGroupIds: ['sg-1', 'sg-2'] });
  expect(cluster.nodeSecurityGroupIds).toEqual(['sg-1', 'sg-2']);
  expect(cluster.clusterSecurityGroupId).toBe('sg-1');
});

test('is read after the resources that create it, by the provider of its account', () => {
  const stack = new TerraformStack(Testing.app(), 'estate');
  const provider = new aws.AwsProvider(stack, 'aws', { alias: 'platform', region: 'us-west-2' });
  const policy = new aws.IamRole(stack, 'team', { assumeRolePolicy: '{}', provider });
  const cluster = new ExistingEksCluster(stack, 'cluster', {
    clusterName: 'platform',
    region: 'us-west-2',
    network: Network.fromAttributes(stack, 'network', NETWORK),
    dependsOn: [policy],
    provider,
  });
  const { data } = Template.fromStack(stack).json;
  const blocks = Object.values(data ?? {}).flatMap((byId) => Object.values(byId));
  expect(blocks).toHaveLength(3);
  for (const block of blocks) {
    expect(block).toMatchObject({ provider: 'aws.platform', depends_on: ['aws_iam_role.team'] });
  }
  expect(cluster.ready).toEqual([policy]);
});

test.each<[string, Partial<ExistingEksClusterProps>, string, string]>([
  ['a name that EKS does not allow', { clusterName: '-platform' }, 'clusterName', 'has the wrong form'],
  ['a name known only at apply', { clusterName: token('name') }, 'clusterName', 'is known only at apply'],
  ['a region that does not exist', { region: 'oregon' }, 'region', 'has the wrong form'],
  ['another region than the network’s', { region: 'eu-west-1' }, 'network.zones', 'is not a zone of eu-west-1'],
  ['no network', { network: undefined }, 'network', 'is required'],
  ['a network that is none', { network: {} as never }, 'network', 'has the wrong type'],
  ['a version as text', { kubernetesVersion: '1.35' as never }, 'kubernetesVersion', 'has the wrong type'],
  ['Services in the VPC', { serviceCidr: '10.20.0.0/20' }, 'serviceCidr', 'overlaps the VPC’s 10.20.0.0/16'],
  ['no security group', { nodeSecurityGroupIds: [] }, 'nodeSecurityGroupIds', 'is empty'],
  ['a group’s name', { nodeSecurityGroupIds: ['nodes'] }, 'nodeSecurityGroupIds[0]', 'has the wrong form'],
  ['a driver that is installed', { ebsCsiDriver: true as never }, 'ebsCsiDriver', 'has the wrong type'],
  ['a driver of nobody', { ebsCsiDriver: 'none' as never }, 'ebsCsiDriver', 'is not a supported value'],
  ['policies of Calico', { networkPolicies: 'calico' as never }, 'networkPolicies', 'is not a supported value'],
  ['one dependency', { dependsOn: {} as never }, 'dependsOn', 'has the wrong type'],
])('refuses %s', (_, props, property, problem) => {
  const refused = refusal(() => existing(props));
  expect(refused).toMatchObject({ property });
  expect(refused.problem).toContain(problem);
});
