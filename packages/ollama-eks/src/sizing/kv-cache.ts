/** Cells per layer: https://github.com/ggml-org/llama.cpp/blob/master/src/llama-kv-cache-iswa.cpp */
import type { ModelFigures } from '../catalogue/model-figures';
import { refuser } from '../errors';
import type { ServedModel } from './served-model';
import { roundUp } from './units';

/** Type of the KV cache (`OLLAMA_KV_CACHE_TYPE`). `q8_0` and `q4_0` need flash attention. */
export type KvCacheType = 'f16' | 'q8_0' | 'q4_0';

/** All types, the most precise first. */
export const KV_CACHE_TYPES: readonly KvCacheType[] = ['f16', 'q8_0', 'q4_0'];
/** Elements in a block of a quantized cache. */
const BLOCK = 32;

/**
 * Bytes per element. Quantized blocks store 32 elements in 34 and 18 bytes; Ollama's own estimate ignores the scales.
 * @see https://github.com/ollama/ollama/blob/main/fs/ggml/ggml.go (TypeSize)
 */
const BYTES_PER_ELEMENT: Readonly<Record<KvCacheType, number>> = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 };

/** llama.cpp rounds the cells of a cache up to a multiple of this. */
export const CELLS_STEP = 256;

/** How a model is loaded. */
export interface KvCacheUse {
  /** Tokens of context for each request. */
  readonly contextLength: number;
  /** Number of concurrent requests; each has its own cache. */
  readonly parallel: number;
  readonly type: KvCacheType;
  /** Tokens per batch: the cache of a sliding window holds one batch more than the window. */
  readonly batch: number;
}

/**
 * Refuses a type that Ollama does not support, and a quantized type if the size of a head is not a multiple of its blocks:
 * llama.cpp would then create no context, and the load would fail.
 * @see https://github.com/ggml-org/llama.cpp/blob/master/src/llama-context.cpp (llama_init_from_model)
 */
export function checkKvCacheType(type: KvCacheType, models: readonly ServedModel[], property: string): void {
  const refuse = refuser({ property, value: type, remedy: 'leave it out for f16' });
  if (!KV_CACHE_TYPES.includes(type)) {
    refuse({ problem: 'is not a KV cache type that Ollama supports', allowed: KV_CACHE_TYPES.join(', ') });
  }
  const misaligned = models
    .filter(({ figures }) => figures.embedding !== true)
    .find(({ figures }) => Object.values(headLengths(figures)).some((length) => length % BLOCK !== 0));
  if (type !== 'f16' && misaligned !== undefined) {
    const { key, value } = headLengths(misaligned.figures);
    refuse({
      problem: `requires head sizes that are multiples of ${BLOCK}, but those of ${misaligned.name} are ${key} and ${value}`,
      allowed: 'f16',
    });
  }
}

/**
 * Returns the bytes of the KV cache of a model; 0 for embedding models, which have none. Each of the `parallel` requests has its
 * own stream, whose cells are rounded up separately: `parallel` × 256 ⌈context / 256⌉, not 256 ⌈`parallel` × context / 256⌉. If
 * layers differ in KV heads, the maximum is used for all of them: an upper bound.
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

/** Returns the bytes of one token in one layer: a key and a value for each KV head. */
function cellBytes(figures: ModelFigures, type: KvCacheType): number {
  const { key, value } = headLengths(figures);
  return figures.headCountKv * (key + value) * BYTES_PER_ELEMENT[type];
}

/** Returns the sizes of a head's key and value. */
function headLengths(figures: ModelFigures): { readonly key: number; readonly value: number } {
  const length = figures.embeddingLength / figures.headCount;
  return { key: figures.keyLength ?? length, value: figures.valueLength ?? length };
}
