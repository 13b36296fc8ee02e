import { createHash } from 'node:crypto';

/** Characters of the digest that tells shortened names apart. */
const DIGEST_LENGTH = 6;

/**
 * `base-suffix`, within a service's limit: a base that is too long is cut and told apart by a digest of the whole, so
 * that the name is known at synth and the same every time.
 */
export function staticName(base: string, suffix: string, limit: number): string {
  const name = `${base}-${suffix}`;
  if (name.length <= limit) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, DIGEST_LENGTH);
  const room = limit - suffix.length - digest.length - 2;
  return `${base.slice(0, room).replace(/-+$/, '')}-${digest}-${suffix}`;
}

/** How AWS lets no name begin: of a load balancer, and of a security group. */
const RESERVED = /^(internal|sg)(-|$)/;

/**
 * A cluster's name as the beginning of names in EC2 and Elastic Load Balancing, which take hyphens where EKS takes
 * underscores, and refuse beginnings that EKS takes: `cluster-` is put before those.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (Name)
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html (GroupName)
 */
export function baseOf(clusterName: string): string {
  const base = clusterName.replace(/_/g, '-');
  return RESERVED.test(base) ? `cluster-${base}` : base;
}
