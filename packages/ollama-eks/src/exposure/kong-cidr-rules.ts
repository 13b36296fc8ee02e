// https://developer.konghq.com/dedicated-cloud-gateways/network-architecture/ (CIDR of a Dedicated Cloud Gateway network)
import { cidrRefusal, cidrsOverlap, cidrWithin } from '../cidr';
import type { Refusal } from '../errors';

/** Ranges that may contain a Kong network. */
const ALLOWED = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15'];
/** Ranges used by Kong's own clusters. */
export const KONG_RESERVED_CIDRS: readonly string[] = ['10.100.0.0/16', '172.17.0.0/16'];
/** Prefix length of the largest network on AWS. */
const LARGEST_PREFIX = 16;
/** Prefix length of the smallest network, by number of zones. */
const PREFIX_BY_ZONES: Readonly<Record<number, number>> = { 2: 23, 3: 22, 4: 22, 5: 21 };

/** A range that the Kong network must not overlap, with its name in errors. */
export interface NeighborRange {
  readonly name: string;
  readonly cidr: string;
}

/** Rules for the range of a Kong network. */
export interface KongCidrRules {
  /** Number of availability zones of the network. */
  readonly zoneCount: number;
  /** @default - none */
  readonly neighbors?: readonly NeighborRange[];
  /** Ranges that may contain it, if Konnect lists them for the region. @default - those that Kong documents */
  readonly allowed?: readonly string[];
  /** Ranges used by Kong's own clusters, if Konnect lists them for the region. @default - those that Kong documents */
  readonly reserved?: readonly string[];
}

/**
 * Returns all problems of a Kong network's range, or an empty list. The range is immutable once the network exists, and the
 * only symptom of an overlap is lost packets.
 * @param property name of the range in errors: `kongCidr`, `--kong-cidr`
 */
export function kongCidrRefusals(property: string, cidr: string, rules: KongCidrRules): readonly Refusal[] {
  const malformed = cidrRefusal(property, cidr);
  if (malformed !== undefined) return [malformed];
  const about = { property, value: cidr };
  return [...placeRefusals(about, rules), ...sizeRefusals(about, rules), ...overlapRefusals(about, rules)];
}

/** The range that a refusal refers to. */
interface Range {
  readonly property: string;
  readonly value: string;
}

function placeRefusals(range: Range, { allowed = ALLOWED }: KongCidrRules): Refusal[] {
  if (allowed.some((outer) => cidrWithin(range.value, outer))) return [];
  return [
    {
      ...range,
      problem: 'is not supported by Kong',
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
        problem: 'is not a number of zones that Kong supports',
        allowed: Object.keys(PREFIX_BY_ZONES).join(', '),
        remedy: 'use the number of availability zones of the Kong network',
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

function overlapRefusals(range: Range, { neighbors = [], reserved = KONG_RESERVED_CIDRS }: KongCidrRules): Refusal[] {
  const usedRanges = [...reserved.map((cidr) => ({ name: 'Kong itself', cidr })), ...neighbors];
  return usedRanges
    .filter(({ cidr }) => cidrsOverlap(cidr, range.value))
    .map(({ name, cidr }) => ({
      ...range,
      problem: `overlaps ${cidr} of ${name}`,
      allowed: 'a range that is not in use',
      remedy: 'choose another range for the Kong network, or for the VPC',
    }));
}
