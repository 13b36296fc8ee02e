import { gpuInstanceType, type GpuInstanceType } from '../catalogue/gpu-instance-type';
import { checkProps, NUMBER, type Shape } from '../check-props';
import { ValidationError } from '../errors';
import {
  checkGp3,
  ebsThroughput,
  GP3_LIMITS,
  type Gp3Volume,
  iopsFor,
  throughputFor,
  type VolumePerformance,
} from './gp3';
import type { OllamaModel, ServedModel } from './served-model';
import { servedModels } from './served-models';
import { GIB, MIB, roundUp } from './units';

/** Own choices for the volume that holds the models. */
export interface ModelVolumeOverrides {
  /**
   * Size in GiB.
   * @default - 2.2 times the memory of the instance type's GPUs, rounded up to a power of two, at least 32: room for any models
   * that fit the GPUs, and again for a pull of their next version. The size does not depend on the models, unless they need more:
   * a volume cannot shrink, and another model must not need another volume
   */
  readonly sizeGiB?: number;
  /**
   * Operations per second.
   * @default - the minimum that `throughput` requires
   */
  readonly iops?: number;
  /**
   * Throughput in MiB/s.
   * @default - the EBS throughput of the instance type, at most 1000, or 2000 if the models are larger than 60 GB, and at most a quarter of
   * `iops`
   */
  readonly throughput?: number;
}

/** What each choice must be, for callers without types. */
const OVERRIDES: Shape<ModelVolumeOverrides> = { sizeGiB: NUMBER, iops: NUMBER, throughput: NUMBER };

/** MiB/s for models that load within about a minute, and for larger ones: for those, twice the rate saves minutes, for about 60 USD a month. */
const DEFAULT_THROUGHPUT = 1000;
const LARGE_MODELS_THROUGHPUT = GP3_LIMITS.throughput.max;
const LARGE_MODELS_BYTES = 60e9;
const FILE_SYSTEM = 1.1;
const MIN_VOLUME_GIB = 32;
const MIN_STORE_GIB = 20;
const STORE_STEP_GIB = 10;

/**
 * Returns the gp3 volume that holds the models.
 * @throws ValidationError for models that cannot be served together, and for overrides that gp3 or the instance type does not
 * support or that the models do not fit in
 */
export function modelVolume(
  models: OllamaModel | readonly OllamaModel[],
  instance: string | GpuInstanceType,
  overrides: ModelVolumeOverrides = {},
  property = 'modelVolume',
): Gp3Volume {
  checkProps(overrides, OVERRIDES, property);
  const served = servedModels(models);
  const type = gpuInstanceType(instance);
  const volume = { sizeGiB: volumeSizeGiB(served, type), ...volumePerformance(type, served), ...given(overrides) };
  if (overrides.throughput === undefined) {
    volume.throughput = throughputFor(volume.throughput, overrides.iops);
  } else if (overrides.iops === undefined) {
    volume.iops = iopsFor(overrides.throughput);
  }
  checkGp3(volume, type, property);
  checkSize(volume.sizeGiB, served, property);
  return volume;
}

/** Returns the size in GiB that an instance type requires, whichever models fit its GPUs. */
export function volumeSizeGiB(models: readonly ServedModel[], { gpu, gpuCount }: GpuInstanceType): number {
  const gpuMemory = gpuCount * gpu.memoryMiB * MIB;
  const bytes = Math.max(2 * gpuMemory * FILE_SYSTEM, roomForUpdate(models));
  return Math.max(MIN_VOLUME_GIB, 2 ** Math.ceil(Math.log2(bytes / GIB)));
}

/** Returns the performance of the volume that models need and that an instance type can use. */
export function volumePerformance(instance: GpuInstanceType, models: readonly ServedModel[]): VolumePerformance {
  const wanted = totalBytes(models) > LARGE_MODELS_BYTES ? LARGE_MODELS_THROUGHPUT : DEFAULT_THROUGHPUT;
  const throughput = Math.max(GP3_LIMITS.throughput.min, Math.min(wanted, ebsThroughput(instance)));
  return { iops: iopsFor(throughput), throughput };
}

/**
 * Returns the space in GiB that models use on the node's own disks: the given size, or enough for the models and a second copy
 * of the largest, in steps of 10, at least 20.
 * @throws ValidationError for a size that the models do not fit in
 */
export function modelStoreGiB(
  models: OllamaModel | readonly OllamaModel[],
  sizeGiB: number | undefined,
  property: string,
): number {
  const served = servedModels(models);
  if (sizeGiB !== undefined) checkSize(sizeGiB, served, property);
  return sizeGiB ?? Math.max(MIN_STORE_GIB, roundUp(roomForUpdate(served) / GIB, STORE_STEP_GIB));
}

/** Bytes of the models and of a second copy of the largest, for a pull of its next version. */
function roomForUpdate(models: readonly ServedModel[]): number {
  const largest = Math.max(...models.map(({ figures }) => figures.bytes));
  return (totalBytes(models) + largest) * FILE_SYSTEM;
}

function checkSize(sizeGiB: number, models: readonly ServedModel[], property: string): void {
  const least = Math.ceil((totalBytes(models) * FILE_SYSTEM) / GIB);
  if (sizeGiB < least) {
    throw new ValidationError({
      property: `${property}.sizeGiB`,
      value: sizeGiB,
      problem: 'is too small for the models',
      allowed: `at least ${least} GiB`,
      remedy: 'leave it out, or leave room for the next version of a model too',
    });
  }
}

/** The overrides that have a value: one that is undefined must not hide what was derived. */
function given(overrides: ModelVolumeOverrides): Partial<Gp3Volume> {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}

/** Returns the bytes of all files of the models. */
export function totalBytes(models: readonly ServedModel[]): number {
  return models.reduce((sum, { figures }) => sum + figures.bytes, 0);
}
