import { InternalExposure } from '../../src/exposure/internal-exposure';
import { KongTransitExposure, type KongTransitExposureProps } from '../../src/exposure/kong-transit-exposure';
import { TransitGateway } from '../../src/exposure/transit-gateway';
import { VpcAttachment } from '../../src/exposure/vpc-attachment';
import { Token } from '../../src/framework';
import { aws } from '../../src/providers/aws';
import { tls } from '../../src/providers/tls';
import { type Properties, Template } from '../../src/testing';
import { refusal } from '../refusal';
import { ATTACHED, clusterOf, exposureStack, NETWORK, synthesize } from './support/exposed-stack';

const ARN = 'arn:aws:ec2:us-west-2:111122223333:transit-gateway/tgw-0123456789abcdef0';

it('creates resources with these addresses, which are in the state of users', () => {
  expect(synthesize({ ...ATTACHED }).template.addresses()).toMatchSnapshot();
});

it('before Kong is known, creates everything except what needs its account and attachment', () => {
  const later = synthesize({ ...ATTACHED }).template.addresses();
  const before = synthesize().template.addresses();
  expect(before.filter((address) => !later.includes(address))).toEqual([]);
  expect(later.filter((address) => !before.includes(address)).map((address) => address.split('.')[0])).toEqual([
    'aws_ec2_transit_gateway_route',
    'aws_ec2_transit_gateway_route_table_association',
    'aws_ec2_transit_gateway_vpc_attachment_accepter',
    'aws_ram_principal_association',
  ]);
});

describe('the transit gateway', () => {
  it('is closed by default, has a private ASN and is shared', () => {
    const { template } = synthesize();
    expect(template.resource('aws_ec2_transit_gateway')).toMatchObject({
      amazon_side_asn: 64512,
      auto_accept_shared_attachments: 'disable',
      default_route_table_association: 'disable',
      default_route_table_propagation: 'disable',
    });
    const [id] = Object.keys(template.resources('aws_ec2_transit_gateway'));
    expect(template.resource('aws_ram_resource_association')).toMatchObject({
      resource_arn: `\${aws_ec2_transit_gateway.${id}.arn}`,
    });
  });

  it('can be created separately, with another ASN', () => {
    const stack = exposureStack();
    const transitGateway = new TransitGateway(stack, 'tgw', { name: 'hub', amazonSideAsn: 4_200_000_001 });
    new KongTransitExposure(stack, 'kong', { cluster: clusterOf(), kongCidr: '192.168.0.0/22', transitGateway });
    expect(transitGateway.node.defaultChild).toBe(transitGateway.resource);
    expect(Template.fromStack(stack).resource('aws_ec2_transit_gateway')).toMatchObject({
      amazon_side_asn: 4_200_000_001,
    });
  });

  it.each([0, 64511, 65535, 4_199_999_999, 4_294_967_295, 64512.5])('refuses the ASN %d', (amazonSideAsn) => {
    const make = () => new TransitGateway(exposureStack(), 'tgw', { name: 'hub', amazonSideAsn });
    expect(refusal(make).property).toBe('amazonSideAsn');
  });

  it('that exists is looked up, attached and shared, but otherwise left unchanged', () => {
    const stack = exposureStack();
    const transitGateway = TransitGateway.fromTransitGatewayId(stack, 'hub', 'tgw-0123456789abcdef0');
    new KongTransitExposure(stack, 'kong', { cluster: clusterOf(), kongCidr: '192.168.0.0/22', transitGateway });
    const template = Template.fromStack(stack);
    expect(template.resources('aws_ec2_transit_gateway')).toEqual({});
    expect(template.dataSource('aws_ec2_transit_gateway')).toEqual({ id: 'tgw-0123456789abcdef0' });
    expect(template.resource('aws_ec2_transit_gateway_vpc_attachment')).toMatchObject({
      transit_gateway_id: 'tgw-0123456789abcdef0',
      subnet_ids: NETWORK.transitSubnetIds,
      transit_gateway_default_route_table_association: false,
      transit_gateway_default_route_table_propagation: false,
    });
    expect(template.resource('aws_ram_resource_association')['resource_arn']).toMatch(
      /^\$\{data\.aws_ec2_transit_gateway/,
    );
  });

  it('that accepts attachments automatically gets no accepter, but routes for the attachment of Kong', () => {
    const stack = exposureStack();
    const transitGateway = new TransitGateway(stack, 'tgw', { name: 'hub', autoAcceptSharedAttachments: true });
    const cluster = clusterOf();
    new KongTransitExposure(stack, 'kong', { cluster, kongCidr: '192.168.0.0/22', transitGateway, ...ATTACHED });
    const template = Template.fromStack(stack);
    expect(template.resource('aws_ec2_transit_gateway')).toMatchObject({ auto_accept_shared_attachments: 'enable' });
    expect(template.resources('aws_ec2_transit_gateway_vpc_attachment_accepter')).toEqual({});
    const associated = all(template, 'aws_ec2_transit_gateway_route_table_association');
    expect(associated.map((association) => association['transit_gateway_attachment_id'])).toContain(
      ATTACHED.kongAttachmentId,
    );
  });

  it('that has associated the attachment with its default table is associated with the table that leads to the VPC instead', () => {
    const associationOfKong = (autoAcceptSharedAttachments: boolean) => {
      const stack = exposureStack();
      const transitGateway = TransitGateway.fromTransitGatewayId(stack, 'hub', 'tgw-0123456789abcdef0', {
        autoAcceptSharedAttachments,
      });
      const cluster = clusterOf();
      new KongTransitExposure(stack, 'kong', { cluster, kongCidr: '192.168.0.0/22', transitGateway, ...ATTACHED });
      const associations = Object.entries(
        Template.fromStack(stack).resources('aws_ec2_transit_gateway_route_table_association'),
      );
      return associations.find(([id]) => id.includes('kong-network'))?.[1];
    };
    expect(associationOfKong(true)).toMatchObject({ replace_existing_association: true });
    expect(associationOfKong(false)).not.toHaveProperty('replace_existing_association');
  });
});

describe('existing resources are referred to by IDs of the right kind', () => {
  const gateway = (attributes: { transitGatewayId?: string; transitGatewayArn?: string }) =>
    TransitGateway.fromAttributes({
      transitGatewayId: 'tgw-0123456789abcdef0',
      transitGatewayArn: ARN,
      ...attributes,
    });
  const attachment = (attributes: { transitGatewayAttachmentId?: string; transitGatewayRouteTableId?: string }) =>
    VpcAttachment.fromAttributes({
      transitGatewayAttachmentId: 'tgw-attach-0fedcba9876543210',
      transitGatewayRouteTableId: 'tgw-rtb-0123456789abcdef0',
      ...attributes,
    });

  it.each(['', 'tgw-attach-0123456789abcdef0', 'tgw-rtb-0123456789abcdef0', 'tgw-xyz', 'hub'])(
    'and not by %j',
    (id) => {
      expect(refusal(() => gateway({ transitGatewayId: id })).property).toBe('transitGatewayId');
      const look = () => TransitGateway.fromTransitGatewayId(exposureStack(), 'hub', id);
      expect(refusal(look).property).toBe('transitGatewayId');
    },
  );

  it.each(['', 'tgw-0123456789abcdef0', 'arn:aws:ec2:us-west-2:111122223333:vpc/vpc-0123456789abcdef0'])(
    'and no ARN is %j',
    (arn) => {
      expect(refusal(() => gateway({ transitGatewayArn: arn })).property).toBe('transitGatewayArn');
    },
  );

  it('an attachment not by the ID of a gateway or route table, and its table not by that of a VPC', () => {
    for (const id of ['tgw-0123456789abcdef0', 'tgw-rtb-0123456789abcdef0', 'vpc-0123456789abcdef0']) {
      const property = 'transitGatewayAttachmentId';
      expect(refusal(() => attachment({ [property]: id })).property).toBe(property);
    }
    for (const id of ['rtb-0123456789abcdef0', 'tgw-attach-0123456789abcdef0']) {
      const property = 'transitGatewayRouteTableId';
      expect(refusal(() => attachment({ [property]: id })).property).toBe(property);
    }
  });

  it('in any partition, and by tokens', () => {
    const token = Token.asString({ resolve: () => 'known-at-apply' });
    expect(() => gateway({ transitGatewayArn: ARN.replace('arn:aws:', 'arn:aws-us-gov:') })).not.toThrow();
    expect(() => gateway({ transitGatewayId: token, transitGatewayArn: token })).not.toThrow();
    expect(() => attachment({ transitGatewayAttachmentId: token, transitGatewayRouteTableId: token })).not.toThrow();
  });
});

it('does not attach a VPC again: the route to Kong is added to the existing table', () => {
  const { template } = synthesize({
    ...ATTACHED,
    transitGateway: TransitGateway.fromAttributes({
      transitGatewayId: 'tgw-0123456789abcdef0',
      transitGatewayArn: ARN,
    }),
    vpcAttachment: VpcAttachment.fromAttributes({
      transitGatewayAttachmentId: 'tgw-attach-0fedcba9876543210',
      transitGatewayRouteTableId: 'tgw-rtb-0123456789abcdef0',
    }),
  });
  expect(template.resources('aws_ec2_transit_gateway_vpc_attachment')).toEqual({});
  const routes = all(template, 'aws_ec2_transit_gateway_route');
  expect(routes).toContainEqual(
    expect.objectContaining({
      destination_cidr_block: '192.168.0.0/22',
      transit_gateway_route_table_id: 'tgw-rtb-0123456789abcdef0',
    }),
  );
  expect(routes).toContainEqual(
    expect.objectContaining({
      destination_cidr_block: '10.0.0.0/16',
      transit_gateway_attachment_id: 'tgw-attach-0fedcba9876543210',
    }),
  );
});

describe('the share', () => {
  it('is for Kong only, whose account is outside the organization', () => {
    const { template } = synthesize({ ...ATTACHED });
    expect(template.resource('aws_ram_resource_share')).toMatchObject({
      name: 'ollama-kong',
      allow_external_principals: true,
    });
    expect(template.resource('aws_ram_principal_association')).toMatchObject({ principal: '111122223333' });
  });

  it('is separate for each Kong network', () => {
    const stack = exposureStack();
    const exposure = new KongTransitExposure(stack, 'kong', { cluster: clusterOf(), kongCidr: '192.168.0.0/22' });
    exposure.addKongNetwork('eu', { kongCidr: '192.168.4.0/22' });
    const template = Template.fromStack(stack);
    expect(
      all(template, 'aws_ram_resource_share')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['ollama-eu', 'ollama-kong']);
    expect(all(template, 'aws_ram_resource_association')).toHaveLength(2);
  });

  it('has an ARN that is known only after the transit gateway and Kong are in it', () => {
    const outputOf = (props: Partial<KongTransitExposureProps>) =>
      synthesize({ outputs: true, ...props }).template.outputs()['ram_share_arn']?.['value'];
    expect(outputOf({})).toMatch(/^\$\{aws_ram_resource_association\./);
    expect(outputOf(ATTACHED)).toMatch(/^\$\{aws_ram_principal_association\./);
  });
});

it('does not create a route twice in the same table', () => {
  const network = { ...NETWORK, privateRouteTableIds: ['rtb-a', 'rtb-a', 'rtb-b'] };
  const { template } = synthesize({ cluster: clusterOf({ network }) });
  expect(all(template, 'aws_route').map((route) => route['route_table_id'])).toEqual(['rtb-a', 'rtb-b']);
});

it('has outputs with fixed names for the command line', () => {
  const { template } = synthesize({ outputs: true, adminHostname: 'admin.ollama.internal' });
  expect(Object.keys(template.outputs()).sort()).toEqual([
    'gateway_admin_hostname',
    'gateway_ca_certificate',
    'gateway_hostname',
    'kong_cidr',
    'load_balancer_dns_name',
    'ram_share_arn',
    'transit_gateway_id',
    'vpc_cidr',
  ]);
  expect(synthesize().template.outputs()).toEqual({});
});

it('has the facts that the generator of Kong configuration needs', () => {
  const cluster = clusterOf({ requestTimeoutSeconds: 1200 });
  expect(synthesize({ cluster }).exposure.kongFacts).toEqual({ requestTimeoutSeconds: 1200, adminRoutes: false });
  const { exposure } = synthesize({ adminHostname: 'admin.ollama.internal' });
  expect(exposure.kongFacts.adminRoutes).toBe(true);
});

it('passes its provider to every resource', () => {
  const stack = exposureStack();
  const provider = new aws.AwsProvider(stack, 'oregon', { region: 'us-west-2', alias: 'oregon' });
  const tlsProvider = new tls.TlsProvider(stack, 'tls-oregon', { alias: 'oregon' });
  new KongTransitExposure(stack, 'kong', {
    cluster: clusterOf(),
    kongCidr: '192.168.0.0/22',
    provider,
    tlsProvider,
    ...ATTACHED,
  });
  const { json } = Template.fromStack(stack);
  for (const [type, resources] of Object.entries({ ...json.resource, ...json.data })) {
    for (const [id, properties] of Object.entries(resources)) {
      expect([`${type}.${id}`, properties['provider']]).toEqual([`${type}.${id}`, `${type.split('_')[0]}.oregon`]);
    }
  }
});

describe('refuses', () => {
  it.each<[string, Partial<KongTransitExposureProps>]>([
    ['kongCidr', { kongCidr: '10.0.0.0/20' }],
    ['kongCidr', { kongCidr: '172.20.0.0/20' }],
    ['kongCidr', { kongCidr: '192.168.0.0/23', kongZoneCount: 3 }],
    ['kongCidr', { peerCidrs: ['10.9.0.0/16', '192.168.0.0/16'] }],
    ['cluster.network.vpcCidr', { cluster: clusterOf({ network: { ...NETWORK, vpcCidr: '10.100.0.0/16' } }) }],
    ['cluster.network.vpcCidr', { cluster: clusterOf({ network: { ...NETWORK, vpcCidr: '172.17.4.0/22' } }) }],
    ['peerCidrs[1]', { peerCidrs: ['10.9.0.0/16', '10.10.0.0'] }],
    ['peerCidrs[0]', { peerCidrs: ['10.9.0.1/16'] }],
    ['peerCidrs[0]', { peerCidrs: [Token.asString({ resolve: () => '10.9.0.0/16' })] }],
    ['kongProviderAccountId', { kongProviderAccountId: '1111-2222-3333' }],
    ['kongAttachmentId', { kongAttachmentId: 'tgw-0123456789abcdef0' }],
    ['adminHostname', { adminHostname: 'ollama.internal' }],
    ['hostname', { hostname: 'Ollama.Internal' }],
    ['hostname', { hostname: 'localhost' }],
    ['hostname', { hostname: `${'a'.repeat(60)}.example.com` }],
    ['cluster.requestTimeoutSeconds', { cluster: clusterOf({ requestTimeoutSeconds: 5000 }) }],
    ['cluster.network.transitSubnetIds', { cluster: clusterOf({ network: { ...NETWORK, transitSubnetIds: [] } }) }],
    [
      'cluster.network.privateRouteTableIds',
      { cluster: clusterOf({ network: { ...NETWORK, privateRouteTableIds: [] } }) },
    ],
    [
      'vpcAttachment',
      {
        vpcAttachment: VpcAttachment.fromAttributes({
          transitGatewayAttachmentId: 'tgw-attach-0fedcba9876543210',
          transitGatewayRouteTableId: 'tgw-rtb-0123456789abcdef0',
        }),
      },
    ],
  ])('%s of %j', (property, props) => {
    expect(refusal(() => synthesize(props)).property).toBe(property);
  });

  it('a second Kong network that overlaps the first', () => {
    const { exposure } = synthesize();
    expect(refusal(() => exposure.addKongNetwork('eu', { kongCidr: '192.168.2.0/23' })).message).toContain(
      'overlaps 192.168.0.0/22 of another Kong network',
    );
  });

  it('a list of route tables of unknown length', () => {
    const privateRouteTableIds = Token.asList({ resolve: () => ['rtb-a'] });
    const cluster = clusterOf({ network: { ...NETWORK, privateRouteTableIds } });
    expect(refusal(() => synthesize({ cluster })).property).toBe('cluster.network.privateRouteTableIds');
  });

  it('a second exposure of the cluster, which would create its load balancer again', () => {
    const stack = exposureStack();
    const kong = new KongTransitExposure(stack, 'kong', { cluster: clusterOf(), kongCidr: '192.168.0.0/22' });
    const vpn = { cluster: clusterOf(), callerCidrs: ['10.200.0.0/16'] };
    expect(refusal(() => new InternalExposure(stack, 'vpn', vpn)).message).toMatch(
      /^cluster = "ollama": already has an exposure, infra\/kong\/internal; .*admit\(\)/,
    );
    expect(() => kong.internal.admit('10.200.0.0/16')).not.toThrow();
    const ohio = new aws.AwsProvider(stack, 'ohio', { region: 'us-east-2', alias: 'ohio' });
    const elsewhere = { ...vpn, cluster: clusterOf({ region: 'us-east-2' }), provider: ohio };
    expect(() => new InternalExposure(stack, 'elsewhere', elsewhere)).not.toThrow();
    expect(
      () => new InternalExposure(stack, 'other', { ...vpn, cluster: clusterOf({ clusterName: 'b' }) }),
    ).not.toThrow();
  });

  it('a second exposure whose outputs have the same names', () => {
    const stack = exposureStack();
    const props = { cluster: clusterOf(), kongCidr: '192.168.0.0/22', outputs: true };
    const other = (clusterName: string) => ({ ...props, cluster: clusterOf({ clusterName }) });
    new KongTransitExposure(stack, 'one', props);
    expect(refusal(() => new KongTransitExposure(stack, 'two', other('two'))).property).toBe('outputPrefix');
    const third = { ...other('three'), outputPrefix: 'three_' };
    expect(() => new KongTransitExposure(stack, 'three', third)).not.toThrow();
  });
});

it('accepts IDs that are known only at apply', () => {
  const token = () => Token.asString({ resolve: () => 'known-at-apply' });
  const { template } = synthesize({ kongProviderAccountId: token(), kongAttachmentId: token() });
  expect(template.resource('aws_ram_principal_association')['principal']).toBe('known-at-apply');
});

function all(template: Template, type: string): Properties[] {
  return Object.values(template.resources(type));
}
