// https://developer.konghq.com/dedicated-cloud-gateways/network-architecture/ (CIDR of a Dedicated Cloud Gateway network)
import { cidrRefusal, cidrsOverlap, cidrWithin } from '../cidr';
import type { Refusal } from '../errors';

/** Ranges that a network of Kong's may lie in. */
const ALLOWED = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15'];
/** Ranges that Kong's own clusters use. */
export const KONG_RESERVED_CIDRS: readonly string[] = ['10.100.0.0/16', '172.17.0.0/16'];
/** Largest network on AWS, as prefix length. */
const LARGEST_PREFIX = 16;
/** Longest prefix that still has room for a network in this many zones. */
const PREFIX_BY_ZONES: Readonly<Record<number, number>> = { 2: 23, 3: 22, 4: 22, 5: 21 };

/** A range that Kong's network must keep clear of, with the name that an error calls it by. */
export interface NeighbourRange {
  readonly name: string;
  readonly cidr: string;
}

/** What the range of a Kong network is held against. */
export interface KongCidrRules {
  /** Availability zones of the network. */
  readonly zoneCount: number;
  /** @default - none */
  readonly neighbours?: readonly NeighbourRange[];
  /** Ranges that it may lie in, where Konnect names them for a region. @default - those that Kong documents */
  readonly allowed?: readonly string[];
  /** Ranges that Kong's own clusters use, where Konnect names them for a region. @default - those that Kong documents */
  readonly reserved?: readonly string[];
}

/**
 * All that is wrong with the range of a Kong network; empty where nothing is. The range is immutable once the network
 * exists, and an overlap shows only as lost packets.
 * @param property what an error calls the range by: `kongCidr`, `--kong-cidr`
 */
export function kongCidrRefusals(property: string, cidr: string, rules: KongCidrRules): readonly Refusal[] {
  const malformed = cidrRefusal(property, cidr);
  if (malformed !== undefined) return [malformed];
  const about = { property, value: cidr };
  return [...placeRefusals(about, rules), ...sizeRefusals(about, rules), ...overlapRefusals(about, rules)];
}

/** The range that a refusal is about. */
interface Range {
  readonly property: string;
  readonly value: string;
}

function placeRefusals(range: Range, { allowed = ALLOWED }: KongCidrRules): Refusal[] {
  if (allowed.some((outer) => cidrWithin(range.value, outer))) return [];
  return [
    {
      ...range,
      problem: 'is not a range that Kong takes',
      allowed: allowed.join(', '),
      remedy: 'choose a range within one of them',
    },
  ];
}

function sizeRefusals(range: Range, { zoneCount }: KongCidrRules): Refusal[] {
  const longest = PREFIX_BY_ZONES[zoneCount];
  if (longest === undefined) {
    return [
      {
        property: 'kongZoneCount',
        value: zoneCount,
        problem: 'is not a number of zones that a Kong network can have',
        allowed: Object.keys(PREFIX_BY_ZONES).join(', '),
        remedy: 'give the number of availability zones that the Kong network is made with',
      },
    ];
  }
  const prefix = Number(range.value.split('/')[1]);
  if (prefix >= LARGEST_PREFIX && prefix <= longest) return [];
  return [
    {
      ...range,
      problem: `has the wrong size for a Kong network in ${zoneCount} zones`,
      allowed: `/${LARGEST_PREFIX} to /${longest}`,
      remedy: `choose a /${longest}`,
    },
  ];
}

function overlapRefusals(range: Range, { neighbours = [], reserved = KONG_RESERVED_CIDRS }: KongCidrRules): Refusal[] {
  const taken = [...reserved.map((cidr) => ({ name: 'Kong itself', cidr })), ...neighbours];
  return taken
    .filter(({ cidr }) => cidrsOverlap(cidr, range.value))
    .map(({ name, cidr }) => ({
      ...range,
      problem: `overlaps ${cidr} of ${name}`,
      allowed: 'a range used nowhere else',
      remedy: 'choose another range, or another for the VPC',
    }));
}
