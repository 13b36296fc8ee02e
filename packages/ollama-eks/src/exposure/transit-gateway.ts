// https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html
import { ValidationError } from '../errors';
import { Construct, Token, type TerraformProvider } from '../framework';
import { aws, type Ec2TransitGateway } from '../providers/aws';
import { checkTransitGatewayArn, checkTransitGatewayId } from './transit-gateway-ids';

/** Amazon's default; give another where transit gateways are peered. */
const DEFAULT_ASN = 64512;
/** Private autonomous system numbers of 16 and 32 bits. */
const PRIVATE_ASNS: readonly (readonly [number, number])[] = [
  [64512, 65534],
  [4_200_000_000, 4_294_967_294],
];

/** A transit gateway of this account and region. */
export interface ITransitGateway {
  /** `tgw-…`; may be a token. */
  readonly transitGatewayId: string;
  /** ARN, for sharing it; may be a token. */
  readonly transitGatewayArn: string;
  /** Whether an attachment by another account needs no acceptance. */
  readonly autoAcceptSharedAttachments: boolean;
}

/** What has to be known of an existing transit gateway. */
export interface TransitGatewayAttributes {
  /** `tgw-…`; may be a token. */
  readonly transitGatewayId: string;
  /** ARN; may be a token. */
  readonly transitGatewayArn: string;
  /**
   * Whether the gateway accepts attachments by itself. Kong's is then taken out of the default route table; where the
   * gateway propagates by default too, Kong's range stays in that table, and what is associated with it can answer Kong.
   * @default false
   */
  readonly autoAcceptSharedAttachments?: boolean;
}

/** How a transit gateway is looked up. */
export interface TransitGatewayLookupOptions {
  /**
   * Whether the gateway accepts attachments by itself: has to be told, since synth decides by it what to make. What it
   * means for the default route table is said at `TransitGatewayAttributes`.
   * @default false
   */
  readonly autoAcceptSharedAttachments?: boolean;
  /** @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/** Properties of a transit gateway. */
export interface TransitGatewayProps {
  /** Name tag. */
  readonly name: string;
  /**
   * Autonomous system number of Amazon's side: private, 16 or 32 bits.
   * @default 64512
   */
  readonly amazonSideAsn?: number;
  /**
   * Whether an attachment by an account that the gateway is shared with needs no acceptance. Every such account can
   * then attach by itself; it still reaches nothing without a route table.
   * @default false
   */
  readonly autoAcceptSharedAttachments?: boolean;
  /** @default - no tags but the name */
  readonly tags?: Readonly<Record<string, string>>;
  /** @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/**
 * A transit gateway on which nothing reaches anything by default: every attachment gets a route table of its own.
 */
export class TransitGateway extends Construct implements ITransitGateway {
  /** Refers to an existing transit gateway whose ARN is known. */
  public static fromAttributes(attributes: TransitGatewayAttributes): ITransitGateway {
    const { transitGatewayId, transitGatewayArn, autoAcceptSharedAttachments = false } = attributes;
    checkTransitGatewayId('transitGatewayId', transitGatewayId, 'tgw');
    checkTransitGatewayArn('transitGatewayArn', transitGatewayArn);
    return { transitGatewayId, transitGatewayArn, autoAcceptSharedAttachments };
  }

  /** Looks an existing transit gateway up by its id when Terraform plans; its settings are left as they are. */
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
    remedy: 'leave it out, or choose a number that no peered gateway has',
  });
}
