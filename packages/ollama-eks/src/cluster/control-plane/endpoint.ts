/** Rules: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html */
import { cidrWithin, parseCidr } from '../../cidr';
import { ValidationError } from '../../errors';

/** How the Kubernetes API is reached. It always has a private endpoint in the VPC. */
export interface EndpointProps {
  /**
   * IPv4 ranges that reach the public endpoint: your own public addresses, as the internet sees them.
   * @default - there is no public endpoint
   */
  readonly publicCidrs?: readonly string[];
  /**
   * Must be true for `0.0.0.0/0`, or any range larger than a /8, in `publicCidrs`: whoever has a token gets in from anywhere.
   * @default false
   */
  readonly allowWorld?: boolean;
}

/** A range with a shorter prefix belongs to nobody alone; two of a /1 are the world. */
const SHORTEST_PREFIX = 8;
/**
 * Nobody calls from these over the internet; EKS refuses them ("The following CIDRs are not allowed in publicAccessCidrs").
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

/** Refuses ranges that aren't, those that nobody calls from, and the whole world unless it is asked for in so many words. */
export function checkEndpoint({ publicCidrs = [], allowWorld = false }: EndpointProps): void {
  publicCidrs.forEach((cidr, index) => {
    const property = `endpoint.publicCidrs[${index}]`;
    parseCidr(property, cidr);
    if (isWorld(cidr)) {
      if (allowWorld) return;
      throw new ValidationError({
        property,
        value: cidr,
        problem: 'opens the Kubernetes API to the world',
        allowed: `the ranges that you call from, none larger than a /${SHORTEST_PREFIX}`,
        remedy: 'name them, or set endpoint.allowWorld: true',
      });
    }
    const reserved = NOT_PUBLIC.find((range) => cidrWithin(cidr, range));
    if (reserved !== undefined) {
      throw new ValidationError({
        property,
        value: cidr,
        problem: `lies in ${reserved}, from which nobody calls over the internet: EKS refuses it`,
        allowed: 'public ranges that you call from',
        remedy: 'name the address that the internet sees you by; private ones reach the endpoint in the VPC anyway',
      });
    }
  });
}

/** Whether a range, in CIDR notation, is open to more or less everybody. */
export function isWorld(cidr: string): boolean {
  return Number(cidr.slice(cidr.indexOf('/') + 1)) < SHORTEST_PREFIX;
}
