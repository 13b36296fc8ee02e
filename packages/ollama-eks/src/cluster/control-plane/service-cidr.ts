/** Rules: https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
import { cidrsOverlap, cidrWithin, parseCidr } from '../../cidr';
import { ValidationError } from '../../errors';

/** Ranges from which EKS chooses by default. */
const DEFAULTS = ['172.20.0.0/16', '10.100.0.0/16'] as const;
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Returns the IPv4 range of Services: the user's, or the first default of EKS that does not overlap the VPC. */
export function serviceCidr(given: string | undefined, vpcCidr: string): string {
  if (given === undefined) return cidrsOverlap(DEFAULTS[0], vpcCidr) ? DEFAULTS[1] : DEFAULTS[0];
  const { bitmask } = parseCidr('serviceCidr', given);
  if (bitmask < 12 || bitmask > 24 || !PRIVATE_RANGES.some((range) => cidrWithin(given, range))) {
    throw new ValidationError({
      property: 'serviceCidr',
      value: given,
      problem: 'is not supported by EKS',
      allowed: `/12 to /24 within ${PRIVATE_RANGES.join(', ')}`,
      remedy: 'choose such a range, or omit it',
    });
  }
  if (cidrsOverlap(given, vpcCidr)) {
    throw new ValidationError({
      property: 'serviceCidr',
      value: given,
      problem: `overlaps the VPC’s ${vpcCidr}`,
      allowed: 'a range that neither the VPC nor a connected network uses',
      remedy: 'choose another range, or omit it',
    });
  }
  return given;
}
