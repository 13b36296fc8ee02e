import {
  contextLimit,
  fit,
  type Fit,
  isServedOneAtATime,
  minContext,
  modelFigures,
  modelPurposes,
  used,
  type ModelPurpose,
  type OllamaModel,
} from '@org/ollama-eks/pure';

/** Most requests at a time that are tried. More than a few share the speed of the GPU. */
const MOST_AT_A_TIME = 16;

/** A model with its context. */
type Serving = Pick<OllamaModel, 'name' | 'contextLength'>;

/** GPUs that one server uses. */
export interface GpuUse {
  readonly used: number;
  readonly total: number;
  /** `A10G` */
  readonly gpu: string;
}

/** What an instance type can do with a model. */
export interface Capacity {
  readonly model: string;
  readonly instance: string;
  /** GPUs for one request at a time; more at a time may take more of them. */
  readonly gpus: GpuUse;
  /** Tokens of context for which `atATime` is counted. */
  readonly contextLength: number;
  /** Largest context with one request at a time. */
  readonly largestContextLength: number;
  /** Requests at a time, each with `contextLength`; 0 if not even one fits. */
  readonly atATime: number;
  /** Models that fit `atATime` requests only with a `num_batch` of their own; fewer requests may fit without. */
  readonly numBatches: readonly NumBatch[];
  /** Bytes of the model. */
  readonly bytes: number;
  /** Whether the figures of the model were not read exactly; `warnings` say why. */
  readonly isApproximate: boolean;
  /** USD per hour of one node; undefined for types without a list price. */
  readonly pricePerHour?: number;
  readonly purposes: readonly ModelPurpose[];
  /** Models that stay loaded next to it. */
  readonly others: readonly OtherModel[];
  /** Of one request at a time, and those that only `atATime` requests add, which say so. */
  readonly warnings: readonly string[];
}

/** A model with fewer tokens per batch than Ollama would choose, which makes reading long prompts slower. */
export interface NumBatch {
  readonly model: string;
  /** Tokens per batch, `num_batch` of Ollama. */
  readonly numBatch: number;
}

/** A model that stays loaded next to another one. */
export interface OtherModel {
  readonly model: string;
  /** Tokens of context of one request. */
  readonly contextLength: number;
  /** Bytes of GPU memory that it takes with one request at a time: weights, KV cache, compute buffers and CUDA contexts. */
  readonly usedBytes: number;
}

/**
 * Returns what an instance type can do with a listed model.
 * @param wanted tokens of context, or the most that each of the models has
 * @param others listed models that stay loaded next to it
 */
export function capacityOf(model: string, instance: string, wanted: number, others: readonly string[] = []): Capacity {
  const figures = modelFigures(model);
  const models = [model, ...others].map((name) => ({ name, contextLength: contextOf(name, wanted) }));
  const one = fit(models, instance);
  const atATime = one.fits ? mostAtATime(models, instance) : 0;
  const most = atATime > 1 ? fit(withParallel(models, atATime), instance) : one;
  return {
    model,
    instance,
    gpus: gpuUse(one),
    contextLength: contextOf(model, wanted),
    largestContextLength: one.models[0]?.largestContextLength ?? 0,
    atATime,
    numBatches: most.models.flatMap(({ model: { name }, numBatch }) =>
      most.fits && numBatch !== undefined ? [{ model: name, numBatch }] : [],
    ),
    bytes: figures.bytes,
    isApproximate: figures.verification === 'rounded' || figures.verification === 'unverified',
    pricePerHour: one.instance.pricePerHour,
    purposes: modelPurposes(model),
    others: one.models.slice(1).map((placed) => ({
      model: placed.model.name,
      contextLength: placed.model.contextLength,
      usedBytes: used(placed),
    })),
    warnings: warningsOf(one, most, atATime),
  };
}

/** Returns the context that a model has of the wanted one. */
function contextOf(name: string, wanted: number): number {
  const figures = modelFigures(name);
  return Math.max(minContext(figures), Math.min(wanted, figures.contextLength));
}

export function gpuUse({ gpus, instance: { gpuCount, gpu } }: Fit): GpuUse {
  return { used: gpus, total: gpuCount, gpu: gpu.name };
}

/** `1 of 4 A10G` */
export function gpuText({ used, total, gpu }: GpuUse): string {
  return `${String(used)} of ${String(total)} ${gpu}`;
}

/** USD per hour in a table. */
export function priceText(pricePerHour: number | undefined): string {
  return pricePerHour === undefined ? '?' : pricePerHour.toFixed(2);
}

/**
 * Returns the largest number of requests that fits; one does. More requests never need less memory. Models that Ollama serves one
 * request at a time stay at one.
 */
function mostAtATime(models: readonly Serving[], instance: string): number {
  const [first] = models;
  if (first === undefined || isServedOneAtATime(modelFigures(first.name))) return 1;
  const holds = (parallel: number): boolean =>
    models.every(({ name, contextLength }) => contextLength <= contextLimit(modelFigures(name), parallel)) &&
    fit(withParallel(models, parallel), instance).fits;
  let [low, high] = [1, MOST_AT_A_TIME + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    [low, high] = holds(middle) ? [middle, high] : [low, middle];
  }
  return low;
}

/** Returns the models with that many requests at a time, where Ollama serves more than one. */
function withParallel(models: readonly Serving[], parallel: number): readonly OllamaModel[] {
  return models.map((model) => (isServedOneAtATime(modelFigures(model.name)) ? model : { ...model, parallel }));
}

function warningsOf({ fits, warnings, reason }: Fit, most: Fit, atATime: number): readonly string[] {
  if (!fits) return [`${reason ?? 'does not fit'}.`];
  const added = most.warnings.filter((text) => !warnings.includes(text));
  return [...warnings, ...added.map((text) => `With ${String(atATime)} at a time: ${text}`)];
}

/**
 * Models that hold the most of the wanted context first, then the larger ones: size is the only measure of quality that figures
 * have.
 */
export function byModel(a: Capacity, b: Capacity): number {
  return holding(b) - holding(a) || b.contextLength - a.contextLength || b.bytes - a.bytes;
}

/** Instance types that hold the context first, then the cheaper ones; those without a price last. */
export function byPrice(a: Capacity, b: Capacity): number {
  return holding(b) - holding(a) || (a.pricePerHour ?? Infinity) - (b.pricePerHour ?? Infinity);
}

function holding({ atATime }: Capacity): number {
  return Number(atATime > 0);
}
