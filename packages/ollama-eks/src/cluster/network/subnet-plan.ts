/** Sizes of subnets: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
import { Netmask } from 'netmask';
import { parseCidr } from '../../cidr';
import { ValidationError } from '../../errors';

/** Number of zones for which a range has places. */
export const MOST_ZONES = 8;
/** Prefix length of the smallest subnet that AWS supports. */
const SMALLEST_PREFIX = 28;

/** The ranges of one zone. */
export interface ZoneRanges {
  /** Nodes, pods and internal load balancers: /20 of a /16. */
  readonly private: string;
  /** NAT gateways: /24 of a /16. */
  readonly public: string;
  /** Transit gateway attachments only: /28. */
  readonly transit: string;
}

/** Refuses a range that does not fit the subnets. */
export function checkVpcCidr(property: string, cidr: string): string {
  const { bitmask } = parseCidr(property, cidr);
  if (bitmask < 16 || bitmask > 20) {
    throw new ValidationError({
      property,
      value: cidr,
      problem: bitmask < 16 ? 'is larger than a VPC supports' : 'is too small for private subnets in eight zones',
      allowed: 'a range from /16 to /20',
      remedy: 'choose a range of that size that does not overlap any network you connect to',
    });
  }
  return cidr;
}

/**
 * Returns the ranges of the zone at a place from 0 to 7. They depend only on range and place, so adding a zone does not move others.
 * The lower half holds private subnets, the upper half public ones, and its last eighth those for transit gateway attachments.
 */
export function zoneRanges(vpcCidr: string, place: number): ZoneRanges {
  const vpc = new Netmask(vpcCidr);
  const smaller = (bits: number) => Math.min(vpc.bitmask + bits, SMALLEST_PREFIX);
  return {
    private: block(vpc, 0, smaller(4), place),
    public: block(vpc, vpc.size / 2, smaller(8), place),
    transit: block(vpc, (vpc.size / 16) * 15, SMALLEST_PREFIX, place),
  };
}

/** Returns the n-th block of a prefix length after an offset from the start of the range. */
function block(range: Netmask, offset: number, prefix: number, n: number): string {
  const address = range.netLong + offset + n * 2 ** (32 - prefix);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}
