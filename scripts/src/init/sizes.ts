import {
  fit,
  type Fit,
  gib,
  gpuInstanceTypeNames,
  modelFigures,
  modelNames,
  modelPurposes,
} from '@org/ollama-eks/pure';
import { gpuText, gpuUse, priceText } from '../models/capacity';
import { wrongValue } from '../program/errors';
import { table } from '../program/output';
import type { ProjectSpec } from './project-spec';

/** A model with its context, before an instance type is chosen for it. */
export type Serving = Pick<ProjectSpec, 'model' | 'contextLength' | 'parallel'>;

/** Rows that are listed while a question is asked. */
const LISTED = 6;

/** Returns how a model is served by an instance type. */
export function fitOf({ model: name, contextLength, parallel }: Serving, instance: string): Fit {
  return fit({ name, contextLength, parallel }, instance);
}

/** Returns the instance types that hold a model, the cheapest first; those without a list price last. */
export function holders(serving: Serving): readonly Fit[] {
  return gpuInstanceTypeNames()
    .map((instance) => fitOf(serving, instance))
    .filter(({ fits }) => fits)
    .sort((a, b) => (a.instance.pricePerHour ?? Infinity) - (b.instance.pricePerHour ?? Infinity));
}

/** Lists instance types, by default the cheapest of those that hold a model. */
export function listOfHolders(all: readonly Fit[], limit = LISTED): string {
  const rows = all
    .slice(0, limit)
    .map((one) => [
      one.instance.name,
      gpuText(gpuUse(one)),
      gib(one.usedBytes),
      gib(one.freeBytes),
      priceText(one.instance.pricePerHour),
    ]);
  return table(['instance', 'GPUs', 'used', 'free', 'USD/h'], rows);
}

/** Lists the models of the catalogue. */
export function listOfModels(): string {
  const rows = modelNames().map((name) => {
    const { bytes, contextLength } = modelFigures(name);
    return [name, gib(bytes), contextLength.toLocaleString('en-US'), modelPurposes(name).join(', ')];
  });
  return table(['model', 'weights', 'native context', 'for'], rows);
}

/** `35.2 GiB of GPU memory used, 5.3 GiB free; $5.67 an hour for each node` */
export function sizeInWords({ usedBytes, freeBytes, instance: { pricePerHour } }: Fit): string {
  const price = pricePerHour === undefined ? 'no list price' : `$${priceText(pricePerHour)} an hour for each node`;
  return `${gib(usedBytes)} of GPU memory used, ${gib(freeBytes)} free; ${price}`;
}

/** Throws UsageError unless a model fits an instance type. */
export function requireFit({ model }: Serving, { fits, reason = '', smallestInstance, models, instance }: Fit): void {
  if (fits) return;
  const largest = models[0]?.largestContextLength ?? 0;
  const ways = [
    ...(smallestInstance === undefined ? [] : [`the cheapest instance that fits: --instance ${smallestInstance.name}`]),
    ...(largest > 0 ? [`the largest context on ${instance.name}: --context ${String(largest)}`] : []),
  ];
  throw wrongValue('--instance', instance.name, `does not hold ${model}: ${reason}`, {
    allowed: `the types that ollama-eks models size ${model} prints`,
    remedy: ways.join('; ') || 'choose a smaller model',
  });
}
