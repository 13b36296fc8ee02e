import { gpuInstanceType, gpuInstanceTypeNames, type GpuInstanceType } from '../catalogue/gpu-instance-type';
import { checkInteger } from '../check-integer';
import { checkObject } from '../check-object';
import { checkProps, either, NUMBER, OBJECT, type Shape, shapeOf, TEXT } from '../check-props';
import { ValidationError } from '../errors';
import type { Fit, ModelFit } from './fit-result';
import { fitWarnings } from './fit-warnings';
import { fitProblem, fitRemedy } from './fit-words';
import { checkPerformance } from './gp3';
import { conversationMemory } from './host-memory';
import { CELLS_STEP, checkKvCacheType, type KvCacheType } from './kv-cache';
import { coldLoadSeconds, type ModelDisk, pullSeconds } from './load-time';
import { volumePerformance } from './model-volume';
import { once } from './once';
import { place, type Placement, used } from './placement';
import { serverMemoryMiB } from './pod-resources';
import { contextLimit, minContext, type OllamaModel, type ServedModel } from './served-model';
import { servedModels } from './served-models';

/** Options of a fit. */
export interface FitOptions {
  /**
   * GPUs per server.
   * @default - the smallest divisor of the instance type's GPUs that fits the models; all GPUs if none does
   */
  readonly gpus?: number;
  /**
   * Type of the KV cache.
   * @default 'f16'
   */
  readonly kvCacheType?: KvCacheType;
  /**
   * Performance of the gp3 volume with the models, or `instance-store` if they are on the node's own NVMe disks.
   * @default - what `modelVolume` returns for the instance type
   */
  readonly volume?: ModelDisk;
  /**
   * Properties that errors name, if the user set the values in other properties.
   * @default - the parameters of `fit`
   */
  readonly properties?: FitProperties;
}

/** Properties in which the user set the input of a fit, each with its path: `gpu.gpusPerReplica`. */
export interface FitProperties {
  /** @default 'models' */
  readonly models?: string;
  /** @default 'instance' */
  readonly instance?: string;
  /** @default 'gpus' */
  readonly gpus?: string;
  /** @default 'kvCacheType' */
  readonly kvCacheType?: string;
  /** @default 'volume' */
  readonly volume?: string;
}

/** What each option must be, for callers without types. */
const OPTIONS: Shape<FitOptions> = {
  gpus: NUMBER,
  kvCacheType: TEXT,
  volume: either(OBJECT, TEXT),
  properties: shapeOf<FitProperties>({ models: TEXT, instance: TEXT, gpus: TEXT, kvCacheType: TEXT, volume: TEXT }),
};

/**
 * Returns whether the models fit the GPUs of an instance type, all loaded at the same time by one server.
 *
 * Each GPU must hold its share of weights and KV cache, a compute buffer, a CUDA context per model, and llama.cpp's margin.
 * @throws ValidationError if a model, an option or the instance type is not valid, but not if the models do not fit
 */
export function fit(
  models: OllamaModel | readonly OllamaModel[],
  instance: string | GpuInstanceType,
  options: FitOptions = {},
): Fit {
  checkObject(options, 'options', `an object with ${Object.keys(OPTIONS).join(', ')}`);
  checkProps(options, OPTIONS);
  const { kvCacheType = 'f16', properties = {} } = options;
  const served = servedModels(models, properties.models);
  const type = gpuInstanceType(instance, properties.instance ?? 'instance');
  checkOptions(options, served, type);
  const placement = placeOn(served, type, kvCacheType, options.gpus);
  const volume = options.volume ?? volumePerformance(type, served);
  const gpus = placement.perGpu.length;
  // The searches take longer than all the rest, and few callers read their results.
  const smallest = once(() => smallestInstance(served, kvCacheType));
  const holds = (changed: readonly ServedModel[]) => placeOn(changed, type, kvCacheType, options.gpus).holds;
  return {
    fits: placement.holds,
    reason: placement.holds ? undefined : fitProblem(placement, type),
    instance: type,
    kvCacheType,
    gpus,
    spread: placement.models.some((model) => model.gpus > 1),
    schedSpread: placement.schedSpread,
    models: placement.models.map((model, index) => {
      const largest = once(() => largestContext(served, index, holds));
      return {
        ...model,
        get largestContextLength() {
          return largest();
        },
      };
    }),
    perGpu: placement.perGpu,
    usedBytes: placement.perGpu.reduce((sum, gpu) => sum + used(gpu), 0),
    freeBytes: placement.perGpu.reduce((sum, gpu) => sum + gpu.freeBytes, 0),
    warnings: fitWarnings(placement, type, volume),
    coldLoadSeconds: coldLoadSeconds(served, volume, type),
    pullSeconds: pullSeconds(served, volume, type),
    hostMemoryMiB: conversationMemory(served, kvCacheType, serverMemoryMiB(type)).totalMiB,
    get smallestInstance() {
      return smallest();
    },
  };
}

/**
 * Does the same as `fit`, but throws an error if the models do not fit.
 * @throws ValidationError that names the cheapest instance type and the largest contexts that fit
 */
export function requireFit(
  models: OllamaModel | readonly OllamaModel[],
  instance: string | GpuInstanceType,
  options: FitOptions = {},
): Fit {
  const result = fit(models, instance, options);
  if (!result.fits) {
    throw new ValidationError({
      property: options.properties?.models ?? 'models',
      value: result.models.map(({ model: { name, contextLength, parallel } }) => ({ name, contextLength, parallel })),
      problem: result.reason ?? 'do not fit',
      allowed: result.models.map((model) => describeLargest(model, result)).join('; '),
      remedy: fitRemedy(result, {
        moreGpus: fit(models, instance, { ...options, gpus: undefined }).fits,
        lessContext: minimumFits(result),
      }),
    });
  }
  return result;
}

function describeLargest({ model, largestContextLength }: ModelFit, { instance, models }: Fit): string {
  const nextToOthers = models.length > 1 ? ' next to the other models' : '';
  return largestContextLength === 0
    ? `no context of ${model.name} fits ${instance.name}${nextToOthers}`
    : `contextLength up to ${largestContextLength} for ${model.name} with parallel ${model.parallel} on ${instance.name}${nextToOthers}`;
}

/** Whether the models fit with their minimum context and one request at a time. If not, the weights alone are too large. */
function minimumFits({ models, instance, kvCacheType, gpus }: Fit): boolean {
  const minimum = models.map(({ model }) => ({ ...model, contextLength: minContext(model.figures), parallel: 1 }));
  return placeOn(minimum, instance, kvCacheType, gpus).holds;
}

function checkOptions(options: FitOptions, models: readonly ServedModel[], type: GpuInstanceType): void {
  const { gpus, kvCacheType, volume, properties = {} } = options;
  if (gpus !== undefined) {
    checkInteger(properties.gpus ?? 'gpus', gpus, {
      min: 1,
      max: type.gpuCount,
      problem: `is not a valid number of GPUs for a server on ${type.name}`,
      remedy: 'leave it out for the smallest number that fits the models',
    });
  }
  if (kvCacheType !== undefined) {
    checkKvCacheType(kvCacheType, models, properties.kvCacheType ?? 'kvCacheType');
  }
  checkDisk(volume, type, properties.volume ?? 'volume');
}

function checkDisk(disk: ModelDisk | undefined, type: GpuInstanceType, property: string): void {
  if (disk === 'instance-store' && type.instanceStoreGB === 0) {
    throw new ValidationError({
      property,
      value: disk,
      problem: `is not supported: ${type.name} has no local NVMe disks`,
      allowed: 'iops and throughput of a gp3 volume',
      remedy: 'leave it out, or choose an instance type with an instance store',
    });
  }
  if (disk !== undefined && disk !== 'instance-store') {
    checkPerformance(disk, property);
  }
}

/** Places the models on that number of GPUs; by default on the smallest number that fits them, or else on all. */
function placeOn(
  models: readonly ServedModel[],
  type: GpuInstanceType,
  kvCache: KvCacheType,
  gpus?: number,
): Placement {
  const counts = Array.from({ length: type.gpuCount }, (_, index) => index + 1);
  const candidates = gpus === undefined ? counts.filter((count) => type.gpuCount % count === 0) : [gpus];
  let placement = place(models, type.gpu, candidates[0] ?? 1, kvCache);
  for (const count of candidates.slice(1)) {
    if (placement.holds) {
      break;
    }
    placement = place(models, type.gpu, count, kvCache);
  }
  return placement;
}

/**
 * Returns the largest context of one model while the others are unchanged. It is a binary search, since a larger context never
 * needs less memory.
 */
function largestContext(
  models: readonly ServedModel[],
  index: number,
  holds: (changed: readonly ServedModel[]) => boolean,
): number {
  const model = models[index] as ServedModel;
  const min = minContext(model.figures);
  const limit = contextLimit(model.figures, model.parallel);
  const fitsWith = (contextLength: number): boolean =>
    holds(models.map((one) => (one === model ? { ...one, contextLength } : one)));
  if (limit >= min && fitsWith(limit)) {
    return limit;
  }
  let [low, high] = [0, Math.ceil(limit / CELLS_STEP)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    [low, high] = fitsWith(middle * CELLS_STEP) ? [middle, high] : [low, middle];
  }
  return low * CELLS_STEP >= min ? low * CELLS_STEP : 0;
}

/** Listed on-demand instance types, the cheapest first; created on first use. */
let onDemand: readonly GpuInstanceType[] | undefined;

/** Returns the cheapest listed on-demand instance type that the models fit on. */
function smallestInstance(models: readonly ServedModel[], kvCacheType: KvCacheType): GpuInstanceType | undefined {
  onDemand ??= gpuInstanceTypeNames()
    .map((name) => gpuInstanceType(name))
    .filter(({ pricePerHour }) => pricePerHour !== undefined)
    .sort((a, b) => (a.pricePerHour ?? 0) - (b.pricePerHour ?? 0));
  return onDemand.find((type) => placeOn(models, type, kvCacheType).holds);
}
