import { Construct, type TerraformProvider } from '../../framework';
import { aws } from '../../providers/aws';
import { ImportedNetwork } from './network-attributes';
import type { INetwork } from './network-ref';

/** An existing network that Terraform looks up by the tags of its subnets. */
export interface NetworkLookup {
  /** Id of the VPC; may be a token. */
  readonly vpcId: string;
  /** IPv4 range of the VPC, known at synth. */
  readonly vpcCidr: string;
  /** Names of the zones, at least two. */
  readonly zones: readonly string[];
  /** Tags that exactly one subnet per zone has: the private one. @default { 'kubernetes.io/role/internal-elb': '1' } */
  readonly privateSubnetTags?: Readonly<Record<string, string>>;
  /** Tags of the subnet for transit gateway attachments in each zone. @default - not looked up */
  readonly transitSubnetTags?: Readonly<Record<string, string>>;
  /**
   * Route tables of the private subnets, without duplicates: for subnets that share a table, or that use the main table.
   * @default - looked up; each subnet must be associated with its own table
   */
  readonly privateRouteTableIds?: readonly string[];
  /** Tags that only this VPC has. @default - none */
  readonly vpcTags?: Readonly<Record<string, string>>;
  /** @default - the stack's default provider */
  readonly provider?: TerraformProvider;
}

/** Tag of subnets that internal load balancers may use. @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const PRIVATE_SUBNET_TAGS = { 'kubernetes.io/role/internal-elb': '1' };

/** Looks up one private subnet per zone, and one transit subnet if requested. Terraform fails unless exactly one matches. */
export function lookUpNetwork(scope: Construct, id: string, lookup: NetworkLookup): INetwork {
  const found = new Construct(scope, `${id}-lookup`);
  const { vpcId, vpcCidr, vpcTags, zones, provider, privateSubnetTags = PRIVATE_SUBNET_TAGS } = lookup;
  const subnets = (kind: string, tags: Readonly<Record<string, string>>) =>
    zones.map(
      (zone, index) =>
        new aws.DataAwsSubnet(found, `${kind}-${index}`, { vpcId, availabilityZone: zone, tags: { ...tags }, provider })
          .id,
    );
  const privateSubnetIds = subnets('private', privateSubnetTags);
  return new ImportedNetwork(scope, id, {
    vpcId,
    vpcCidr,
    vpcTags,
    zones,
    privateSubnetIds,
    transitSubnetIds: lookup.transitSubnetTags === undefined ? [] : subnets('transit', lookup.transitSubnetTags),
    privateRouteTableIds:
      lookup.privateRouteTableIds ??
      privateSubnetIds.map(
        (subnetId, index) =>
          new aws.DataAwsRouteTable(found, `private-route-table-${index}`, { subnetId, provider }).id,
      ),
  });
}
