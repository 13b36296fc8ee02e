import { parseCidr } from '../cidr';
import { ValidationError } from '../errors';
import { Construct, type ITerraformDependable, type TerraformProvider } from '../framework';
import type { INetwork } from './network-ref';

/** An existing network. Every id may be a token; how many there are must be known at synth. */
export interface NetworkAttributes {
  readonly vpcId: string;
  /** Tags that only this VPC carries. @default - none: then `vpcId` must be known at synth for `PlatformStack` */
  readonly vpcTags?: Readonly<Record<string, string>>;
  /** IPv4 range of the VPC, known at synth. */
  readonly vpcCidr: string;
  /** One private subnet a zone, in two zones at least. */
  readonly privateSubnetIds: readonly string[];
  /** Names of the zones, in the order of the subnets; may be tokens. @default - not known: then no pool can name its zone */
  readonly zones?: readonly string[];
  /** A /28 subnet a zone for transit gateway attachments. @default - none: then no transit gateway can be attached */
  readonly transitSubnetIds?: readonly string[];
  /** Route tables of the private subnets. @default - none: then no route to a transit gateway can be made */
  readonly privateRouteTableIds?: readonly string[];
  /** What must outlive the nodes for them to reach the internet: routes, NAT gateways. @default - none */
  readonly egress?: readonly ITerraformDependable[];
}

/** An existing network that Terraform looks up, by tags of its subnets. */
export interface NetworkLookup {
  /** VPC id; may be a token. */
  readonly vpcId: string;
  /** IPv4 range of the VPC, known at synth. */
  readonly vpcCidr: string;
  /** Names of the zones, two at least. */
  readonly zones: readonly string[];
  /** Tags of the private subnet in each zone, which exactly one has. @default { 'kubernetes.io/role/internal-elb': '1' } */
  readonly privateSubnetTags?: Readonly<Record<string, string>>;
  /** Tags of the transit gateway attachment's subnet in each zone. @default - not looked up */
  readonly transitSubnetTags?: Readonly<Record<string, string>>;
  /**
   * Route tables of the private subnets, each once: for subnets that share one, or that are on the main one.
   * @default - looked up: each subnet is associated with one of its own
   */
  readonly privateRouteTableIds?: readonly string[];
  /** @default - none */
  readonly vpcTags?: Readonly<Record<string, string>>;
  /** @default - the stack's default provider */
  readonly provider?: TerraformProvider;
}

/** A network made elsewhere. */
export class ImportedNetwork extends Construct implements INetwork {
  public readonly vpcId: string;
  public readonly vpcTags?: Readonly<Record<string, string>>;
  public readonly vpcCidr: string;
  public readonly zoneCount: number;
  public readonly zones?: readonly string[];
  public readonly privateSubnetIds: readonly string[];
  public readonly transitSubnetIds: readonly string[];
  public readonly privateRouteTableIds: readonly string[];
  public readonly egress: readonly (readonly ITerraformDependable[])[];

  public constructor(scope: Construct, id: string, attributes: NetworkAttributes) {
    super(scope, id);
    checkAttributes(attributes);
    this.vpcId = attributes.vpcId;
    this.vpcTags = attributes.vpcTags;
    this.vpcCidr = attributes.vpcCidr;
    this.zoneCount = attributes.privateSubnetIds.length;
    this.zones = attributes.zones;
    this.privateSubnetIds = attributes.privateSubnetIds;
    this.transitSubnetIds = attributes.transitSubnetIds ?? [];
    this.privateRouteTableIds = attributes.privateRouteTableIds ?? [];
    this.egress = attributes.privateSubnetIds.map(() => attributes.egress ?? []);
  }
}

function checkAttributes({ vpcCidr, privateSubnetIds, zones }: NetworkAttributes): void {
  parseCidr('network.vpcCidr', vpcCidr);
  if (privateSubnetIds.length < 2) {
    throw new ValidationError({
      property: 'network.privateSubnetIds',
      value: privateSubnetIds,
      problem: 'is too few for EKS, which wants subnets in two zones',
      allowed: 'one private subnet in each of two zones at least, as a list whose length is known at synth',
      remedy: 'add the subnet of another zone',
    });
  }
  if (zones !== undefined && zones.length !== privateSubnetIds.length) {
    throw new ValidationError({
      property: 'network.zones',
      value: zones,
      problem: `does not go with ${privateSubnetIds.length} private subnets`,
      allowed: 'the zone of each private subnet, in their order',
      remedy: 'name a zone for each subnet, or leave zones out',
    });
  }
}
