import { parseCidr } from '../cidr';
import { ValidationError } from '../errors';

/** How the Kubernetes API is reached. It always has a private endpoint in the VPC. */
export interface EndpointProps {
  /** IPv4 ranges that reach the public endpoint. @default - there is no public endpoint */
  readonly publicCidrs?: readonly string[];
  /** Must be true for `0.0.0.0/0` in `publicCidrs`: whoever has a token gets in from anywhere. @default false */
  readonly allowWorld?: boolean;
}

/** Refuses ranges that aren't, and the whole world unless it is asked for in so many words. */
export function checkEndpoint({ publicCidrs = [], allowWorld = false }: EndpointProps): void {
  publicCidrs.forEach((cidr, index) => {
    const property = `endpoint.publicCidrs[${index}]`;
    if (parseCidr(property, cidr).bitmask === 0 && !allowWorld) {
      throw new ValidationError({
        property,
        value: cidr,
        problem: 'opens the Kubernetes API to the world',
        allowed: 'the ranges that you call from',
        remedy: 'name them, or set endpoint.allowWorld: true',
      });
    }
  });
}
