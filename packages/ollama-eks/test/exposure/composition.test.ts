/** The exposure next to its cluster, as in the README. */
import { OllamaGpuCluster } from '../../src/cluster/ollama-gpu-cluster';
import { KongTransitExposure } from '../../src/exposure/kong-transit-exposure';
import { Testing, Token } from '../../src/framework';
import { InfrastructureStack } from '../../src/stacks/infrastructure-stack';
import { Template } from '../../src/testing/template';

const infra = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
const cluster = new OllamaGpuCluster(infra, 'cluster', {
  clusterName: 'ollama',
  gpu: { instanceType: 'g5.12xlarge' },
  models: [{ name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 }],
});
const exposure = new KongTransitExposure(infra, 'kong', { cluster, kongCidr: '192.168.0.0/22' });
const template = Template.fromStack(infra);

it("the controller's role waits for the cluster", () => {
  const [id = ''] = Object.keys(template.resources('aws_eks_cluster'));
  const associations = Object.values(template.resources('aws_eks_pod_identity_association'));
  const controller = associations.find((one) => one['service_account'] === 'aws-load-balancer-controller');
  expect(controller?.['depends_on']).toContain(`aws_eks_cluster.${id}`);
});

it('the controller finds the VPC by tags that the VPC has', () => {
  const source = exposure.applications.find(({ name }) => name === 'aws-load-balancer-controller')?.source;
  const vpcTags = source?.kind === 'chart' ? source.values['vpcTags'] : undefined;
  expect(vpcTags).toEqual(cluster.network.vpcTags);
  expect(template.resource('aws_vpc')['tags']).toMatchObject(cluster.network.vpcTags ?? {});
});

it('transit gateway and load balancer are in their own kinds of subnets, and each private route table has a route to Kong', () => {
  const transit = template.resource('aws_ec2_transit_gateway_vpc_attachment')['subnet_ids'] as readonly string[];
  const nodes = template.resource('aws_lb')['subnets'] as readonly string[];
  const sizes = (ids: readonly string[]) => ids.map((id) => subnetOf(id).replace(/.*\//, '/'));
  expect(sizes(transit)).toEqual(['/28', '/28', '/28']);
  expect(sizes(nodes)).toEqual(['/20', '/20', '/20']);
  const toKong = Object.values(template.resources('aws_route')).filter(
    (route) => route['destination_cidr_block'] === '192.168.0.0/22',
  );
  expect(toKong).toHaveLength(new Set(cluster.network.privateRouteTableIds).size);
});

it('no route table has inline routes, which would remove the route to Kong', () => {
  for (const table of Object.values(template.resources('aws_route_table'))) expect(table).not.toHaveProperty('route');
});

it('the stack has the outputs of both by default, each once', () => {
  expect(Object.keys(template.outputs())).toEqual(
    expect.arrayContaining([
      'cluster_name',
      'vpc_cidr',
      'transit_gateway_id',
      'ram_share_arn',
      'load_balancer_dns_name',
    ]),
  );
});

it('the rendered files contain no token', () => {
  expect(Token.isUnresolved([...cluster.applications, ...exposure.applications])).toBe(false);
});

/** Returns the range of the subnet that an expression refers to. */
function subnetOf(expression: string): string {
  const id = /^\$\{aws_subnet\.([\w-]+)\.id\}$/.exec(expression)?.[1] ?? '';
  return String(template.resources('aws_subnet')[id]?.['cidr_block']);
}
