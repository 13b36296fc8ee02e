/** Cells per layer: https://github.com/ggml-org/llama.cpp/blob/master/src/llama-kv-cache-iswa.cpp */
import type { ModelFigures } from '../catalogue/model-figures';
import { roundUp } from './units';

/** Type of the KV cache (`OLLAMA_KV_CACHE_TYPE`). `q8_0` and `q4_0` need flash attention. */
export type KvCacheType = 'f16' | 'q8_0' | 'q4_0';

/** All types, the most exact first. */
export const KV_CACHE_TYPES: readonly KvCacheType[] = ['f16', 'q8_0', 'q4_0'];

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

/** Bytes of the KV cache of a model; 0 for embedding models, which keep none. */
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
  const headLength = figures.embeddingLength / figures.headCount;
  const length = (figures.keyLength ?? headLength) + (figures.valueLength ?? headLength);
  return figures.headCountKv * length * BYTES_PER_ELEMENT[type];
}
