import type { GpuInstanceType } from '../catalogue/gpu-instance-type';

/** An EBS gp3 volume. */
export interface Gp3Volume {
  /** Size in GiB. */
  readonly sizeGiB: number;
  /** Operations per second, 3000–80 000. */
  readonly iops: number;
  /** Throughput in MiB/s, 125–2000. */
  readonly throughput: number;
}

/** Refuses what EBS or the instance type can't do. */
export declare function checkGp3(volume: Gp3Volume, instance: GpuInstanceType | undefined, property: string): void;
