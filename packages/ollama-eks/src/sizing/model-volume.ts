import { gpuInstanceType, type GpuInstanceType } from '../catalogue/gpu-instance-type';
import { ValidationError } from '../errors';
import { checkGp3, ebsThroughput, GP3_LIMITS, type Gp3Volume, iopsFor } from './gp3';
import type { OllamaModel, ServedModel } from './served-model';
import { servedModels } from './served-models';
import { GIB, roundUp } from './units';

/** Own choices for the volume that holds the models. */
export interface ModelVolumeOverrides {
  /**
   * Size in GiB.
   * @default the models and the largest of them once more, for a pull of its next version, and 10 % for the file system; at least
   * 20, in steps of 10
   */
  readonly sizeGiB?: number;
  /**
   * Operations per second.
   * @default the fewest that `throughput` needs
   */
  readonly iops?: number;
  /**
   * Throughput in MiB/s.
   * @default what the instance type can move to and from EBS, 1000 at most
   */
  readonly throughput?: number;
}

/** Beyond this a single reader of Ollama gets little more (ollama/ollama issue 9720). */
const DEFAULT_THROUGHPUT = 1000;
const FILE_SYSTEM = 1.1;
const LEAST_SIZE_GIB = 20;
const SIZE_STEP_GIB = 10;

/**
 * The gp3 volume that holds the models.
 * @throws ValidationError for models that can't be served together, and for overrides that gp3 or the instance type can't do, or
 * that the models don't fit in
 */
export function modelVolume(
  models: OllamaModel | readonly OllamaModel[],
  instance: string | GpuInstanceType,
  overrides: ModelVolumeOverrides = {},
  property = 'modelVolume',
): Gp3Volume {
  const served = servedModels(models);
  const type = gpuInstanceType(instance);
  const volume = { ...volumeFor(served, type), ...given(overrides) };
  if (overrides.throughput !== undefined && overrides.iops === undefined) {
    volume.iops = iopsFor(overrides.throughput);
  }
  checkGp3(volume, type, property);
  checkSize(volume, served, property);
  return volume;
}

/** The volume that the models and the instance type ask for. */
export function volumeFor(models: readonly ServedModel[], instance: GpuInstanceType): Gp3Volume {
  const sizes = models.map(({ figures }) => figures.bytes);
  const bytes = (sum(sizes) + Math.max(...sizes)) * FILE_SYSTEM;
  const sizeGiB = Math.max(LEAST_SIZE_GIB, roundUp(bytes / GIB, SIZE_STEP_GIB));
  const throughput = Math.max(GP3_LIMITS.throughput.min, Math.min(DEFAULT_THROUGHPUT, ebsThroughput(instance)));
  return { sizeGiB, iops: iopsFor(throughput), throughput };
}

function checkSize({ sizeGiB }: Gp3Volume, models: readonly ServedModel[], property: string): void {
  const least = Math.ceil((sum(models.map(({ figures }) => figures.bytes)) * FILE_SYSTEM) / GIB);
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

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
