import type { ITerraformDependable } from '../framework';

/** A network that a cluster runs in, made here or existing. */
export interface INetwork {
  /** VPC id; may be a token. */
  readonly vpcId: string;
  /** IPv4 range of the VPC, known at synth: overlap with other ranges is checked there. */
  readonly vpcCidr: string;
  /** How many zones the subnets lie in. */
  readonly zoneCount: number;
  /** One private subnet a zone, for nodes and the internal load balancer. */
  readonly privateSubnetIds: readonly string[];
  /** One /28 subnet a zone that holds nothing but transit gateway attachments. */
  readonly transitSubnetIds: readonly string[];
  /** Route tables of the private subnets: routes back to whoever calls go here. */
  readonly privateRouteTableIds: readonly string[];
  /** What must exist for a node in a private subnet to reach the internet, and must outlive it. */
  readonly egress: readonly ITerraformDependable[];
}
