import { createHash } from 'node:crypto';

/** Length of the digest that distinguishes shortened names. */
const DIGEST_LENGTH = 6;

/**
 * Returns `base-suffix`, within the length limit of a service. If it is too long, the base is shortened and gets a digest of
 * the full name, so that the name is known at synth and always the same.
 */
export function staticName(base: string, suffix: string, limit: number): string {
  const name = `${base}-${suffix}`;
  if (name.length <= limit) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, DIGEST_LENGTH);
  const room = limit - suffix.length - digest.length - 2;
  return `${base.slice(0, room).replace(/-+$/, '')}-${digest}-${suffix}`;
}

/** Prefixes that AWS reserves: for load balancers and for security groups. */
const RESERVED = /^(internal|sg)(-|$)/;

/**
 * Converts a cluster's name to a prefix of names in EC2 and Elastic Load Balancing. They allow hyphens but not underscores,
 * and reserve some prefixes that EKS allows; these names get the prefix `cluster-`.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (Name)
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html (GroupName)
 */
export function baseOf(clusterName: string): string {
  const base = clusterName.replace(/_/g, '-');
  return RESERVED.test(base) ? `cluster-${base}` : base;
}
