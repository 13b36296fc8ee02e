import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import type { Gp3Volume } from './gp3';
import type { OllamaModel } from './served-model';

/** Own choices for the volume. */
export interface ModelVolumeOverrides {
  /** @default from the models */
  readonly sizeGiB?: number;
  /** @default what `throughput` needs */
  readonly iops?: number;
  /** MiB/s. @default what the instance type can use, 1000 at most */
  readonly throughput?: number;
}

/** The volume that holds the models. */
export declare function modelVolume(
  models: OllamaModel | readonly OllamaModel[],
  instance: string | GpuInstanceType,
  overrides?: ModelVolumeOverrides,
  property?: string,
): Gp3Volume;
