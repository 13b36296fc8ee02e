// https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html
import { checkProps, FLAG, NUMBER, OBJECT, recordOf, required, type Shape, TEXT } from '../check-props';
import { ValidationError } from '../errors';
import { Construct, Token, type TerraformProvider } from '../framework';
import { aws } from '../providers/aws';
import type { Ec2TransitGateway } from '../providers/aws-types';
import { checkTransitGatewayArn, checkTransitGatewayId } from './transit-gateway-ids';

/** Amazon's default. Peered transit gateways need different numbers. */
const DEFAULT_ASN = 64512;
/** Ranges of private autonomous system numbers, with 16 and 32 bits. */
const PRIVATE_ASNS: readonly (readonly [number, number])[] = [
  [64512, 65534],
  [4_200_000_000, 4_294_967_294],
];

/** A transit gateway of this account and region. */
export interface ITransitGateway {
  /** `tgw-…`; may be a token. */
  readonly transitGatewayId: string;
  /** ARN, used to share the transit gateway; may be a token. */
  readonly transitGatewayArn: string;
  /** Whether attachments of other accounts are accepted automatically. */
  readonly autoAcceptSharedAttachments: boolean;
}

/** Attributes of an existing transit gateway. */
export interface TransitGatewayAttributes {
  /** `tgw-…`; may be a token. */
  readonly transitGatewayId: string;
  /** ARN; may be a token. */
  readonly transitGatewayArn: string;
  /**
   * Whether the gateway accepts attachments automatically. If so, Kong's attachment is removed from the default route table.
   * If the gateway also propagates routes by default, Kong's range stays in that table, and attachments associated with the
   * table can send packets to Kong.
   * @default false
   */
  readonly autoAcceptSharedAttachments?: boolean;
}

/** Options of `TransitGateway.fromTransitGatewayId`. */
export interface TransitGatewayLookupOptions {
  /**
   * Whether the gateway accepts attachments automatically. It must be specified, because it determines the resources at
   * synth. See `TransitGatewayAttributes` for its effect on the default route table.
   * @default false
   */
  readonly autoAcceptSharedAttachments?: boolean;
  /** @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/** Props of `TransitGateway`. */
export interface TransitGatewayProps {
  /** Name tag. */
  readonly name: string;
  /**
   * Private autonomous system number of Amazon's side, with 16 or 32 bits.
   * @default 64512
   */
  readonly amazonSideAsn?: number;
  /**
   * Whether attachments of accounts that the gateway is shared with are accepted automatically. Without a route table, they
   * still reach nothing. A change replaces Kong's association and routes.
   * @default false
   */
  readonly autoAcceptSharedAttachments?: boolean;
  /** @default - no tags but the name */
  readonly tags?: Readonly<Record<string, string>>;
  /** @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/** What each prop must be, for callers without types. */
const SHAPE: Shape<TransitGatewayProps> = {
  name: required(TEXT),
  amazonSideAsn: NUMBER,
  autoAcceptSharedAttachments: FLAG,
  tags: recordOf(TEXT),
  provider: OBJECT,
};

/**
 * A transit gateway without default routing: every attachment needs its own route table.
 */
export class TransitGateway extends Construct implements ITransitGateway {
  /** Refers to an existing transit gateway whose ARN is known. */
  public static fromAttributes(attributes: TransitGatewayAttributes): ITransitGateway {
    const { transitGatewayId, transitGatewayArn, autoAcceptSharedAttachments = false } = attributes;
    checkTransitGatewayId('transitGatewayId', transitGatewayId, 'tgw');
    checkTransitGatewayArn('transitGatewayArn', transitGatewayArn);
    return { transitGatewayId, transitGatewayArn, autoAcceptSharedAttachments };
  }

  /** Looks up an existing transit gateway by its ID when Terraform plans. Its settings are left unchanged. */
  public static fromTransitGatewayId(
    scope: Construct,
    id: string,
    transitGatewayId: string,
    options: TransitGatewayLookupOptions = {},
  ): ITransitGateway {
    checkTransitGatewayId('transitGatewayId', transitGatewayId, 'tgw');
    const found = new aws.DataAwsEc2TransitGateway(scope, id, { provider: options.provider, id: transitGatewayId });
    return TransitGateway.fromAttributes({
      transitGatewayId,
      transitGatewayArn: found.arn,
      autoAcceptSharedAttachments: options.autoAcceptSharedAttachments,
    });
  }

  public readonly transitGatewayId: string;
  public readonly transitGatewayArn: string;
  public readonly autoAcceptSharedAttachments: boolean;
  /** The resource, for overrides. */
  public readonly resource: Ec2TransitGateway;

  public constructor(scope: Construct, id: string, props: TransitGatewayProps) {
    super(scope, id);
    checkProps(props, SHAPE);
    const amazonSideAsn = checkAsn(props.amazonSideAsn ?? DEFAULT_ASN);
    this.autoAcceptSharedAttachments = props.autoAcceptSharedAttachments ?? false;
    this.resource = new aws.Ec2TransitGateway(this, 'Resource', {
      provider: props.provider,
      description: `Private way to ${props.name}`,
      amazonSideAsn,
      autoAcceptSharedAttachments: this.autoAcceptSharedAttachments ? 'enable' : 'disable',
      defaultRouteTableAssociation: 'disable',
      defaultRouteTablePropagation: 'disable',
      tags: { ...props.tags, Name: props.name },
    });
    this.transitGatewayId = this.resource.id;
    this.transitGatewayArn = this.resource.arn;
  }
}

function checkAsn(asn: number): number {
  const isPrivate = PRIVATE_ASNS.some(([first, last]) => asn >= first && asn <= last);
  if (Token.isUnresolved(asn) || (Number.isInteger(asn) && isPrivate)) return asn;
  throw new ValidationError({
    property: 'amazonSideAsn',
    value: asn,
    problem: 'is not a private autonomous system number',
    allowed: PRIVATE_ASNS.map(([first, last]) => `${first}–${last}`).join(', '),
    remedy: 'leave it out, or choose a number that no peered gateway uses',
  });
}
