// https://developer.konghq.com/dedicated-cloud-gateways/network-architecture/ (CIDR of a Dedicated Cloud Gateway network)
import { cidrsOverlap, parseCidr } from '../cidr';
import { ValidationError } from '../errors';
import { Token } from '../framework';

/** Ranges that a network of Kong's may lie in. */
const ALLOWED = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15'];
/** Ranges that Kong's own clusters use. */
const RESERVED = ['10.100.0.0/16', '172.17.0.0/16'];
/** Largest and smallest network on AWS, as prefix lengths. */
const LARGEST_PREFIX = 16;
const SMALLEST_PREFIX = 23;

/** Longest prefix that still has room for a network in this many zones. */
const PREFIX_BY_ZONES: Readonly<Record<number, number>> = { 2: 23, 3: 22, 4: 22, 5: 21 };

/** A range that Kong's network must keep clear of, with the name that an error calls it by. */
export interface NeighbourRange {
  readonly name: string;
  readonly cidr: string;
}

/**
 * Checks the range of a Kong network where it can still be changed: it is immutable once made, and an overlap shows
 * only as lost packets. Throws on a token, a range outside Kong's rules, too few addresses, or an overlap.
 */
export function checkKongCidr(kongCidr: string, zoneCount: number, neighbours: readonly NeighbourRange[]): void {
  if (Token.isUnresolved(kongCidr)) {
    throw refusal('<token>', 'is known only at apply', 'a range known at synth', 'write the range itself');
  }
  const range = parseCidr('kongCidr', kongCidr);
  if (!ALLOWED.some((allowed) => parseCidr('allowed', allowed).contains(range))) {
    throw refusal(kongCidr, 'is not a range that Kong takes', ALLOWED.join(', '), 'choose a range within one of them');
  }
  const longest = prefixFor(zoneCount);
  if (range.bitmask < LARGEST_PREFIX || range.bitmask > longest) {
    const problem = `has the wrong size for a Kong network in ${zoneCount} zones`;
    throw refusal(kongCidr, problem, `/${LARGEST_PREFIX} to /${longest}`, `choose a /${longest}`);
  }
  const taken = [...RESERVED.map((cidr) => ({ name: 'Kong itself', cidr })), ...neighbours];
  const clash = taken.find(({ cidr }) => cidrsOverlap(cidr, kongCidr));
  if (clash !== undefined) {
    const problem = `overlaps ${clash.cidr} of ${clash.name}`;
    throw refusal(kongCidr, problem, 'a range used nowhere else', 'choose another range, or another for the VPC');
  }
}

/** Checks that Kong can reach the VPC: what is in a range of its own clusters, it never sends out to a transit gateway. */
export function checkVpcCidr(vpcCidr: string): void {
  const reserved = RESERVED.find((cidr) => cidrsOverlap(cidr, vpcCidr));
  if (reserved === undefined) return;
  throw new ValidationError({
    property: 'cluster.network.vpcCidr',
    value: vpcCidr,
    problem: `overlaps ${reserved} of Kong itself, which can not reach it`,
    allowed: `a range outside ${RESERVED.join(' and ')}`,
    remedy: 'choose another range for the VPC, or use InternalExposure without Kong',
  });
}

function prefixFor(zoneCount: number): number {
  const prefix = PREFIX_BY_ZONES[zoneCount];
  if (prefix !== undefined) return Math.min(prefix, SMALLEST_PREFIX);
  throw new ValidationError({
    property: 'kongZoneCount',
    value: zoneCount,
    problem: 'is not a number of zones that a Kong network can have',
    allowed: Object.keys(PREFIX_BY_ZONES).join(', '),
    remedy: 'give the number of availability zones that the Kong network is made with',
  });
}

function refusal(value: string, problem: string, allowed: string, remedy: string): ValidationError {
  return new ValidationError({ property: 'kongCidr', value, problem, allowed, remedy });
}
