import { checkForm } from '../../check-text';
import { parseCidr } from '../../cidr';
import { ValidationError } from '../../errors';
import { Construct, type ITerraformDependable, Token } from '../../framework';
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

const VPC_ID = {
  pattern: /^vpc-[0-9a-z]+$/,
  allowed: 'the id of a VPC, such as vpc-0123456789abcdef0',
  remedy: 'take it from `aws ec2 describe-vpcs`',
  tokens: true,
};
/** A zone of a region, not a Local Zone: EKS puts no control plane there. */
const ZONE = /^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]$/;
const ZONE_NAME = {
  pattern: ZONE,
  allowed: 'the name of a zone of a region: us-west-2a',
  remedy: 'write it as `aws ec2 describe-availability-zones` does; not its id, nor a Local Zone',
  tokens: true,
};
/** Lists in which nothing stands twice. */
const LISTS = ['privateSubnetIds', 'zones', 'transitSubnetIds', 'privateRouteTableIds'] as const;

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

/** Refuses zones of another region than the cluster's, as far as they are known at synth. */
export function checkZonesOf(region: string, { zones = [] }: Pick<INetwork, 'zones'>): void {
  const other = zones.find((zone) => !Token.isUnresolved(zone) && ZONE.exec(zone)?.[1] !== region);
  if (other === undefined) return;
  throw new ValidationError({
    property: 'network.zones',
    value: other,
    problem: `is no zone of ${region}, the region of the cluster`,
    allowed: `region and letter, such as ${region}a`,
    remedy: 'name the zones of the subnets, or the region of the network',
  });
}

function checkAttributes(attributes: NetworkAttributes): void {
  const { vpcCidr, privateSubnetIds, zones } = attributes;
  parseCidr('network.vpcCidr', vpcCidr);
  checkForm('network.vpcId', attributes.vpcId, VPC_ID);
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
  zones?.forEach((zone, index) => checkForm(`network.zones[${index}]`, zone, ZONE_NAME));
  checkTransit(attributes);
  LISTS.forEach((list) => checkDifferent(`network.${list}`, attributes[list] ?? []));
}

/** A transit gateway is reached from the zones alone in which it is attached. */
function checkTransit({ transitSubnetIds = [], privateSubnetIds }: NetworkAttributes): void {
  if (transitSubnetIds.length === 0 || transitSubnetIds.length === privateSubnetIds.length) return;
  throw new ValidationError({
    property: 'network.transitSubnetIds',
    value: transitSubnetIds,
    problem: `does not go with ${privateSubnetIds.length} private subnets: nodes of the other zones would not reach the gateway`,
    allowed: 'one subnet in the zone of each private subnet, or none',
    remedy: 'name a subnet for each zone, or leave transitSubnetIds out',
  });
}

function checkDifferent(property: string, values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) < index);
  if (twice === undefined) return;
  throw new ValidationError({
    property,
    value: twice,
    problem: 'is named twice',
    allowed: 'different ones',
    remedy: 'name each once',
  });
}
