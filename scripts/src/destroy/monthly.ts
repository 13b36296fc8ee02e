import {
  GIB,
  GP3_LIMITS,
  GP3_PER_GIB_MONTH,
  GP3_PER_IOPS_MONTH,
  GP3_PER_MIBPS_MONTH,
  HOURS_PER_MONTH,
  KMS_KEY_PER_MONTH,
  LOAD_BALANCER_PER_HOUR,
  LOG_PER_GB_MONTH,
  PUBLIC_IPV4_PER_HOUR,
  SNAPSHOT_PER_GIB_MONTH,
} from '@org/ollama-eks/pure';
import type { LogGroup, Snapshot, Volume } from '../systems/aws';

/** What things cost a month while nobody uses them, in USD at list prices. */
export const MONTHLY = {
  volume: ({ Size, Iops = GP3_LIMITS.iops.min, Throughput = GP3_LIMITS.throughput.min }: Volume): number =>
    Size * GP3_PER_GIB_MONTH +
    Math.max(0, Iops - GP3_LIMITS.iops.min) * GP3_PER_IOPS_MONTH +
    Math.max(0, Throughput - GP3_LIMITS.throughput.min) * GP3_PER_MIBPS_MONTH,
  snapshot: ({ VolumeSize }: Snapshot): number => VolumeSize * SNAPSHOT_PER_GIB_MONTH,
  address: PUBLIC_IPV4_PER_HOUR * HOURS_PER_MONTH,
  'load balancer': LOAD_BALANCER_PER_HOUR * HOURS_PER_MONTH,
  'log group': ({ storedBytes = 0 }: LogGroup): number => (storedBytes / GIB) * LOG_PER_GB_MONTH,
  key: KMS_KEY_PER_MONTH,
};

/** Formats an amount: `$3.65`. */
export function usd(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
