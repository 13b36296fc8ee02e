/** Rules: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html */
import { cidrWithin, parseCidr } from '../../cidr';
import { ValidationError } from '../../errors';

/** Access to the Kubernetes API, which always has a private endpoint in the VPC. Changed in place. */
export interface EndpointProps {
  /**
   * IPv4 ranges that can reach the public endpoint: your own public addresses, as seen from the internet. A change that removes a range
   * cuts off its addresses at once, also in the middle of a deployment from there.
   * @default - there is no public endpoint
   */
  readonly publicCidrs?: readonly string[];
  /**
   * Whether `publicCidrs` may contain `0.0.0.0/0` or another range larger than a /8: anyone with a token can then access the API
   * from anywhere.
   * @default false
   */
  readonly allowWorld?: boolean;
}

/** No organization owns a range with a shorter prefix; two /1 ranges cover the whole internet. */
const SHORTEST_PREFIX = 8;
/**
 * Ranges that do not appear as source addresses on the internet; EKS refuses them ("The following CIDRs are not allowed in publicAccessCidrs").
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
 */
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** Refuses invalid ranges, ranges that are not public, and the whole internet unless `allowWorld` is set. */
export function checkEndpoint({ publicCidrs = [], allowWorld = false }: EndpointProps): void {
  publicCidrs.forEach((cidr, index) => {
    const property = `endpoint.publicCidrs[${index}]`;
    parseCidr(property, cidr);
    if (isWorld(cidr)) {
      if (allowWorld) return;
      throw new ValidationError({
        property,
        value: cidr,
        problem: 'opens the Kubernetes API to the whole internet',
        allowed: `ranges that you call from, none larger than a /${SHORTEST_PREFIX}`,
        remedy: 'narrow the range, or set endpoint.allowWorld: true',
      });
    }
    const reserved = NOT_PUBLIC.find((range) => cidrWithin(cidr, range));
    if (reserved !== undefined) {
      throw new ValidationError({
        property,
        value: cidr,
        problem: `is in ${reserved}, which is not public: EKS refuses it`,
        allowed: 'public ranges that you call from',
        remedy: 'use your public address; private addresses use the endpoint in the VPC',
      });
    }
  });
}

/** Returns whether a range, in CIDR notation, covers much of the internet. */
export function isWorld(cidr: string): boolean {
  return Number(cidr.slice(cidr.indexOf('/') + 1)) < SHORTEST_PREFIX;
}
