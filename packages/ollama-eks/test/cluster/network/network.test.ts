import { Network, type NetworkProps } from '../../../src/cluster/network/network';
import type { NetworkAttributes } from '../../../src/cluster/network/network-attributes';
import { Testing, TerraformStack } from '../../../src/framework';
import { aws } from '../../../src/providers/aws';
import { Template } from '../../../src/testing';
import { first } from '../../first';
import { refusal } from '../../refusal';
import { idHas, infrastructure, token, withoutProvider } from '../given';

function networkWith(props: Partial<NetworkProps> = {}) {
  const stack = infrastructure();
  return { stack, network: new Network(stack, 'network', { networkName: 'ollama', ...props }) };
}

const templateOf = (props: Partial<NetworkProps> = {}): Template => Template.fromStack(networkWith(props).stack);

describe('a network with defaults', () => {
  const template = templateOf();

  test('has three zones that EKS can use, found at plan', () => {
    expect(template.dataSource('aws_availability_zones')).toMatchObject({
      exclude_zone_ids: ['use1-az3', 'usw1-az2', 'cac1-az3'],
      filter: [
        { name: 'opt-in-status', values: ['opt-in-not-required'] },
        { name: 'zone-type', values: ['availability-zone'] },
      ],
    });
    const subnets = Object.keys(template.resources('aws_subnet')).map((id) => /zone-\d_[a-z]+/.exec(id)?.[0]);
    const kinds = ['private', 'public', 'transit'];
    expect(subnets.sort()).toEqual([0, 1, 2].flatMap((zone) => kinds.map((kind) => `zone-${zone}_${kind}`)));
  });

  test('fails the plan if fewer zones are found', () => {
    expect(template.dataSource('aws_availability_zones').lifecycle).toEqual({
      postcondition: [
        {
          condition: '${length(self.names) >= 3}',
          error_message: expect.stringMatching(/^us-west-2 has fewer than 3 zones .*: \$\{join\(", ", self\.names\)\}/),
        },
      ],
    });
  });

  test('has a separate resource for every route, so that others can be added', () => {
    Object.values(template.resources('aws_route_table')).forEach((table) => expect(table).not.toHaveProperty('route'));
    expect(Object.keys(template.resources('aws_route'))).toEqual([
      expect.stringContaining('internet_default-route'),
      ...[0, 1, 2].map((zone): unknown => expect.stringContaining(`zone-${zone}_private-default-route`)),
    ]);
  });

  test('uses one NAT gateway, which depends on its own route to the internet', () => {
    const nat = template.resource('aws_nat_gateway');
    expect(nat.depends_on).toEqual([
      expect.stringMatching(/^aws_route\.network_internet_default-route/),
      expect.stringMatching(/^aws_route_table_association\.network_zone-0_public/),
    ]);
  });

  test('reaches S3 from its private route tables without NAT', () => {
    expect(template.resource('aws_vpc_endpoint')).toMatchObject({
      service_name: 'com.amazonaws.us-west-2.s3',
      vpc_endpoint_type: 'Gateway',
      route_table_ids: [expect.any(String), expect.any(String), expect.any(String)],
    });
  });

  test('closes the default security group', () => {
    const group = template.resource('aws_default_security_group');
    expect(group).not.toHaveProperty('ingress');
    expect(group).not.toHaveProperty('egress');
  });

  test('has flow logs', () => {
    expect(template.resource('aws_flow_log')).toMatchObject({ traffic_type: 'ALL' });
    expect(template.resource('aws_cloudwatch_log_group')).toMatchObject({ retention_in_days: 30 });
  });

  test('has a tag that no other VPC has', () => {
    const { network } = networkWith();
    expect(network.vpcTags).toEqual({ 'ollama-eks/network': 'ollama' });
    expect(template.resource('aws_vpc').tags).toMatchObject(network.vpcTags);
  });

  test('has subnet tags for load balancers', () => {
    const subnets = template.resources('aws_subnet');
    expect(idHas(subnets, 'zone-1_private').tags).toMatchObject({ 'kubernetes.io/role/internal-elb': '1' });
    expect(idHas(subnets, 'zone-1_public').tags).toMatchObject({ 'kubernetes.io/role/elb': '1' });
  });
});

describe('zones', () => {
  const subnets = (props: Partial<NetworkProps>) =>
    Object.fromEntries(
      Object.entries(templateOf(props).resources('aws_subnet')).map(([id, subnet]) => [id, subnet.cidr_block]),
    );

  test.each([
    ['at the end', ['us-west-2a', 'us-west-2b', 'us-west-2c']],
    ['at the beginning', ['us-west-2d', 'us-west-2a', 'us-west-2b']],
    ['in the middle', ['us-west-2a', 'us-west-2c', 'us-west-2b']],
  ])('one more %s moves no subnet', (_, zones) => {
    expect(subnets({ zones })).toMatchObject(subnets({ zones: ['us-west-2a', 'us-west-2b'] }));
  });

  test('one more found zone moves no subnet', () => {
    expect(subnets({ zoneCount: 3 })).toMatchObject(subnets({ zoneCount: 2 }));
  });

  test('can be named later', () => {
    expect(subnets({ zones: ['us-west-2a', 'us-west-2b', 'us-west-2c'] })).toEqual(subnets({ zoneCount: 3 }));
  });
});

describe('NAT', () => {
  test('per zone: each private subnet has its own gateway', () => {
    const template = templateOf({ nat: 'per-zone' });
    for (const zone of ['zone-0', 'zone-1', 'zone-2']) {
      expect(idHas(template.resources('aws_route'), `${zone}_private`).nat_gateway_id).toContain(`${zone}_nat`);
    }
  });

  test('none: no internet access, and endpoints for the services that nodes call', () => {
    const template = templateOf({ nat: 'none' });
    const services = Object.values(template.resources('aws_vpc_endpoint')).map(({ service_name }) => service_name);
    expect(template.resources('aws_internet_gateway')).toEqual({});
    expect(template.resources('aws_route')).toEqual({});
    expect(services).toEqual(
      expect.arrayContaining(['com.amazonaws.us-west-2.eks-auth', 'com.amazonaws.us-west-2.ecr.dkr']),
    );
    expect(template.resource('aws_vpc_security_group_ingress_rule')).toMatchObject({
      cidr_ipv4: '10.0.0.0/16',
      from_port: 443,
      to_port: 443,
    });
  });

  test('none: nodes depend on the endpoints', () => {
    const interfaceEndpoints = ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'com.amazonaws.us-west-2.sts', 'eks'];
    const { network } = networkWith({ nat: 'none', interfaceEndpoints });
    // In each zone an association; for all zones the gateway endpoint, the ingress rule and six interface endpoints.
    expect(network.egress.map((ways) => ways.length)).toEqual([9, 9, 9]);
    expect(network.natGatewayCount).toBe(0);
  });

  test('none: endpoints that nodes require must not be missing', () => {
    const made = () => networkWith({ nat: 'none', interfaceEndpoints: ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'sts'] });
    expect(refusal(made).property).toBe('network.interfaceEndpoints');
    expect(made).toThrow(/does not contain eks-auth: without NAT, nodes cannot reach these services otherwise/);
  });

  test('none: the endpoints’ security group has a valid name for every cluster name', () => {
    const template = templateOf({ nat: 'none', networkName: 'sg-llm' });
    expect(template.resource('aws_security_group').name_prefix).toBe('endpoints-sg-llm-');
  });

  test('none: some endpoints have other names in China', () => {
    const template = templateOf({ nat: 'none', region: 'cn-north-1' });
    const services = Object.values(template.resources('aws_vpc_endpoint')).map(({ service_name }) => service_name);
    expect(services).toEqual(
      expect.arrayContaining([
        'com.amazonaws.cn-north-1.s3',
        'cn.com.amazonaws.cn-north-1.ecr.dkr',
        'com.amazonaws.cn-north-1.kms',
      ]),
    );
  });
});

test('flow logs can be turned off', () => {
  const template = templateOf({ flowLogDays: 0 });
  expect(template.resources('aws_flow_log')).toEqual({});
  expect(template.resources('aws_cloudwatch_log_group')).toEqual({});
});

test('tags that AWS refuses are refused', () => {
  expect(refusal(() => networkWith({ tags: { 'aws:owner': 'me' } })).message).toContain(
    'network.tags["aws:owner"] = "me": has a key that AWS reserves',
  );
});

test('the VPC is the default child', () => {
  expect(networkWith().network.node.defaultChild).toBeInstanceOf(aws.Vpc);
});

test('every resource uses the given provider', () => {
  const stack = new TerraformStack(Testing.app(), 'stack');
  const provider = new aws.AwsProvider(stack, 'west', { region: 'us-west-2', alias: 'west' });
  new Network(stack, 'network', { networkName: 'ollama', region: 'us-west-2', nat: 'none', provider });
  expect(withoutProvider(Template.fromStack(stack), 'aws.west')).toEqual([]);
});

describe('an existing network', () => {
  const attributes = { vpcId: 'vpc-1', vpcCidr: '10.1.0.0/16', privateSubnetIds: ['subnet-1', 'subnet-2'] };

  test('has its attributes', () => {
    const network = Network.fromAttributes(infrastructure(), 'network', attributes);
    expect(network).toMatchObject({ ...attributes, zoneCount: 2, transitSubnetIds: [], egress: [[], []] });
    expect(network.zones).toBeUndefined();
  });

  test('is looked up by the tags of its subnets', () => {
    const stack = infrastructure();
    const network = Network.fromLookup(stack, 'network', {
      vpcId: 'vpc-1',
      vpcCidr: '10.1.0.0/16',
      zones: ['us-west-2a', 'us-west-2b'],
      transitSubnetTags: { Tier: 'transit' },
    });
    const template = Template.fromStack(stack);
    expect(network.transitSubnetIds).toHaveLength(2);
    expect(Object.values(template.dataSources('aws_subnet'))).toContainEqual(
      expect.objectContaining({
        vpc_id: 'vpc-1',
        availability_zone: 'us-west-2b',
        tags: { 'kubernetes.io/role/internal-elb': '1' },
      }),
    );
    expect(first(Object.values(template.dataSources('aws_route_table'))).subnet_id).toContain('data.aws_subnet');
  });

  test('takes its route tables as a property if subnets share one', () => {
    const stack = infrastructure();
    const network = Network.fromLookup(stack, 'network', {
      vpcId: 'vpc-1',
      vpcCidr: '10.1.0.0/16',
      zones: ['us-west-2a', 'us-west-2b'],
      privateRouteTableIds: ['rtb-1'],
    });
    expect(network.privateRouteTableIds).toEqual(['rtb-1']);
    expect(Template.fromStack(stack).dataSources('aws_route_table')).toEqual({});
  });

  test.each([
    ['one subnet', { privateSubnetIds: ['subnet-1'] }, 'network.privateSubnetIds'],
    ['zones that don’t go with the subnets', { zones: ['us-west-2a'] }, 'network.zones'],
    ['a malformed range', { vpcCidr: '10.1.0.0' }, 'network.vpcCidr'],
    ['what is no VPC', { vpcId: 'subnet-1' }, 'network.vpcId'],
    ['a subnet twice', { privateSubnetIds: ['subnet-1', 'subnet-1'] }, 'network.privateSubnetIds'],
    ['a zone twice', { zones: ['us-west-2a', 'us-west-2a'] }, 'network.zones'],
    ['a Local Zone', { zones: ['us-west-2a', 'us-west-2-lax-1a'] }, 'network.zones[1]'],
    ['the id of a zone', { zones: ['usw2-az1', 'us-west-2b'] }, 'network.zones[0]'],
    ['a transit subnet twice', { transitSubnetIds: ['subnet-3', 'subnet-3'] }, 'network.transitSubnetIds'],
    ['a zone without a transit subnet', { transitSubnetIds: ['subnet-3'] }, 'network.transitSubnetIds'],
    ['a route table twice', { privateRouteTableIds: ['rtb-1', 'rtb-1'] }, 'network.privateRouteTableIds'],
  ])('refuses %s', (_, change, property) => {
    const made = () => Network.fromAttributes(infrastructure(), 'network', { ...attributes, ...change });
    const error = refusal(made);
    expect(error.property).toBe(property);
    expect(error.message).toMatch(/^network\.\S+ = .+: .+; allowed: .+; .+[^.]$/);
  });

  test('reports what is wrong with its lists', () => {
    const made = (change: Partial<NetworkAttributes>) => () =>
      Network.fromAttributes(infrastructure(), 'network', { ...attributes, ...change });
    expect(refusal(made({ transitSubnetIds: ['subnet-3'] })).message).toContain(
      'must have 2 subnets, one for each private subnet: nodes in other zones would not reach the gateway',
    );
    expect(refusal(made({ privateRouteTableIds: ['rtb-1', 'rtb-1'] })).message).toContain('"rtb-1": is a duplicate');
    expect(refusal(made({ zones: ['usw2-az1', 'us-west-2b'] })).message).toContain('not a zone id or a Local Zone');
  });

  test('can have ids and zones that are known only at apply', () => {
    const later = { vpcId: token('vpc'), zones: [token('a'), token('b')], transitSubnetIds: [token('c'), token('d')] };
    expect(() => Network.fromAttributes(infrastructure(), 'network', { ...attributes, ...later })).not.toThrow();
  });
});
