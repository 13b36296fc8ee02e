import type { ServedModel } from '../endpoint/served-model';

/**
 * Returns the smallest served model, for background work; undefined if none is smaller than the main one. Its size must be known, and its
 * context must not be smaller: tools have one setting for the context, and a longer prompt would be cut.
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
