// https://developer.konghq.com/dedicated-cloud-gateways/transit-gateways/
import { checkForm } from '../check-text';
import type { INetwork } from '../cluster/network/network-ref';
import { ValidationError } from '../errors';
import { Construct, Token, type TerraformProvider } from '../framework';
import { aws, type RamResourceShare } from '../providers/aws';
import type { ITransitGateway } from './transit-gateway';
import type { IVpcAttachment } from './vpc-attachment';

const ID = { problem: 'is not an id of that kind', remedy: 'copy it from Konnect', tokens: true };
const ACCOUNT = { ...ID, pattern: /^\d{12}$/, allowed: 'the 12 digits of an AWS account' };
const ATTACHMENT = { ...ID, pattern: /^tgw-attach-[0-9a-f]{8,17}$/, allowed: 'an id like tgw-attach-0abc…' };

/** How a network of Kong's is told apart and let in. */
export interface KongNetworkOptions {
  /** IPv4 range of the Kong network, known at synth: immutable on Kong's side, and nowhere else in use. */
  readonly kongCidr: string;
  /**
   * Number of availability zones of the Kong network: decides how large its range must be.
   * @default 2
   */
  readonly kongZoneCount?: number;
  /**
   * AWS account that Kong's network runs in, 12 digits, as Konnect lists it under provider accounts: the transit
   * gateway is shared with it.
   * @default - shared with nobody yet; adding it later changes nothing else
   */
  readonly kongProviderAccountId?: string;
  /**
   * Attachment that Kong has requested, `tgw-attach-…`, as Konnect shows it: this one is accepted, and routed.
   * @default - no attachment is accepted yet; adding it later changes nothing else
   */
  readonly kongAttachmentId?: string;
}

/** Properties of a Kong network. */
export interface KongNetworkProps extends KongNetworkOptions {
  /** Name of the resource share, and name tag. */
  readonly name: string;
  readonly transitGateway: ITransitGateway;
  /** Transit gateway route table that Kong's attachments are associated with: leads to the VPC and nowhere else. */
  readonly kongRouteTableId: string;
  readonly vpcAttachment: IVpcAttachment;
  readonly network: INetwork;
  /** @default - no tags but the name */
  readonly tags?: Readonly<Record<string, string>>;
  /** @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/**
 * The way between one network of Kong's and the VPC: a resource share of its own (Kong takes one transit gateway a
 * share, and one share a network), routes there and back, and its one attachment.
 */
export class KongNetwork extends Construct {
  /** ARN of the resource share, for Konnect; known when the transit gateway is in it, and shared with Kong. */
  public readonly ramShareArn: string;
  /** The resource share, for overrides. */
  public readonly resource: RamResourceShare;
  private readonly props: KongNetworkProps;

  public constructor(scope: Construct, id: string, props: KongNetworkProps) {
    super(scope, id);
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
    if (kongAttachmentId !== undefined) this.routeKongToVpc(kongAttachmentId);
  }

  /** Shares the transit gateway, and returns the ARN by the last step of it: whoever uses it finds the share complete. */
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

  /** Standalone routes: a table with routes of its own would remove them at its next apply. */
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

  /**
   * What Kong's attachment needs once it is there: accepted, led to the VPC, and found from the VPC. A gateway that
   * accepts by itself may have associated the attachment with its default route table by then, and refuses a second
   * association (`Resource.AlreadyAssociated`): that one is replaced.
   * @see https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html#tgw-route-table-association
   */
  private routeKongToVpc(kongAttachmentId: string): void {
    const { provider, transitGateway, kongRouteTableId, kongCidr, vpcAttachment, name, tags } = this.props;
    const transitGatewayAttachmentId = transitGateway.autoAcceptSharedAttachments
      ? kongAttachmentId
      : new aws.Ec2TransitGatewayVpcAttachmentAccepter(this, 'attachment', {
          provider,
          transitGatewayAttachmentId: kongAttachmentId,
          transitGatewayDefaultRouteTableAssociation: false,
          transitGatewayDefaultRouteTablePropagation: false,
          tags: { ...tags, Name: name },
        }).id;
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
    problem: 'leaves no route back to Kong',
    allowed: 'a list whose length is known at synth, with the route table of each private subnet',
    remedy: 'name the route tables in the attributes of the network; each id may be a token',
  });
}
