/** Limits of gp3: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html#gp3-ebs-volume-type */
import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import { checkObject } from '../check-object';
import { ValidationError } from '../errors';
import { bytesPerSecond, MIB } from './units';

/** Limits of a gp3 volume since September 2025. @see https://aws.amazon.com/about-aws/whats-new/2025/09/amazon-ebs-size-provisioned-performance-gp3-volumes/ */
export const GP3_LIMITS = {
  sizeGiB: { least: 1, most: 65_536 },
  iops: { least: 3000, most: 80_000, mostPerGiB: 500 },
  /** MiB/s, and MiB/s per operation a second. */
  throughput: { least: 125, most: 2000, mostPerIops: 0.25 },
} as const;

/** Performance of a gp3 volume. */
export interface VolumePerformance {
  /** Operations per second, 3000–80 000, at most 500 per GiB. */
  readonly iops: number;
  /** Throughput in MiB/s, 125–2000, at most 0.25 per operation a second. */
  readonly throughput: number;
}

/** An EBS gp3 volume. */
export interface Gp3Volume extends VolumePerformance {
  /** Size in GiB, 1–65 536. */
  readonly sizeGiB: number;
}

/** MiB/s that the instance type can move to and from EBS, rounded down. */
export function ebsThroughput(instance: GpuInstanceType): number {
  return Math.floor(bytesPerSecond(instance.ebsMbps) / MIB);
}

/** Least operations a second that gp3 wants for that throughput in MiB/s. */
export function iopsFor(throughput: number): number {
  return Math.max(GP3_LIMITS.iops.least, Math.ceil(throughput / GP3_LIMITS.throughput.mostPerIops));
}

/**
 * Refuses what gp3, or the instance type that the volume is attached to, can't do.
 * @throws ValidationError naming the figure
 */
export function checkGp3(volume: Gp3Volume, instance: GpuInstanceType | undefined, property: string): void {
  checkPerformance(volume, property);
  const { sizeGiB, iops, throughput } = volume;
  checkRange(`${property}.sizeGiB`, sizeGiB, GP3_LIMITS.sizeGiB, 'GiB');
  if (iops > sizeGiB * GP3_LIMITS.iops.mostPerGiB && iops > GP3_LIMITS.iops.least) {
    throw new ValidationError({
      property: `${property}.iops`,
      value: iops,
      problem: `is more than gp3 gives a volume of ${sizeGiB} GiB`,
      allowed: `at most ${Math.max(GP3_LIMITS.iops.least, sizeGiB * GP3_LIMITS.iops.mostPerGiB)}`,
      remedy: 'lower it or make the volume larger',
    });
  }
  if (throughput > iops * GP3_LIMITS.throughput.mostPerIops) {
    throw new ValidationError({
      property: `${property}.throughput`,
      value: throughput,
      problem: `is more than gp3 gives ${iops} operations a second (0.25 MiB/s each)`,
      allowed: `at most ${Math.floor(iops * GP3_LIMITS.throughput.mostPerIops)} MiB/s`,
      remedy: `lower it or set iops to ${iopsFor(throughput)}`,
    });
  }
  if (instance !== undefined && throughput > Math.max(ebsThroughput(instance), GP3_LIMITS.throughput.least)) {
    throw new ValidationError({
      property: `${property}.throughput`,
      value: throughput,
      problem: `is paid for in vain: ${instance.name} moves no more than ${ebsThroughput(instance)} MiB/s to and from EBS`,
      allowed: `at most ${ebsThroughput(instance)} MiB/s`,
      remedy: 'lower it or choose an instance type with a larger EBS limit',
    });
  }
}

/**
 * Refuses figures that no gp3 volume has, whatever its size and the instance that it is attached to.
 * @throws ValidationError naming the figure
 */
export function checkPerformance(volume: VolumePerformance, property: string): void {
  checkObject(volume, property, 'an object with iops and throughput');
  checkRange(`${property}.iops`, volume.iops, GP3_LIMITS.iops, 'operations a second');
  checkRange(`${property}.throughput`, volume.throughput, GP3_LIMITS.throughput, 'MiB/s');
}

function checkRange(
  property: string,
  value: number,
  range: { readonly least: number; readonly most: number },
  unit: string,
): void {
  if (!Number.isInteger(value) || value < range.least || value > range.most) {
    throw new ValidationError({
      property,
      value,
      problem: 'is not what gp3 can have',
      allowed: `an integer from ${range.least} to ${range.most} (${unit}), known at synth`,
      remedy: 'correct it, or leave it out for a figure that goes with the models and the instance type',
    });
  }
}
