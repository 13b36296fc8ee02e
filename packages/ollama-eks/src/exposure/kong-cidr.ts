import { cidrsOverlap } from '../cidr';
import { ValidationError } from '../errors';
import { Token } from '../framework';
import { KONG_RESERVED_CIDRS, kongCidrRefusals, type NeighbourRange } from './kong-cidr-rules';

/**
 * Checks the range of a Kong network where it can still be changed. Throws on a token, a range outside Kong's rules, too
 * few addresses, or an overlap.
 */
export function checkKongCidr(kongCidr: string, zoneCount: number, neighbours: readonly NeighbourRange[]): void {
  if (Token.isUnresolved(kongCidr)) {
    throw new ValidationError({
      property: 'kongCidr',
      value: '<token>',
      problem: 'is known only at apply',
      allowed: 'a range known at synth',
      remedy: 'write the range itself',
    });
  }
  const [refusal] = kongCidrRefusals('kongCidr', kongCidr, { zoneCount, neighbours });
  if (refusal !== undefined) throw new ValidationError(refusal);
}

/** Checks that Kong can reach the VPC: what is in a range of its own clusters, it never sends out to a transit gateway. */
export function checkVpcCidr(vpcCidr: string): void {
  const reserved = KONG_RESERVED_CIDRS.find((cidr) => cidrsOverlap(cidr, vpcCidr));
  if (reserved === undefined) return;
  throw new ValidationError({
    property: 'cluster.network.vpcCidr',
    value: vpcCidr,
    problem: `overlaps ${reserved} of Kong itself, which can not reach it`,
    allowed: `a range outside ${KONG_RESERVED_CIDRS.join(' and ')}`,
    remedy: 'choose another range for the VPC, or use InternalExposure without Kong',
  });
}
