import { TerraformVariable } from 'cdktf';
import { Network } from '../../src/cluster/network/network';
import { OllamaGpuCluster } from '../../src/cluster/ollama-gpu-cluster';
import { KongTransitExposure } from '../../src/exposure/kong-transit-exposure';
import { Testing } from '../../src/framework';
import { ModuleStack, type ModuleStackProps } from '../../src/stacks/module-stack';
import { Template } from '../../src/testing';
import { MINIMAL } from '../cluster/given';
import { refusal } from '../refusal';

const stackWith = (props: Partial<ModuleStackProps> = {}): ModuleStack =>
  new ModuleStack(Testing.app(), 'module', { region: 'us-west-2', ...props });

describe('a module', () => {
  const stack = stackWith();
  const vpcId = new TerraformVariable(stack, 'vpc_id', { type: 'string', description: 'Id of the VPC' });
  const subnetIds = new TerraformVariable(stack, 'private_subnet_ids', { type: 'list(string)' });
  const network = Network.fromAttributes(stack, 'network', {
    vpcId: vpcId.stringValue,
    vpcTags: { Name: 'estate' },
    vpcCidr: '10.1.0.0/16',
    privateSubnetIds: [0, 1].map((index) => `\${${subnetIds.fqn}[${index}]}`),
    transitSubnetIds: ['subnet-3', 'subnet-4'],
    privateRouteTableIds: ['rtb-1'],
  });
  const cluster = new OllamaGpuCluster(stack, 'cluster', { ...MINIMAL, network });
  new KongTransitExposure(stack, 'kong', { cluster, kongCidr: '192.168.0.0/22' });
  const { json } = Template.fromStack(stack);

  test('configures no provider and no backend, so that its caller can use count, for_each and depends_on', () => {
    expect(json).not.toHaveProperty('provider');
    expect(json.terraform).toEqual({
      required_version: '>= 1.5',
      required_providers: {
        aws: { source: expect.stringMatching(/^(hashicorp\/)?aws$/), version: '>= 5.100, < 7.0' },
        tls: { source: 'hashicorp/tls', version: '>= 4.0, < 5.0' },
      },
    });
  });

  test('has variables and outputs with the chosen names', () => {
    expect(json).toMatchObject({
      variable: { vpc_id: { type: 'string' }, private_subnet_ids: { type: 'list(string)' } },
    });
    expect(Object.keys(json.output ?? {})).toEqual(
      expect.arrayContaining(['cluster_name', 'kubeconfig_command', 'load_balancer_dns_name', 'transit_gateway_id']),
    );
  });

  test('creates no second cluster of a name: the log group, which has it, comes first', () => {
    const template = Template.fromStack(stack);
    const [id = ''] = Object.keys(template.resources('aws_cloudwatch_log_group')).filter((key) =>
      key.includes('control-plane'),
    );
    expect(template.resources('aws_cloudwatch_log_group')[id]).toMatchObject({ name: '/aws/eks/ollama/cluster' });
    expect(template.resource('aws_eks_cluster').depends_on).toContain(`aws_cloudwatch_log_group.${id}`);
  });

  test('fails a plan in another region', () => {
    expect(Template.fromStack(stack).dataSource('aws_region').lifecycle).toEqual({
      postcondition: [
        {
          condition: '${element(split(".", self.endpoint), 1) == "us-west-2"}',
          error_message: expect.stringContaining('requires an AWS provider in us-west-2'),
        },
      ],
    });
  });
});

test('requires the named providers, and checks no region without AWS', () => {
  const { json } = Template.fromStack(stackWith({ providers: ['helm', 'kubernetes'] }));
  expect(json.terraform).toMatchObject({
    required_providers: { helm: { version: '>= 3.0, < 4.0' }, kubernetes: { version: '>= 2.36, < 3.0' } },
  });
  expect(json).not.toHaveProperty('data');
});

test.each<[string, Partial<ModuleStackProps>, string]>([
  ['a region that isn’t one', { region: 'oregon' }, 'region'],
  ['a provider that no construct needs', { providers: ['aws', 'random' as 'tls'] }, 'providers'],
  ['a provider twice', { providers: ['aws', 'aws'] }, 'providers'],
])('refuses %s', (_, props, property) => {
  expect(refusal(() => stackWith(props)).property).toBe(property);
});
