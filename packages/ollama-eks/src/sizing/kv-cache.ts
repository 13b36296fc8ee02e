/** Cells per layer: https://github.com/ggml-org/llama.cpp/blob/master/src/llama-kv-cache-iswa.cpp */
import type { ModelFigures } from '../catalogue/model-figures';
import { ValidationError } from '../errors';
import type { ServedModel } from './served-model';
import { roundUp } from './units';

/** Type of the KV cache (`OLLAMA_KV_CACHE_TYPE`). `q8_0` and `q4_0` need flash attention. */
export type KvCacheType = 'f16' | 'q8_0' | 'q4_0';

/** All types, the most exact first. */
export const KV_CACHE_TYPES: readonly KvCacheType[] = ['f16', 'q8_0', 'q4_0'];
/** Elements of a block of a quantized cache. */
const BLOCK = 32;

/**
 * Bytes per element. Quantized blocks hold 32 elements in 34 and 18 bytes; Ollama's own estimate leaves the scales out.
 * @see https://github.com/ollama/ollama/blob/main/fs/ggml/ggml.go (TypeSize)
 */
const BYTES_PER_ELEMENT: Readonly<Record<KvCacheType, number>> = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 };

/** llama.cpp rounds the cells of a cache up to a multiple of this. */
export const CELLS_STEP = 256;

/** How a model is loaded. */
export interface KvCacheUse {
  /** Tokens of context for each request. */
  readonly contextLength: number;
  /** Requests at the same time; each has a cache of its own. */
  readonly parallel: number;
  readonly type: KvCacheType;
  /** Tokens per batch: a sliding window's cache holds one batch more than the window. */
  readonly batch: number;
}

/**
 * Refuses a type that Ollama doesn't have, and a quantized one where the size of a head is no multiple of its blocks: llama.cpp
 * then makes no context, and the load fails.
 * @see https://github.com/ggml-org/llama.cpp/blob/master/src/llama-context.cpp (llama_init_from_model)
 */
export function checkKvCacheType(type: KvCacheType, models: readonly ServedModel[], property: string): void {
  const refuse = (problem: string, allowed: string): never => {
    throw new ValidationError({ property, value: type, problem, allowed, remedy: 'leave it out for f16' });
  };
  if (!KV_CACHE_TYPES.includes(type)) {
    refuse('is not a type of KV cache that Ollama has', KV_CACHE_TYPES.join(', '));
  }
  const odd = models
    .filter(({ figures }) => figures.embedding !== true)
    .find(({ figures }) => Object.values(headLengths(figures)).some((length) => length % BLOCK !== 0));
  if (type !== 'f16' && odd !== undefined) {
    const { key, value } = headLengths(odd.figures);
    refuse(`needs heads of a multiple of ${BLOCK}, and those of ${odd.name} are ${key} and ${value}`, 'f16');
  }
}

/**
 * Bytes of the KV cache of a model; 0 for embedding models, which keep none. Each of the `parallel` requests has a stream of its
 * own, whose cells are rounded up by themselves: `parallel` × 256 ⌈context / 256⌉, not 256 ⌈`parallel` × context / 256⌉. Where
 * layers differ in KV heads all count as the one with the most: an upper bound.
 */
export function kvCacheBytes(figures: ModelFigures, use: KvCacheUse): number {
  if (figures.embedding === true) {
    return 0;
  }
  const { tokens: window, layers: windowLayers } = figures.slidingWindow ?? { tokens: 0, layers: 0 };
  const cells = use.parallel * roundUp(use.contextLength, CELLS_STEP);
  const windowCells = use.parallel * roundUp(Math.min(use.contextLength, window + use.batch), CELLS_STEP);
  const layerCells = (figures.blockCount - windowLayers) * cells + windowLayers * windowCells;
  return layerCells * cellBytes(figures, use.type);
}

/** Bytes of one token in one layer: a key and a value for each KV head. */
function cellBytes(figures: ModelFigures, type: KvCacheType): number {
  const { key, value } = headLengths(figures);
  return figures.headCountKv * (key + value) * BYTES_PER_ELEMENT[type];
}

/** Sizes of a head's key and value. */
function headLengths(figures: ModelFigures): { readonly key: number; readonly value: number } {
  const length = figures.embeddingLength / figures.headCount;
  return { key: figures.keyLength ?? length, value: figures.valueLength ?? length };
}
