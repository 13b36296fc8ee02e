/** Rules: https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
import { cidrsOverlap, cidrWithin, parseCidr } from '../../cidr';
import { ValidationError } from '../../errors';

/** What EKS chooses between when nothing is said. */
const DEFAULTS = ['172.20.0.0/16', '10.100.0.0/16'] as const;
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** The IPv4 range of Services: the one given, or the first of EKS's own that the VPC leaves free. */
export function serviceCidr(given: string | undefined, vpcCidr: string): string {
  if (given === undefined) return cidrsOverlap(DEFAULTS[0], vpcCidr) ? DEFAULTS[1] : DEFAULTS[0];
  const { bitmask } = parseCidr('serviceCidr', given);
  if (bitmask < 12 || bitmask > 24 || !PRIVATE_RANGES.some((range) => cidrWithin(given, range))) {
    throw new ValidationError({
      property: 'serviceCidr',
      value: given,
      problem: 'is no range that EKS takes',
      allowed: `/12 to /24 within ${PRIVATE_RANGES.join(', ')}`,
      remedy: 'choose such a range, or leave it out',
    });
  }
  if (cidrsOverlap(given, vpcCidr)) {
    throw new ValidationError({
      property: 'serviceCidr',
      value: given,
      problem: `overlaps the VPC’s ${vpcCidr}`,
      allowed: 'a range that neither the VPC nor a network behind it uses',
      remedy: 'choose another one, or leave it out',
    });
  }
  return given;
}
