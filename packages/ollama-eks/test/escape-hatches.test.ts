import type { IConstruct } from 'constructs';
import { OllamaGpuCluster } from '../src/cluster/ollama-gpu-cluster';
import { InternalExposure } from '../src/exposure/internal-exposure';
import { KongTransitExposure } from '../src/exposure/kong-transit-exposure';
import { Testing } from '../src/framework';
import { InfrastructureStack } from '../src/stacks/infrastructure-stack';

const PROPS = {
  gpu: { instanceType: 'g5.xlarge' },
  models: [{ name: 'llama3.1:8b', contextLength: 8192 }],
  access: [{ principalArn: 'arn:aws:iam::111122223333:role/platform' }],
  guardrails: { budget: { monthlyUsd: 2000, emails: ['platform@example.com'] } },
  nightSchedule: { stop: 'cron(0 20 * * ? *)' },
};
const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
const cluster = new OllamaGpuCluster(stack, 'cluster', { ...PROPS, clusterName: 'ollama' });
const kong = new KongTransitExposure(stack, 'kong', { cluster, kongCidr: '192.168.0.0/22' });
const other = new InfrastructureStack(Testing.app(), 'other', { region: 'us-west-2' });
const internal = new InternalExposure(other, 'internal', {
  cluster: new OllamaGpuCluster(other, 'cluster', { ...PROPS, clusterName: 'other' }),
  callerCidrs: ['10.200.0.0/16'],
});

/** Returns the Terraform type of a resource. */
const typeOf = (resource: unknown) =>
  (resource as { terraformResourceType?: string } | undefined)?.terraformResourceType;

test.each<[string, object | undefined, string]>([
  ['the cluster', cluster, 'aws_eks_cluster'],
  ['its network', cluster.network, 'aws_vpc'],
  ['its control plane', cluster.controlPlane, 'aws_eks_cluster'],
  ['its role', cluster.controlPlane.role, 'aws_iam_role'],
  ['its system nodes', cluster.systemNodes, 'aws_eks_node_group'],
  ['its GPU nodes', cluster.gpuNodes[0], 'aws_eks_node_group'],
  ['an add-on', cluster.nodeAddOns.vpcCni, 'aws_eks_addon'],
  ['access of a principal', cluster.accessEntries[0], 'aws_eks_access_entry'],
  ['its budget', cluster.guardrails.budget, 'aws_budgets_budget'],
  ['an exposure through Kong', kong, 'aws_ram_resource_share'],
  ['its transit gateway', kong.transitGateway, 'aws_ec2_transit_gateway'],
  ['its attachment', kong.vpcAttachment, 'aws_ec2_transit_gateway_vpc_attachment'],
  ['an internal exposure', internal, 'aws_lb'],
])('%s has its main resource as its default child', (_, construct, type) => {
  expect(typeOf((construct as IConstruct).node.defaultChild)).toBe(type);
});

test.each<[string, unknown, string]>([
  ['key of the Secrets', cluster.controlPlane.secretsKey, 'aws_kms_key'],
  ['log group', cluster.controlPlane.logGroup, 'aws_cloudwatch_log_group'],
  ['role', cluster.controlPlane.role.resource, 'aws_iam_role'],
  ['access entry', cluster.accessEntries[0]?.resource, 'aws_eks_access_entry'],
  ['budget', cluster.guardrails.budget?.resource, 'aws_budgets_budget'],
])('the %s is a typed field', (_, resource, type) => {
  expect(typeOf(resource)).toBe(type);
});

test('the fields name all add-ons', () => {
  const { nodeAddOns, systemAddOns } = cluster;
  const named = [
    ...[nodeAddOns.podIdentityAgent, nodeAddOns.kubeProxy, nodeAddOns.vpcCni],
    ...[systemAddOns.coreDns, systemAddOns.ebsCsiDriver, systemAddOns.metricsServer, systemAddOns.nodeMonitoringAgent],
  ].map(({ resource }) => resource.node.path);
  const all = stack.node.findAll().filter((construct) => typeOf(construct) === 'aws_eks_addon');
  expect(named.sort()).toEqual(all.map(({ node }) => node.path).sort());
});
