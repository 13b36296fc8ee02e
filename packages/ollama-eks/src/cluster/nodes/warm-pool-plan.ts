import { checkInteger } from '../../check-integer';
import { type Refusal, refuser } from '../../errors';
import type { RequestedPool } from './gpu-pool-checks';
import type { WarmPool } from './warm-pool';

/** Sizes of the pool that its warm pool depends on, in nodes. */
interface Sizes {
  readonly nodes: number;
  readonly minSize: number;
  readonly maxSize: number;
}

/** Returns the warm pool of a pool with its defaults; undefined without one. Refuses what stopping a node would lose, or AWS does not support. */
export function planWarmPool(pool: RequestedPool, sizes: Sizes, property: string): WarmPool | undefined {
  const { warmPool } = pool;
  if (warmPool === undefined) return undefined;
  const refused = refusalOf(pool, sizes);
  if (refused !== undefined) refuser({ property: `${property}.warmPool`, value: warmPool })(refused);
  const { nodes, minSize, maxSize } = sizes;
  const capacity = warmPool.maxGroupPreparedCapacity ?? Math.max(nodes, minSize + 1);
  const range = { min: minSize + 1, max: maxSize, unit: 'nodes', remedy: 'correct it, or raise maxSize' };
  return {
    maxGroupPreparedCapacity: checkInteger(`${property}.warmPool.maxGroupPreparedCapacity`, capacity, range),
  };
}

type Refused = Pick<Refusal, 'problem' | 'allowed' | 'remedy'>;

function refusalOf(
  { capacity, amiFamily, localStorage }: RequestedPool,
  { minSize, maxSize }: Sizes,
): Refused | undefined {
  const remedy = 'omit it';
  if (capacity.kind !== 'ON_DEMAND') {
    const problem = {
      SPOT: 'is not supported with spot instances, which Auto Scaling cannot stop',
      CAPACITY_RESERVATION: 'saves nothing: a reservation is paid for whether its nodes run or not',
      CAPACITY_BLOCK: 'saves nothing: a Capacity Block is paid for whether its nodes run or not',
    }[capacity.kind];
    return { problem, allowed: 'a pool with Capacity.ON_DEMAND', remedy };
  }
  if (amiFamily === 'BOTTLEROCKET') {
    return {
      problem: 'is not supported with Bottlerocket: EKS does not reuse its nodes',
      allowed: 'a pool with AL2023',
      remedy: 'omit it, or use AL2023',
    };
  }
  if (localStorage !== undefined) {
    return {
      problem: 'would not keep anything: what is on the local disks is lost when a node is stopped',
      allowed: 'a pool whose containers and models are on EBS',
      remedy: 'omit it, or use an EBS cache and no localStorage',
    };
  }
  if (maxSize <= minSize) {
    return {
      problem: 'would be empty: minSize keeps as many nodes running as maxSize allows',
      allowed: 'a pool with minSize less than maxSize',
      remedy: 'omit it, or lower minSize',
    };
  }
  return undefined;
}
