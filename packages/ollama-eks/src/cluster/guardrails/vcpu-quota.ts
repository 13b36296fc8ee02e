/**
 * vCPU quotas of running instances: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
 * of Spot Instances: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html
 */
import type { GpuPool } from '../nodes/gpu-pool';

/** A quota of the account and region, and how many of its vCPUs the pools need. */
export interface VcpuQuota {
  /** Code in Service Quotas. */
  readonly code: string;
  /** Name in Service Quotas. */
  readonly name: string;
  /**
   * vCPUs that the quota must allow: of all nodes that the replicas need, or of the largest single pool if that is more. Pools
   * on standby replace another pool, so they are not added.
   */
  readonly vcpus: number;
  /** Names of the pools that the quota applies to. */
  readonly pools: readonly string[];
}

type VcpuQuotaName = Pick<VcpuQuota, 'code' | 'name'>;

const ON_DEMAND = {
  g: { code: 'L-DB2E81BA', name: 'Running On-Demand G and VT instances' },
  p: { code: 'L-417A185B', name: 'Running On-Demand P instances' },
};
const G_SPOT = { code: 'L-3819A6DF', name: 'All G and VT Spot Instance Requests' };
/** Spot quotas of P types, by generation: no quota covers all. */
const P_SPOT: readonly (VcpuQuotaName & { readonly generations: readonly string[] })[] = [
  { generations: ['2', '3', '4'], code: 'L-7212CCBC', name: 'All P4, P3 and P2 Spot Instance Requests' },
  { generations: ['5'], code: 'L-C4BD4855', name: 'All P5 Spot Instance Requests' },
];

/** Properties of a pool that determine its quota and how much of it the pool needs. */
export type QuotaPool = Pick<GpuPool, 'name' | 'nodes' | 'maxSize' | 'instance'> & {
  readonly capacity: Pick<GpuPool['capacity'], 'kind'>;
};

/**
 * Returns the quotas that apply to the pools, and how much of each they need. Capacity Blocks have no quota. Spot requests of P
 * types after P5 have an unknown quota and are omitted.
 */
export function vcpuQuotas(pools: readonly QuotaPool[]): readonly VcpuQuota[] {
  const codes = [...new Set(pools.map((pool) => quotaOf(pool)?.code))];
  return codes.flatMap((code) => {
    const under = pools.filter((pool) => quotaOf(pool)?.code === code);
    const quota = under[0] && quotaOf(under[0]);
    if (quota === undefined) return [];
    const together = under.reduce((sum, { nodes, instance }) => sum + nodes * instance.vcpus, 0);
    const largest = Math.max(...under.map(({ maxSize, instance }) => maxSize * instance.vcpus));
    return [{ ...quota, vcpus: Math.max(together, largest), pools: under.map(({ name }) => name) }];
  });
}

function quotaOf({ instance, capacity }: QuotaPool): VcpuQuotaName | undefined {
  if (capacity.kind === 'CAPACITY_BLOCK') return undefined;
  const [, family, generation = ''] = /^(g|p)r?(\d+)/.exec(instance.name) ?? [];
  if (family !== 'g' && family !== 'p') return undefined;
  if (capacity.kind !== 'SPOT') return ON_DEMAND[family];
  if (family === 'g') return G_SPOT;
  const quota = P_SPOT.find(({ generations }) => generations.includes(generation));
  return quota && { code: quota.code, name: quota.name };
}
