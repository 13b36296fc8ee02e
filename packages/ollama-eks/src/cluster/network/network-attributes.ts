import { checkForm } from '../../check-text';
import { parseCidr } from '../../cidr';
import { ValidationError } from '../../errors';
import { Construct, type ITerraformDependable, Token } from '../../framework';
import type { INetwork } from './network-ref';

/** Attributes of an existing network. Ids may be tokens; the lengths of lists must be known at synth. */
export interface NetworkAttributes {
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Tags that only this VPC has. @default - none; then `vpcId` must be known at synth for `PlatformStack` */
  readonly vpcTags?: Readonly<Record<string, string>>;
  /** IPv4 range of the VPC, known at synth. */
  readonly vpcCidr: string;
  /** One private subnet per zone, in at least two zones. */
  readonly privateSubnetIds: readonly string[];
  /** Names of the zones, in the order of the subnets; may be tokens. @default - unknown; then the zone of a pool is its place */
  readonly zones?: readonly string[];
  /** One /28 subnet per zone for transit gateway attachments. @default - none; then no transit gateway can be attached */
  readonly transitSubnetIds?: readonly string[];
  /** Route tables of the private subnets. @default - none; then no route to a transit gateway can be added */
  readonly privateRouteTableIds?: readonly string[];
  /** What nodes need to reach the internet, and must outlive them: routes, NAT gateways. @default - none */
  readonly egress?: readonly ITerraformDependable[];
}

const VPC_ID = {
  pattern: /^vpc-[0-9a-z]+$/,
  allowed: 'the id of a VPC, such as vpc-0123456789abcdef0',
  remedy: 'copy it from `aws ec2 describe-vpcs`',
  tokens: true,
};
/** An availability zone, not a Local Zone: EKS does not support control planes there. */
const ZONE = /^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]$/;
const ZONE_NAME = {
  pattern: ZONE,
  allowed: 'the name of an availability zone: us-west-2a',
  remedy: 'use a zone name that `aws ec2 describe-availability-zones` prints, not a zone id or a Local Zone',
  tokens: true,
};
/** Lists that must not contain duplicates. */
const LISTS = ['privateSubnetIds', 'zones', 'transitSubnetIds', 'privateRouteTableIds'] as const;

/** An existing network. */
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

/** Refuses zones outside the cluster's region, as far as they are known at synth. */
export function checkZonesOf(region: string, { zones = [] }: Pick<INetwork, 'zones'>): void {
  const other = zones.find((zone) => !Token.isUnresolved(zone) && ZONE.exec(zone)?.[1] !== region);
  if (other === undefined) return;
  throw new ValidationError({
    property: 'network.zones',
    value: other,
    problem: `is not a zone of ${region}, the region of the cluster`,
    allowed: `region and letter, such as ${region}a`,
    remedy: 'correct the zones, or set the region of the network',
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
      problem: 'must have at least two subnets: EKS requires two zones',
      allowed: 'one private subnet in each of at least two zones, as a list whose length is known at synth',
      remedy: 'add a subnet in another zone',
    });
  }
  if (zones !== undefined && zones.length !== privateSubnetIds.length) {
    throw new ValidationError({
      property: 'network.zones',
      value: zones,
      problem: `must have ${privateSubnetIds.length} zones, one for each private subnet`,
      allowed: 'the zone of each private subnet, in the same order',
      remedy: 'add a zone for each subnet, or omit zones',
    });
  }
  zones?.forEach((zone, index) => checkForm(`network.zones[${index}]`, zone, ZONE_NAME));
  checkTransit(attributes);
  LISTS.forEach((list) => checkDifferent(`network.${list}`, attributes[list] ?? []));
}

/** Refuses transit subnets in some zones only: nodes in the other zones would not reach the transit gateway. */
function checkTransit({ transitSubnetIds = [], privateSubnetIds }: NetworkAttributes): void {
  if (transitSubnetIds.length === 0 || transitSubnetIds.length === privateSubnetIds.length) return;
  throw new ValidationError({
    property: 'network.transitSubnetIds',
    value: transitSubnetIds,
    problem: `must have ${privateSubnetIds.length} subnets, one for each private subnet: nodes in other zones would not reach the gateway`,
    allowed: 'one subnet in the zone of each private subnet, or none',
    remedy: 'add a subnet for each zone, or omit transitSubnetIds',
  });
}

function checkDifferent(property: string, values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) < index);
  if (twice === undefined) return;
  throw new ValidationError({
    property,
    value: twice,
    problem: 'is a duplicate',
    allowed: 'a list without duplicates',
    remedy: 'remove one',
  });
}
