import { cidrsOverlap } from '../cidr';
import { ValidationError } from '../errors';
import { Token } from '../framework';
import { KONG_RESERVED_CIDRS, kongCidrRefusals, type NeighborRange } from './kong-cidr-rules';

/**
 * Checks the range of a Kong network while it can still be changed.
 * @throws ValidationError for a token, a range that violates Kong's rules, the wrong size, or an overlap
 */
export function checkKongCidr(kongCidr: string, zoneCount: number, neighbors: readonly NeighborRange[]): void {
  if (Token.isUnresolved(kongCidr)) {
    throw new ValidationError({
      property: 'kongCidr',
      value: '<token>',
      problem: 'must be known at synth',
      allowed: 'an IPv4 range known at synth',
      remedy: 'use a literal range',
    });
  }
  const [refusal] = kongCidrRefusals('kongCidr', kongCidr, { zoneCount, neighbors });
  if (refusal !== undefined) throw new ValidationError(refusal);
}

/** Checks that Kong can reach the VPC: Kong sends nothing to a transit gateway if the destination is in its own ranges. */
export function checkVpcCidr(vpcCidr: string): void {
  const reserved = KONG_RESERVED_CIDRS.find((cidr) => cidrsOverlap(cidr, vpcCidr));
  if (reserved === undefined) return;
  throw new ValidationError({
    property: 'cluster.network.vpcCidr',
    value: vpcCidr,
    problem: `overlaps ${reserved}, which Kong itself uses, so Kong cannot reach the VPC`,
    allowed: `a range outside ${KONG_RESERVED_CIDRS.join(' and ')}`,
    remedy: 'choose another range for the VPC, or use InternalExposure without Kong',
  });
}
