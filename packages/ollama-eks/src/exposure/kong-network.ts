// https://developer.konghq.com/dedicated-cloud-gateways/transit-gateways/
import { checkProps, NUMBER, OBJECT, recordOf, required, type Shape, TEXT } from '../check-props';
import { checkForm } from '../check-text';
import type { INetwork } from '../cluster/network/network-ref';
import { ValidationError } from '../errors';
import { Construct, Token, type TerraformProvider } from '../framework';
import { aws } from '../providers/aws';
import type { Ec2TransitGatewayVpcAttachmentAccepter, RamResourceShare } from '../providers/aws-types';
import type { ITransitGateway } from './transit-gateway';
import type { IVpcAttachment } from './vpc-attachment';

const ID = { problem: 'is not valid', remedy: 'copy it from Konnect', tokens: true };
const ACCOUNT = { ...ID, pattern: /^\d{12}$/, allowed: 'an AWS account ID of 12 digits' };
const ATTACHMENT = {
  ...ID,
  pattern: /^tgw-attach-[0-9a-f]{8,17}$/,
  allowed: 'an ID like tgw-attach-0123456789abcdef0',
};

/** Options of a Kong network that may reach the gateway. */
export interface KongNetworkOptions {
  /** IPv4 range of the Kong network, not used elsewhere; must be known at synth. Kong cannot change it later. */
  readonly kongCidr: string;
  /**
   * Number of availability zones of the Kong network, which determines the size of its range.
   * @default 2
   */
  readonly kongZoneCount?: number;
  /**
   * AWS account of the Kong network, 12 digits, as listed in Konnect under provider accounts. The transit gateway is shared
   * with it.
   * @default - the transit gateway is not shared yet; adding the account later changes nothing else
   */
  readonly kongProviderAccountId?: string;
  /**
   * Attachment that Kong has requested, `tgw-attach-…`, as shown in Konnect. It is accepted, and gets routes.
   * @default - no attachment is accepted yet; adding it later changes nothing else
   */
  readonly kongAttachmentId?: string;
}

/** What each option must be, for callers without types. */
export const KONG_SHAPE: Shape<KongNetworkOptions> = {
  kongCidr: required(TEXT),
  kongZoneCount: NUMBER,
  kongProviderAccountId: TEXT,
  kongAttachmentId: TEXT,
};

/** Props of `KongNetwork`. */
export interface KongNetworkProps extends KongNetworkOptions {
  /** Name of the resource share, and name tag. */
  readonly name: string;
  readonly transitGateway: ITransitGateway;
  /** Transit gateway route table of Kong's attachments, which leads only to the VPC. */
  readonly kongRouteTableId: string;
  readonly vpcAttachment: IVpcAttachment;
  readonly network: INetwork;
  /** @default - no tags but the name */
  readonly tags?: Readonly<Record<string, string>>;
  /** @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

const SHAPE: Shape<KongNetworkProps> = {
  ...KONG_SHAPE,
  name: required(TEXT),
  transitGateway: required(OBJECT),
  kongRouteTableId: required(TEXT),
  vpcAttachment: required(OBJECT),
  network: required(OBJECT),
  tags: recordOf(TEXT),
  provider: OBJECT,
};

/**
 * The connection between a Kong network and the VPC: a resource share (Kong supports one transit gateway per share, and one
 * share per network), routes in both directions, and the attachment.
 */
export class KongNetwork extends Construct {
  /** ARN of the resource share, for Konnect; known once the share has the transit gateway and Kong's account. */
  public readonly ramShareArn: string;
  /** The resource share, for overrides. */
  public readonly resource: RamResourceShare;
  /** Accepts Kong's attachment; undefined before it exists, and if the transit gateway accepts it. */
  public readonly accepter?: Ec2TransitGatewayVpcAttachmentAccepter;
  private readonly props: KongNetworkProps;

  public constructor(scope: Construct, id: string, props: KongNetworkProps) {
    super(scope, id);
    checkProps(props, SHAPE);
    const { kongProviderAccountId, kongAttachmentId } = props;
    if (kongProviderAccountId !== undefined) checkForm('kongProviderAccountId', kongProviderAccountId, ACCOUNT);
    if (kongAttachmentId !== undefined) checkForm('kongAttachmentId', kongAttachmentId, ATTACHMENT);
    this.props = props;
    this.resource = new aws.RamResourceShare(this, 'Resource', {
      provider: props.provider,
      name: props.name,
      allowExternalPrincipals: true, // Kong's account is in an organization of its own
      tags: { ...props.tags, Name: props.name },
    });
    this.ramShareArn = this.share();
    this.routeVpcToKong();
    if (kongAttachmentId === undefined) return;
    if (!props.transitGateway.autoAcceptSharedAttachments) this.accepter = this.accept(kongAttachmentId);
    this.routeKongToVpc(this.accepter?.id ?? kongAttachmentId);
  }

  /** Shares the transit gateway. Returns the ARN as an attribute of the last resource, so that users wait for the whole share. */
  private share(): string {
    const { provider, transitGateway, kongProviderAccountId } = this.props;
    const { resourceShareArn } = new aws.RamResourceAssociation(this, 'transit-gateway', {
      provider,
      resourceShareArn: this.resource.arn,
      resourceArn: transitGateway.transitGatewayArn,
    });
    if (kongProviderAccountId === undefined) return resourceShareArn;
    const principal = { provider, resourceShareArn, principal: kongProviderAccountId };
    return new aws.RamPrincipalAssociation(this, 'kong', principal).resourceShareArn;
  }

  /** Uses standalone routes: a route table with inline routes would remove them at its next apply. */
  private routeVpcToKong(): void {
    const { provider, network, transitGateway, kongCidr, vpcAttachment } = this.props;
    routeTableIds(network).forEach((routeTableId, index) => {
      new aws.Route(this, `route-${index}`, {
        provider,
        routeTableId,
        destinationCidrBlock: kongCidr,
        transitGatewayId: transitGateway.transitGatewayId,
        dependsOn: [...vpcAttachment.ready],
      });
    });
  }

  private accept(kongAttachmentId: string): Ec2TransitGatewayVpcAttachmentAccepter {
    const { provider, name, tags } = this.props;
    return new aws.Ec2TransitGatewayVpcAttachmentAccepter(this, 'attachment', {
      provider,
      transitGatewayAttachmentId: kongAttachmentId,
      transitGatewayDefaultRouteTableAssociation: false,
      transitGatewayDefaultRouteTablePropagation: false,
      tags: { ...tags, Name: name },
    });
  }

  /**
   * Routes Kong's attachment to the VPC, and the VPC to it. A transit gateway that accepts attachments
   * automatically may already have associated it with its default route table, and would refuse a second association
   * (`Resource.AlreadyAssociated`). So the existing association is replaced.
   * @see https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html#tgw-route-table-association
   */
  private routeKongToVpc(transitGatewayAttachmentId: string): void {
    const { provider, transitGateway, kongRouteTableId, kongCidr, vpcAttachment } = this.props;
    new aws.Ec2TransitGatewayRouteTableAssociation(this, 'association', {
      provider,
      transitGatewayAttachmentId,
      transitGatewayRouteTableId: kongRouteTableId,
      replaceExistingAssociation: transitGateway.autoAcceptSharedAttachments ? true : undefined,
    });
    new aws.Ec2TransitGatewayRoute(this, 'route-from-vpc', {
      provider,
      destinationCidrBlock: kongCidr,
      transitGatewayAttachmentId,
      transitGatewayRouteTableId: vpcAttachment.transitGatewayRouteTableId,
    });
  }
}

function routeTableIds({ privateRouteTableIds }: INetwork): readonly string[] {
  if (!Token.isUnresolved(privateRouteTableIds) && privateRouteTableIds.length > 0) {
    return [...new Set(privateRouteTableIds)];
  }
  throw new ValidationError({
    property: 'cluster.network.privateRouteTableIds',
    problem: 'must list the route tables that get a route to Kong',
    allowed: 'a list whose length is known at synth, with the route table of each private subnet',
    remedy: 'add the route tables to the attributes of the network; each ID may be a token',
  });
}
