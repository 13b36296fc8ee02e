import type { GpuInstanceType } from '../../catalogue/gpu-instance-type';
import { ValidationError } from '../../errors';
import { ebsThroughput } from '../../sizing/gp3';
import type { RequestedPool } from './gpu-pool-checks';
import type { RootVolume } from './root-volume';

/**
 * MiB/s below which pulls may take longer with the feature than without. nodeadm also ignores it below 4 vCPUs and 7 GiB of
 * memory, which no supported instance type has.
 * @see https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/doc/examples.md#enabling-fast-image-pull-experimental
 */
const LEAST_THROUGHPUT = 600;

/** Refuses `fastImagePull` where nodes do not know it, or where it would slow them down. */
export function checkFastImagePull(
  { amiFamily, localStorage }: Pick<RequestedPool, 'amiFamily' | 'localStorage'>,
  { throughput }: RootVolume,
  instance: GpuInstanceType,
  property: string,
): void {
  const refused = { property: `${property}.fastImagePull`, value: true };
  if (amiFamily === 'BOTTLEROCKET') {
    throw new ValidationError({
      ...refused,
      problem: 'is a feature of nodeadm, which Bottlerocket does not have',
      allowed: 'false with Bottlerocket',
      remedy: 'omit it, or use AL2023',
    });
  }
  if (localStorage === 'RAID0' || throughput >= LEAST_THROUGHPUT) return;
  const limit = ebsThroughput(instance);
  throw new ValidationError({
    ...refused,
    problem: `may make pulls slower: the root volume has ${throughput} MiB/s`,
    allowed: `a root volume with at least ${LEAST_THROUGHPUT} MiB/s, or localStorage: 'RAID0'`,
    remedy:
      limit < LEAST_THROUGHPUT
        ? `omit it, or choose another type: ${instance.name} has at most ${limit} MiB/s to and from EBS`
        : 'omit it, or raise rootVolume.throughput',
  });
}
