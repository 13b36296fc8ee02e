import type { ITerraformDependable } from '../../framework';

/** A network that a cluster runs in, made here or existing. */
export interface INetwork {
  /** VPC id; may be a token. */
  readonly vpcId: string;
  /**
   * Tags that this VPC carries and no other of the account and region does, known at synth: what runs in the cluster
   * finds the VPC by them, since an id that is known only at apply can't be rendered to Git.
   * @default - none: then `vpcId` must be known at synth wherever something in the cluster needs it
   */
  readonly vpcTags?: Readonly<Record<string, string>>;
  /** IPv4 range of the VPC, known at synth: overlap with other ranges is checked there. */
  readonly vpcCidr: string;
  /** How many zones the subnets lie in. */
  readonly zoneCount: number;
  /**
   * Names of those zones, in the order of the subnets; may be tokens.
   * @default - not known: then no GPU pool can name its zone
   */
  readonly zones?: readonly string[];
  /** One private subnet a zone, for nodes and the internal load balancer. */
  readonly privateSubnetIds: readonly string[];
  /** One /28 subnet a zone that holds nothing but transit gateway attachments. */
  readonly transitSubnetIds: readonly string[];
  /** Route tables of the private subnets: routes back to whoever calls go here. */
  readonly privateRouteTableIds: readonly string[];
  /** What must exist for a node to reach the internet, and must outlive it: a list for each private subnet. */
  readonly egress: readonly (readonly ITerraformDependable[])[];
}
