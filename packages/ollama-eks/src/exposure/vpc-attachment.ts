// https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
import { checkProps, OBJECT, recordOf, required, type Shape, TEXT } from '../check-props';
import type { INetwork } from '../cluster/network/network-ref';
import { ValidationError } from '../errors';
import { Construct, Token, type ITerraformDependable, type TerraformProvider } from '../framework';
import { aws } from '../providers/aws';
import type { Ec2TransitGatewayRouteTable, Ec2TransitGatewayVpcAttachment } from '../providers/aws-types';
import type { ITransitGateway } from './transit-gateway';
import { checkTransitGatewayId } from './transit-gateway-ids';

/** The attachment of a VPC to a transit gateway, with the route table for its packets. */
export interface IVpcAttachment {
  /** `tgw-attach-…`; may be a token. */
  readonly transitGatewayAttachmentId: string;
  /** Transit gateway route table that the attachment is associated with; may be a token. */
  readonly transitGatewayRouteTableId: string;
  /** Resources that must exist before a route of the VPC can point to the transit gateway. */
  readonly ready: readonly ITerraformDependable[];
}

/** Attributes of an existing attachment. */
export interface VpcAttachmentAttributes {
  /** `tgw-attach-…`; may be a token. */
  readonly transitGatewayAttachmentId: string;
  /** Transit gateway route table that the attachment is associated with; may be a token. */
  readonly transitGatewayRouteTableId: string;
}

/** Props of `VpcAttachment`. */
export interface VpcAttachmentProps {
  /** Name tag of the attachment and its route table. */
  readonly name: string;
  readonly transitGateway: ITransitGateway;
  /** Network to attach, in its transit subnets. */
  readonly network: INetwork;
  /** @default - no tags but the name */
  readonly tags?: Readonly<Record<string, string>>;
  /** @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/** What each prop must be, for callers without types. */
const SHAPE: Shape<VpcAttachmentProps> = {
  name: required(TEXT),
  transitGateway: required(OBJECT),
  network: required(OBJECT),
  tags: recordOf(TEXT),
  provider: OBJECT,
};

/** Attaches a VPC in its transit subnets, with a separate route table on the transit gateway. */
export class VpcAttachment extends Construct implements IVpcAttachment {
  /**
   * Refers to an existing attachment of the VPC; it can have one to each transit gateway. The route to Kong is added to the
   * route table that it is associated with.
   */
  public static fromAttributes(attributes: VpcAttachmentAttributes): IVpcAttachment {
    const { transitGatewayAttachmentId, transitGatewayRouteTableId } = attributes;
    checkTransitGatewayId('transitGatewayAttachmentId', transitGatewayAttachmentId, 'tgw-attach');
    checkTransitGatewayId('transitGatewayRouteTableId', transitGatewayRouteTableId, 'tgw-rtb');
    return { ...attributes, ready: [] };
  }

  public readonly transitGatewayAttachmentId: string;
  public readonly transitGatewayRouteTableId: string;
  public readonly ready: readonly ITerraformDependable[];
  /** The resource, for overrides. */
  public readonly resource: Ec2TransitGatewayVpcAttachment;
  /** Route table for packets of the VPC. */
  public readonly routeTable: Ec2TransitGatewayRouteTable;

  public constructor(scope: Construct, id: string, props: VpcAttachmentProps) {
    super(scope, id);
    checkProps(props, SHAPE);
    checkTransitSubnets(props.network);
    const { name, network, provider } = props;
    const { transitGatewayId } = props.transitGateway;
    const tags = { ...props.tags, Name: name };
    this.resource = new aws.Ec2TransitGatewayVpcAttachment(this, 'Resource', {
      provider,
      transitGatewayId,
      vpcId: network.vpcId,
      subnetIds: [...network.transitSubnetIds],
      transitGatewayDefaultRouteTableAssociation: false,
      transitGatewayDefaultRouteTablePropagation: false,
      tags,
    });
    this.routeTable = new aws.Ec2TransitGatewayRouteTable(this, 'route-table', { provider, transitGatewayId, tags });
    new aws.Ec2TransitGatewayRouteTableAssociation(this, 'association', {
      provider,
      transitGatewayAttachmentId: this.resource.id,
      transitGatewayRouteTableId: this.routeTable.id,
    });
    this.transitGatewayAttachmentId = this.resource.id;
    this.transitGatewayRouteTableId = this.routeTable.id;
    this.ready = [this.resource];
  }
}

function checkTransitSubnets({ transitSubnetIds }: INetwork): void {
  if (Token.isUnresolved(transitSubnetIds) || transitSubnetIds.length > 0) return;
  throw new ValidationError({
    property: 'cluster.network.transitSubnetIds',
    value: transitSubnetIds,
    problem: 'must not be empty: the transit gateway is attached in these subnets',
    allowed: 'one /28 subnet in each zone of the load balancer, only for attachments',
    remedy: 'add the subnets to the attributes of the network, or pass an existing attachment as vpcAttachment',
  });
}
