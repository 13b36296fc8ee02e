import { gpuInstanceType, gpuInstanceTypeNames, type GpuInstanceType } from '../catalogue/gpu-instance-type';
import { ValidationError } from '../errors';
import type { Fit, ModelFit } from './fit-result';
import { fitWarnings } from './fit-warnings';
import { fitProblem, fitRemedy } from './fit-words';
import { checkPerformance } from './gp3';
import { hostMemoryMiB } from './host-memory';
import { CELLS_STEP, checkKvCacheType, type KvCacheType } from './kv-cache';
import { coldLoadSeconds, type ModelDisk, pullSeconds } from './load-time';
import { volumeFor } from './model-volume';
import { place, type Placement, used } from './placement';
import { contextLimit, leastContext, type OllamaModel, type ServedModel } from './served-model';
import { servedModels } from './served-models';

/** How the models are served. */
export interface FitOptions {
  /**
   * GPUs for one server.
   * @default the fewest of the instance type that hold the models (a divisor of its number); all where none does
   */
  readonly gpus?: number;
  /**
   * Type of the KV cache.
   * @default 'f16'
   */
  readonly kvCacheType?: KvCacheType;
  /**
   * Performance of the gp3 volume that holds the models; `instance-store` where the node's own NVMe disks do.
   * @default what `modelVolume` proposes for the instance type
   */
  readonly volume?: ModelDisk;
  /**
   * Properties that errors name, where the user wrote them elsewhere.
   * @default those of `fit`
   */
  readonly properties?: FitProperties;
}

/** Where the user wrote what a fit is made from, each with its path: `gpu.gpusPerReplica`. */
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

/**
 * Tells whether the models fit the GPUs of an instance type, all loaded at the same time by one server.
 *
 * Each GPU must hold its share of weights and KV cache, a compute buffer, a CUDA context per model, and llama.cpp's margin.
 * @throws ValidationError for models, options or an instance type that can't be; not where the models don't fit
 */
export function fit(
  models: OllamaModel | readonly OllamaModel[],
  instance: string | GpuInstanceType,
  options: FitOptions = {},
): Fit {
  const { kvCacheType = 'f16', properties = {} } = options;
  const served = servedModels(models, properties.models);
  const type = gpuInstanceType(instance, properties.instance ?? 'instance');
  checkOptions(options, served, type);
  const placement = placeOn(served, type, kvCacheType, options.gpus);
  const volume = options.volume ?? volumeFor(served, type);
  const bytes = served.reduce((all, { figures }) => all + figures.bytes, 0);
  const gpus = placement.perGpu.length;
  return {
    fits: placement.holds,
    reason: placement.holds ? undefined : fitProblem(placement, type),
    instance: type,
    kvCacheType,
    gpus,
    spread: placement.models.some((model) => model.gpus > 1),
    schedSpread: placement.schedSpread,
    models: placement.models.map((model, index) => ({
      ...model,
      largestContextLength: largestContext(
        served,
        index,
        (changed) => placeOn(changed, type, kvCacheType, options.gpus).holds,
      ),
    })),
    perGpu: placement.perGpu,
    usedBytes: placement.perGpu.reduce((all, gpu) => all + used(gpu), 0),
    freeBytes: placement.perGpu.reduce((all, gpu) => all + gpu.freeBytes, 0),
    warnings: fitWarnings(placement, type, volume),
    coldLoadSeconds: coldLoadSeconds(bytes, volume, type),
    pullSeconds: pullSeconds(bytes, volume, type),
    hostMemoryMiB: hostMemoryMiB(served),
    smallestInstance: smallestInstance(served, kvCacheType),
  };
}

/**
 * As `fit`, but what doesn't fit is an error.
 * @throws ValidationError that names the cheapest instance type and the largest contexts that do
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
      problem: result.reason ?? 'does not fit',
      allowed: result.models.map((model) => largestInWords(model, result)).join('; '),
      remedy: fitRemedy(result, {
        moreGpus: fit(models, instance, { ...options, gpus: undefined }).fits,
        lessContext: leastHolds(result),
      }),
    });
  }
  return result;
}

function largestInWords({ model, largestContextLength }: ModelFit, { instance, models }: Fit): string {
  const beside = models.length > 1 ? ' beside the others' : '';
  return largestContextLength === 0
    ? `no context of ${model.name} fits ${instance.name}${beside}`
    : `contextLength up to ${largestContextLength} for ${model.name} with parallel ${model.parallel} on ${instance.name}${beside}`;
}

/** Whether the least that can be asked for would fit: where it doesn't, weights alone are too large. */
function leastHolds({ models, instance, kvCacheType, gpus }: Fit): boolean {
  const least = models.map(({ model }) => ({ ...model, contextLength: leastContext(model.figures), parallel: 1 }));
  return placeOn(least, instance, kvCacheType, gpus).holds;
}

function checkOptions(options: FitOptions, models: readonly ServedModel[], type: GpuInstanceType): void {
  const { gpus, kvCacheType, volume, properties = {} } = options;
  if (gpus !== undefined && (!Number.isInteger(gpus) || gpus < 1 || gpus > type.gpuCount)) {
    throw new ValidationError({
      property: properties.gpus ?? 'gpus',
      value: gpus,
      problem: `is not what one server can have of ${type.name}`,
      allowed: `an integer from 1 to ${type.gpuCount}, known at synth`,
      remedy: 'leave it out for the fewest that hold the models',
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
      problem: `${type.name} has no NVMe disks of its own`,
      allowed: 'iops and throughput of a gp3 volume',
      remedy: 'leave it out, or choose an instance type with an instance store',
    });
  }
  if (disk !== undefined && disk !== 'instance-store') {
    checkPerformance(disk, property);
  }
}

/** The placement on so many GPUs; without a number, on the fewest that hold the models, else on all. */
function placeOn(
  models: readonly ServedModel[],
  type: GpuInstanceType,
  kvCache: KvCacheType,
  gpus?: number,
): Placement {
  const all = Array.from({ length: type.gpuCount }, (_, index) => index + 1);
  const numbers = gpus === undefined ? all.filter((number) => type.gpuCount % number === 0) : [gpus];
  let placement = place(models, type.gpu, numbers[0] ?? 1, kvCache);
  for (const number of numbers.slice(1)) {
    if (placement.holds) {
      break;
    }
    placement = place(models, type.gpu, number, kvCache);
  }
  return placement;
}

/** Largest context of one model, the others as they are: larger contexts never take less memory, so it can be halved upon. */
function largestContext(
  models: readonly ServedModel[],
  index: number,
  holds: (changed: readonly ServedModel[]) => boolean,
): number {
  const model = models[index] as ServedModel;
  const least = leastContext(model.figures);
  const limit = contextLimit(model.figures, model.parallel);
  const held = (contextLength: number): boolean =>
    holds(models.map((one) => (one === model ? { ...one, contextLength } : one)));
  if (limit >= least && held(limit)) {
    return limit;
  }
  let [low, high] = [0, Math.ceil(limit / CELLS_STEP)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    [low, high] = held(middle * CELLS_STEP) ? [middle, high] : [low, middle];
  }
  return low * CELLS_STEP >= least ? low * CELLS_STEP : 0;
}

/** Listed on-demand instance types, the cheapest first; made at the first use. */
let onDemand: readonly GpuInstanceType[] | undefined;

/** Cheapest listed on-demand instance type that holds the models. */
function smallestInstance(models: readonly ServedModel[], kvCacheType: KvCacheType): GpuInstanceType | undefined {
  onDemand ??= gpuInstanceTypeNames()
    .map((name) => gpuInstanceType(name))
    .filter(({ pricePerHour }) => pricePerHour !== undefined)
    .sort((a, b) => (a.pricePerHour ?? 0) - (b.pricePerHour ?? 0));
  return onDemand.find((type) => placeOn(models, type, kvCacheType).holds);
}
