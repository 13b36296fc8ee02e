import type { ITerraformDependable } from '../../framework';

/** The network of a cluster, created by this library or existing. */
export interface INetwork {
  /** Id of the VPC; may be a token. */
  readonly vpcId: string;
  /**
   * Tags that only this VPC of the account and region has, known at synth: what runs in the cluster
   * finds the VPC by them, since an id that is known only at apply cannot be rendered to Git.
   * @default - none; then `vpcId` must be known at synth if anything in the cluster needs it
   */
  readonly vpcTags?: Readonly<Record<string, string>>;
  /** IPv4 range of the VPC, known at synth, when overlaps with other ranges are checked. */
  readonly vpcCidr: string;
  /** Number of zones of the subnets. */
  readonly zoneCount: number;
  /**
   * Names of the zones, in the order of the subnets; may be tokens.
   * @default - unknown; then the zone of a GPU pool is its place
   */
  readonly zones?: readonly string[];
  /** One private subnet per zone, for nodes and the internal load balancer. */
  readonly privateSubnetIds: readonly string[];
  /** One /28 subnet per zone, for transit gateway attachments only. */
  readonly transitSubnetIds: readonly string[];
  /** Route tables of the private subnets, to which return routes to callers are added. */
  readonly privateRouteTableIds: readonly string[];
  /** What a node needs to reach the internet, and must outlive it: a list for each private subnet. */
  readonly egress: readonly (readonly ITerraformDependable[])[];
}
