import type { ServedModel } from '../endpoint/served-model';

/**
 * The smallest of the models that are served beside another, for work in the background: one that is known to be smaller, and that has no
 * less context, because tools know one context, and a longer prompt would be cut. Undefined where there is none.
 */
export function smallModel(model: ServedModel, served: readonly ServedModel[]): ServedModel | undefined {
  return served
    .filter(({ embedding, contextLength }) => !embedding && contextLength >= model.contextLength)
    .filter((other) => sizeOf(other) < sizeOf(model))
    .sort((one, other) => sizeOf(one) - sizeOf(other))[0];
}

function sizeOf({ bytes = Infinity }: ServedModel): number {
  return bytes;
}
