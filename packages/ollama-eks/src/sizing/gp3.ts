/** Limits of gp3: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html#gp3-ebs-volume-type */
import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import { checkInteger } from '../check-integer';
import { checkObject } from '../check-object';
import { ValidationError } from '../errors';
import { bytesPerSecond, MIB } from './units';

/** Limits of a gp3 volume since September 2025. @see https://aws.amazon.com/about-aws/whats-new/2025/09/amazon-ebs-size-provisioned-performance-gp3-volumes/ */
export const GP3_LIMITS = {
  sizeGiB: { min: 1, max: 65_536 },
  iops: { min: 3000, max: 80_000, maxPerGiB: 500 },
  /** MiB/s, and MiB/s for each operation per second. */
  throughput: { min: 125, max: 2000, maxPerIops: 0.25 },
} as const;

/** What errors say about a figure that no gp3 volume supports. */
const MESSAGE = {
  problem: 'is not supported by gp3',
  remedy: 'correct it, or leave it out for a figure that suits the models and the instance type',
};

/** Performance of a gp3 volume. */
export interface VolumePerformance {
  /** Operations per second, 3000–80 000, at most 500 per GiB. */
  readonly iops: number;
  /** Throughput in MiB/s, 125–2000, at most 0.25 for each operation per second. */
  readonly throughput: number;
}

/** An EBS gp3 volume. */
export interface Gp3Volume extends VolumePerformance {
  /** Size in GiB, 1–65 536. */
  readonly sizeGiB: number;
}

/** Returns the maximum throughput of the instance type to and from EBS in MiB/s, rounded down. */
export function ebsThroughput(instance: GpuInstanceType): number {
  return Math.floor(bytesPerSecond(instance.ebsMbps) / MIB);
}

/** Returns the minimum number of operations per second that gp3 requires for that throughput in MiB/s. */
export function iopsFor(throughput: number): number {
  return Math.max(GP3_LIMITS.iops.min, Math.ceil(throughput / GP3_LIMITS.throughput.maxPerIops));
}

/** Returns the wanted throughput in MiB/s, or what gp3 supports with that number of operations per second if that is less. */
export function throughputFor(wanted: number, iops: number | undefined): number {
  const { min, maxPerIops } = GP3_LIMITS.throughput;
  return iops === undefined ? wanted : Math.min(wanted, Math.max(min, Math.floor(iops * maxPerIops)));
}

/**
 * Checks a volume against the limits of gp3 and of the instance type that it is attached to.
 * @throws ValidationError that names the figure
 */
export function checkGp3(volume: Gp3Volume, instance: GpuInstanceType | undefined, property: string): void {
  checkPerformance(volume, property);
  const { sizeGiB, iops, throughput } = volume;
  checkInteger(`${property}.sizeGiB`, sizeGiB, { ...GP3_LIMITS.sizeGiB, ...MESSAGE, unit: 'GiB' });
  if (iops > sizeGiB * GP3_LIMITS.iops.maxPerGiB && iops > GP3_LIMITS.iops.min) {
    throw new ValidationError({
      property: `${property}.iops`,
      value: iops,
      problem: `is more than gp3 supports for a volume of ${sizeGiB} GiB`,
      allowed: `at most ${Math.max(GP3_LIMITS.iops.min, sizeGiB * GP3_LIMITS.iops.maxPerGiB)}`,
      remedy: 'lower it, or choose a larger volume',
    });
  }
  if (throughput > iops * GP3_LIMITS.throughput.maxPerIops) {
    throw new ValidationError({
      property: `${property}.throughput`,
      value: throughput,
      problem: `is more than gp3 supports with ${iops} operations per second (0.25 MiB/s each)`,
      allowed: `at most ${Math.floor(iops * GP3_LIMITS.throughput.maxPerIops)} MiB/s`,
      remedy: `lower it, or set iops to ${iopsFor(throughput)}`,
    });
  }
  if (instance !== undefined && throughput > Math.max(ebsThroughput(instance), GP3_LIMITS.throughput.min)) {
    throw new ValidationError({
      property: `${property}.throughput`,
      value: throughput,
      problem: `is more than ${instance.name} can use: its limit is ${ebsThroughput(instance)} MiB/s to and from EBS`,
      allowed: `at most ${ebsThroughput(instance)} MiB/s`,
      remedy: 'lower it, or choose an instance type with a higher EBS limit',
    });
  }
}

/**
 * Checks the limits that apply to every gp3 volume, regardless of its size and its instance.
 * @throws ValidationError that names the figure
 */
export function checkPerformance(volume: VolumePerformance, property: string): void {
  checkObject(volume, property, 'an object with iops and throughput');
  checkInteger(`${property}.iops`, volume.iops, { ...GP3_LIMITS.iops, ...MESSAGE, unit: 'operations per second' });
  checkInteger(`${property}.throughput`, volume.throughput, { ...GP3_LIMITS.throughput, ...MESSAGE, unit: 'MiB/s' });
}
