import {
  contextLimit,
  fit,
  type Fit,
  isServedOneAtATime,
  minContext,
  modelFigures,
  modelPurposes,
  type ModelPurpose,
} from '@org/ollama-eks/pure';

/** Most requests at a time that are tried. More than a few share the speed of the GPU. */
const MOST_AT_A_TIME = 16;

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
  readonly gpus: GpuUse;
  /** Tokens of context for which `atATime` is counted. */
  readonly contextLength: number;
  /** Largest context with one request at a time. */
  readonly largestContextLength: number;
  /** Requests at a time, each with `contextLength`; 0 if not even one fits. */
  readonly atATime: number;
  /** Bytes of the model. */
  readonly bytes: number;
  /** Whether the figures of the model were not read exactly; `warnings` say why. */
  readonly isApproximate: boolean;
  /** USD per hour of one node; undefined for types without a list price. */
  readonly pricePerHour?: number;
  readonly purposes: readonly ModelPurpose[];
  readonly warnings: readonly string[];
}

/** Returns what an instance type can do with a listed model. @param wanted tokens of context, or the most that the model has */
export function capacityOf(model: string, instance: string, wanted: number): Capacity {
  const figures = modelFigures(model);
  const contextLength = Math.max(minContext(figures), Math.min(wanted, figures.contextLength));
  const one = fit({ name: model, contextLength }, instance);
  return {
    model,
    instance,
    gpus: gpuUse(one),
    contextLength,
    largestContextLength: one.models[0]?.largestContextLength ?? 0,
    atATime: one.fits ? mostAtATime(model, instance, contextLength) : 0,
    bytes: figures.bytes,
    isApproximate: figures.verification === 'rounded' || figures.verification === 'unverified',
    pricePerHour: one.instance.pricePerHour,
    purposes: modelPurposes(model),
    warnings: warningsOf(one),
  };
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

/** Returns the largest number of requests that fits; one does. More requests never need less memory. */
function mostAtATime(name: string, instance: string, contextLength: number): number {
  const figures = modelFigures(name);
  if (isServedOneAtATime(figures)) return 1;
  const holds = (parallel: number): boolean =>
    contextLength <= contextLimit(figures, parallel) && fit({ name, contextLength, parallel }, instance).fits;
  let [low, high] = [1, MOST_AT_A_TIME + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    [low, high] = holds(middle) ? [middle, high] : [low, middle];
  }
  return low;
}

function warningsOf({ fits, warnings, reason }: Fit): readonly string[] {
  return fits ? warnings : [`${reason ?? 'does not fit'}.`];
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
