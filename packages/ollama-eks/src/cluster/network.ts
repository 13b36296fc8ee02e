/** How private subnets reach the internet: one NAT gateway for all, one a zone, or not at all. */
export type NatMode = 'single' | 'per-zone' | 'none';

/** The network that a cluster makes for itself. */
export interface NetworkCreateProps {
  /** IPv4 range of the VPC, /16 to /20. @default '10.0.0.0/16' */
  readonly cidr?: string;
  /**
   * Names of 2–8 zones: `['us-west-2a', 'us-west-2b']`. Each has its own fixed place in the range, by its letter, so adding one
   * replaces nothing.
   * @default - the first `zoneCount` that EKS can use, found at plan
   */
  readonly zones?: readonly string[];
  /** Number of zones, 2–8; not with `zones`. @default 3 */
  readonly zoneCount?: number;
  /** @default 'single' */
  readonly nat?: NatMode;
  /**
   * Interface endpoints: `ecr.api`, `sts`… They cost by hour and zone.
   * @default - none; without NAT, all that EKS nodes need
   */
  readonly interfaceEndpoints?: readonly string[];
  /** Days that flow logs are kept; 0 for no flow logs. @default 30 */
  readonly flowLogDays?: number;
}
