/** Sizes of subnets: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
import { Netmask } from 'netmask';
import { parseCidr } from '../../cidr';
import { ValidationError } from '../../errors';

/** Most zones that a range has places for. */
export const MOST_ZONES = 8;
/** Smallest subnet that AWS has. */
const SMALLEST_PREFIX = 28;

/** The ranges of one zone. */
export interface ZoneRanges {
  /** Nodes, pods and internal load balancers: /20 of a /16. */
  readonly private: string;
  /** NAT gateways: /24 of a /16. */
  readonly public: string;
  /** Transit gateway attachments and nothing else: /28. */
  readonly transit: string;
}

/** Refuses a range that has no place for the subnets. */
export function checkVpcCidr(property: string, cidr: string): string {
  const { bitmask } = parseCidr(property, cidr);
  if (bitmask < 16 || bitmask > 20) {
    throw new ValidationError({
      property,
      value: cidr,
      problem: bitmask < 16 ? 'is larger than a VPC can be' : 'is too small for private subnets in eight zones',
      allowed: 'a range from /16 to /20',
      remedy: 'choose a range of that size that no network you connect to uses',
    });
  }
  return cidr;
}

/**
 * The ranges of the zone at a place from 0 to 7. They depend on nothing but range and place, so a further zone moves no other: the
 * lower half holds private subnets, the upper half public ones, its last eighth those for transit gateway attachments.
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

/** The n-th block of that prefix behind an offset, both counted from the start of the range. */
function block(range: Netmask, offset: number, prefix: number, n: number): string {
  const address = range.netLong + offset + n * 2 ** (32 - prefix);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}
