import { gpuInstanceType, gpuInstanceTypeNames, type GpuInstanceType } from '../catalogue/gpu-instance-type';
import { ValidationError } from '../errors';
import { fitWarnings } from './fit-warnings';
import type { VolumePerformance } from './gp3';
import { hostMemoryMiB } from './host-memory';
import { CELLS_STEP, KV_CACHE_TYPES, type KvCacheType } from './kv-cache';
import { coldLoadSeconds, pullSeconds } from './load-time';
import { volumeFor } from './model-volume';
import { type GpuMemory, place, type PlacedModel, type Placement, used } from './placement';
import { contextLimit, LEAST_VISION_CONTEXT, type OllamaModel, servedModel, type ServedModel } from './served-model';
import { gib, listOf } from './units';

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
   * Performance of the gp3 volume that holds the models.
   * @default what `modelVolume` proposes for the instance type
   */
  readonly volume?: VolumePerformance;
  /**
   * Property that errors name.
   * @default 'models'
   */
  readonly property?: string;
}

/** One model on the server. */
export interface ModelFit extends PlacedModel {
  /** Largest context, in steps of 256 tokens, that fits beside the other models; 0 where none does. */
  readonly largestContextLength: number;
}

/** Whether models fit the GPUs of an instance type, and what follows from it. */
export interface Fit {
  readonly fits: boolean;
  /** Why not, in words; undefined where they fit. */
  readonly reason?: string;
  readonly instance: GpuInstanceType;
  readonly kvCacheType: KvCacheType;
  /** GPUs for one server. */
  readonly gpus: number;
  /** A model lies on more than one GPU. */
  readonly spread: boolean;
  /** `OLLAMA_SCHED_SPREAD` must be on: Ollama left alone would choose GPUs that are too small. */
  readonly schedSpread: boolean;
  readonly models: readonly ModelFit[];
  readonly perGpu: readonly GpuMemory[];
  /** All GPUs of the server together. */
  readonly usedBytes: number;
  /** All GPUs of the server together, margins kept; negative where it doesn't fit. */
  readonly freeBytes: number;
  /** What works but should be known, each a sentence. */
  readonly warnings: readonly string[];
  /** Seconds to read all models from the volume into the GPUs, nothing cached. */
  readonly coldLoadSeconds: number;
  /** Seconds to pull all models through a NAT gateway, if the registry keeps up. */
  readonly pullSeconds: number;
  /** Host memory in MiB that one server makes use of: page cache, prompt caches, processes. */
  readonly hostMemoryMiB: number;
  /** Cheapest listed on-demand instance type that holds the models; undefined where none does. */
  readonly smallestInstance?: GpuInstanceType;
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
  const { property = 'models', kvCacheType = 'f16' } = options;
  const served = servedModels(models, property);
  const type = gpuInstanceType(instance);
  checkOptions(options, type);
  const placement = placeOn(served, type, kvCacheType, options.gpus);
  const volume = options.volume ?? volumeFor(served, type);
  const bytes = served.reduce((all, { figures }) => all + figures.bytes, 0);
  const gpus = placement.perGpu.length;
  return {
    fits: placement.holds,
    reason: placement.holds ? undefined : whyNot(placement, type),
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
    warnings: fitWarnings(placement, type),
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
      property: options.property ?? 'models',
      value: result.models.map(({ model: { name, contextLength, parallel } }) => ({ name, contextLength, parallel })),
      problem: result.reason ?? 'does not fit',
      allowed: result.models.map((model) => largestInWords(model, result)).join('; '),
      remedy: remedy(result),
    });
  }
  return result;
}

/** Checks the models of one server, and that they can be served together. */
export function servedModels(
  models: OllamaModel | readonly OllamaModel[],
  property = 'models',
): readonly ServedModel[] {
  const served = listOf(models).map((model, index) => servedModel(model, `${property}[${index}]`));
  const parallels = new Set(served.filter(({ parallelForced }) => !parallelForced).map(({ parallel }) => parallel));
  const names = new Set(served.map(({ name }) => name));
  if (served.length === 0 || names.size < served.length) {
    throw new ValidationError({
      property,
      value: served.map(({ name }) => name),
      problem: served.length === 0 ? 'is empty' : 'names a model twice',
      allowed: 'one model or more, each once',
      remedy: 'name each model that the server is to keep loaded',
    });
  }
  if (parallels.size > 1) {
    throw new ValidationError({
      property,
      value: served.map(({ name, parallel }) => ({ name, parallel })),
      problem: 'has different numbers in parallel, which is one setting of the server (OLLAMA_NUM_PARALLEL)',
      allowed: 'the same parallel for all models of one server',
      remedy: 'give all the same, or serve them from different pools',
    });
  }
  return served;
}

function checkOptions({ gpus, kvCacheType }: FitOptions, type: GpuInstanceType): void {
  if (gpus !== undefined && (!Number.isInteger(gpus) || gpus < 1 || gpus > type.gpuCount)) {
    throw new ValidationError({
      property: 'gpus',
      value: gpus,
      problem: `is not what one server can have of ${type.name}`,
      allowed: `an integer from 1 to ${type.gpuCount}`,
      remedy: 'leave it out for the fewest that hold the models',
    });
  }
  if (kvCacheType !== undefined && !KV_CACHE_TYPES.includes(kvCacheType)) {
    throw new ValidationError({
      property: 'kvCacheType',
      value: kvCacheType,
      problem: 'is not a type of KV cache that Ollama has',
      allowed: KV_CACHE_TYPES.join(', '),
      remedy: 'leave it out for f16',
    });
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
  const least = model.figures.projectorBytes === undefined ? 1 : LEAST_VISION_CONTEXT;
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

function whyNot({ evicting, models, perGpu }: Placement, type: GpuInstanceType): string {
  const names = models.map(({ model }) => model.name).join(' and ');
  const fullest = perGpu.reduce((worst, gpu) => (gpu.freeBytes < worst.freeBytes ? gpu : worst));
  if (fullest.freeBytes < 0) {
    const where = perGpu.length === 1 ? `one ${type.gpu.name}` : `each of ${perGpu.length} ${type.gpu.name}s`;
    return (
      `${names} would take ${gib(used(fullest) + fullest.marginBytes)} of the ${gib(fullest.usableBytes)} that ${where} ` +
      `of ${type.name} offers (weights ${gib(fullest.weightsBytes + fullest.projectorBytes)}, ` +
      `KV cache ${gib(fullest.kvCacheBytes)}, compute ${gib(fullest.computeBytes)}, ` +
      `CUDA and margin ${gib(fullest.contextBytes + fullest.marginBytes)})`
    );
  }
  return `Ollama’s own estimate for ${evicting.join(' and ')} is so high that it would unload another model of ${names} for it`;
}

function largestInWords({ model, largestContextLength }: ModelFit, { instance, models }: Fit): string {
  const beside = models.length > 1 ? ' beside the others' : '';
  return largestContextLength === 0
    ? `no context of ${model.name} fits ${instance.name}${beside}`
    : `contextLength up to ${largestContextLength} for ${model.name} with parallel ${model.parallel} on ${instance.name}${beside}`;
}

function remedy({ smallestInstance: smallest, kvCacheType, gpus, instance }: Fit): string {
  const use =
    smallest === undefined
      ? 'no listed instance type holds it'
      : `use ${smallest.name} (${smallest.gpuCount} × ${smallest.gpu.name}, $${smallest.pricePerHour} an hour)`;
  const more = gpus < instance.gpuCount ? ', give the server more GPUs' : '';
  const quantize = kvCacheType === 'f16' ? ', or set kvCacheType to q8_0 for half the KV cache' : '';
  return `${use}${more}, lower contextLength or parallel${quantize}`;
}
