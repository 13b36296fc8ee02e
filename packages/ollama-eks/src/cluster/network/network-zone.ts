/** Tags by which load balancers find subnets: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
import { Construct, type ITerraformDependable, type TerraformProvider } from '../../framework';
import { aws } from '../../providers/aws';
import type { Eip, NatGateway, RouteTable, Subnet } from '../../providers/aws-types';
import type { InternetAccess } from './internet-access';
import type { ZoneRanges } from './subnet-plan';

/** Properties of a NetworkZone. */
export interface NetworkZoneProps {
  readonly name: string;
  readonly vpcId: string;
  /** Name of the zone; may be a token. */
  readonly zone: string;
  readonly ranges: ZoneRanges;
  readonly transitRouteTableId: string;
  /** Internet access; undefined if the network has none. */
  readonly internet?: InternetAccess;
  /** Id of another zone's NAT gateway. @default - one is created in this zone if the network has internet access */
  readonly natGatewayId?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** The subnets of a network in one zone, and the egress of the private subnet. */
export class NetworkZone extends Construct {
  /** Subnet of nodes. */
  public readonly privateSubnet: Subnet;
  public readonly privateRouteTable: RouteTable;
  /** Subnet of transit gateway attachments. */
  public readonly transitSubnet: Subnet;
  /** Undefined if the network has no internet access. */
  public readonly publicSubnet?: Subnet;
  /** NAT gateway of this zone; undefined if it uses another zone's, or none. */
  public readonly natGateway?: NatGateway;
  /** Address of `natGateway`. */
  public readonly natAddress?: Eip;
  /** Id of the NAT gateway that this zone uses; undefined if the network has no internet access. */
  public readonly natGatewayId?: string;
  /** What a node in the private subnet needs to reach the internet. */
  public readonly egress: readonly ITerraformDependable[];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: NetworkZoneProps,
  ) {
    super(scope, id);
    const { vpcId, provider, internet, ranges } = props;
    this.privateSubnet = this.subnet('private', ranges.private, { 'kubernetes.io/role/internal-elb': '1' });
    this.node.defaultChild = this.privateSubnet;
    this.transitSubnet = this.subnet('transit', ranges.transit);
    const table = new aws.RouteTable(this, 'private-route-table', { vpcId, tags: this.tags('private'), provider });
    this.privateRouteTable = table;
    const association = this.associate('private', this.privateSubnet, table.id);
    this.associate('transit', this.transitSubnet, props.transitRouteTableId);
    if (internet === undefined) {
      this.egress = [association];
      return;
    }
    this.publicSubnet = this.subnet('public', ranges.public, { 'kubernetes.io/role/elb': '1' });
    const publicAssociation = this.associate('public', this.publicSubnet, internet.routeTable.id);
    if (props.natGatewayId === undefined) {
      this.natAddress = new aws.Eip(this, 'nat-address', { domain: 'vpc', tags: this.tags('nat'), provider });
      this.natGateway = new aws.NatGateway(this, 'nat', {
        allocationId: this.natAddress.id,
        subnetId: this.publicSubnet.id,
        tags: this.tags('nat'),
        dependsOn: [internet.route, publicAssociation],
        provider,
      });
    }
    this.natGatewayId = props.natGatewayId ?? this.natGateway?.id;
    const route = new aws.Route(this, 'private-default-route', {
      routeTableId: table.id,
      destinationCidrBlock: '0.0.0.0/0',
      natGatewayId: this.natGatewayId,
      provider,
    });
    this.egress = [association, route];
  }

  private subnet(kind: string, cidrBlock: string, tags: Readonly<Record<string, string>> = {}): Subnet {
    const { vpcId, zone, provider } = this.props;
    const all = { ...this.tags(kind), ...tags };
    return new aws.Subnet(this, kind, { vpcId, availabilityZone: zone, cidrBlock, tags: all, provider });
  }

  private associate(kind: string, { id: subnetId }: Subnet, routeTableId: string): ITerraformDependable {
    const { provider } = this.props;
    return new aws.RouteTableAssociation(this, `${kind}-association`, { subnetId, routeTableId, provider });
  }

  private tags(kind: string): Record<string, string> {
    return { ...this.props.tags, Name: `${this.props.name}-${kind}` };
  }
}
