/** vCPU quotas of running instances: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html */
import type { GpuPool } from './gpu-pool';

/** A quota of the account and region, in vCPUs, and what the pools want of it. */
export interface VcpuQuota {
  /** Code in Service Quotas. */
  readonly code: string;
  /** Name in Service Quotas. */
  readonly name: string;
  /** vCPUs of all pools under this quota, at their largest. */
  readonly vcpus: number;
  /** Names of those pools. */
  readonly pools: readonly string[];
}

const QUOTAS = {
  g: {
    onDemand: { code: 'L-DB2E81BA', name: 'Running On-Demand G and VT instances' },
    spot: { code: 'L-3819A6DF', name: 'All G and VT Spot Instance Requests' },
  },
  p: {
    onDemand: { code: 'L-417A185B', name: 'Running On-Demand P instances' },
    spot: { code: 'L-7212CCBC', name: 'All P4, P3 and P2 Spot Instance Requests' },
  },
} as const;

/** The quotas that pools fall under, with what they want at their largest. Capacity Blocks have none. */
export function vcpuQuotas(pools: readonly GpuPool[]): readonly VcpuQuota[] {
  const quotas = new Map<string, VcpuQuota>();
  for (const pool of pools) {
    const quota = quotaOf(pool);
    if (quota === undefined) continue;
    const before = quotas.get(quota.code);
    quotas.set(quota.code, {
      ...quota,
      vcpus: (before?.vcpus ?? 0) + pool.maxSize * pool.instance.vcpus,
      pools: [...(before?.pools ?? []), pool.name],
    });
  }
  return [...quotas.values()];
}

function quotaOf({ instance, capacity }: GpuPool) {
  if (capacity.kind === 'CAPACITY_BLOCK') return undefined;
  const family = /^(gr?|p)\d/.exec(instance.name)?.[1]?.charAt(0);
  if (family !== 'g' && family !== 'p') return undefined;
  return QUOTAS[family][capacity.kind === 'SPOT' ? 'spot' : 'onDemand'];
}
