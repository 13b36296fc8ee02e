// https://developer.konghq.com/dedicated-cloud-gateways/production-readiness/ (CIDR blocks)
import { Netmask } from 'netmask';

/** Kong's limits of a network on AWS. */
const SMALLEST_PREFIX = 16;
const LARGEST_PREFIX = 23;

/** The longest prefix that leaves room for so many zones: /23 for two, /22 for three and four, /21 for five. */
function longestPrefix(zones: number): number {
  if (zones <= 2) return 23;
  return zones <= 4 ? 22 : 21;
}

/** Where a network's CIDR may lie, as availability names it for a region. */
export interface CidrRules {
  /** Ranges that it may be taken from. */
  readonly allowed: readonly string[];
  /** Ranges that Kong keeps for itself. */
  readonly reserved: readonly string[];
  /** CIDRs of one's own that it will be routed to: VPCs and whatever else hangs on the transit gateway. */
  readonly own: readonly string[];
  readonly zones: number;
}

/** What is wrong with a network's CIDR, each with what is allowed; empty when nothing is. */
export function cidrProblems(cidr: string, { allowed, reserved, own, zones }: CidrRules): string[] {
  const block = parseCidr(cidr);
  if (block === undefined) return [`${JSON.stringify(cidr)} is not a CIDR; write one like 192.168.0.0/22`];
  const problems: string[] = [];
  if (block.base !== cidr.split('/')[0]) problems.push(`${cidr} does not start its range; write ${block.toString()}`);
  const room = longestPrefix(zones);
  if (block.bitmask < SMALLEST_PREFIX || block.bitmask > Math.min(LARGEST_PREFIX, room)) {
    problems.push(
      `/${String(block.bitmask)} is no size for ${String(zones)} zones; allowed: /${String(SMALLEST_PREFIX)} to /${String(room)}`,
    );
  }
  const ranges = allowed.flatMap((range) => parseCidr(range) ?? []);
  if (ranges.length > 0 && !ranges.some((range) => range.contains(block))) {
    problems.push(`${cidr} is outside of what Kong allows: ${allowed.join(', ')}`);
  }
  for (const [whose, list] of [
    ["Kong's own", reserved],
    ['your', own],
  ] as const) {
    for (const other of list) {
      const range = parseCidr(other);
      if (range !== undefined && overlap(block, range))
        problems.push(`${cidr} overlaps ${whose} ${other}; choose another`);
    }
  }
  return problems;
}

function overlap(left: Netmask, right: Netmask): boolean {
  return left.contains(right) || right.contains(left);
}

/** Undefined for what is not IPv4 CIDR with an explicit prefix length. */
function parseCidr(text: string): Netmask | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(text)) return undefined;
  try {
    return new Netmask(text);
  } catch {
    return undefined; // an octet over 255 or a prefix over 32; the caller says so
  }
}
