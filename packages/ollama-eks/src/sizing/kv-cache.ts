/**
 * What a model keeps of its conversations on the GPU, by the rules of llama.cpp. Compared with what it allocates in
 * `test/models/llama-cpp.json`.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-kv-cache.cpp (constructor)
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-kv-cache-iswa.cpp (cells of windows)
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-memory-recurrent.cpp (states)
 */
import { CACHELESS_ARCHITECTURES, ROLLBACK_ARCHITECTURES } from '../catalogue/architectures';
import type { CachedLayers, ModelFigures } from '../catalogue/model-figures';
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
  if (type === 'f16') return;
  for (const { name, figures } of models) {
    for (const { keyLength, valueLength } of cachedLayers(figures)) {
      if (keyLength % BLOCK !== 0 || valueLength % BLOCK !== 0) {
        refuse({
          problem: `requires head sizes that are multiples of ${BLOCK}, but those of ${name} are ${keyLength} and ${valueLength}`,
          allowed: 'f16',
        });
      }
    }
  }
}

/**
 * Returns the bytes that a model keeps of its conversations: KV cache, recurrent states, and what its draft keeps. Each of the
 * `parallel` requests has its own stream, whose cells are rounded up separately: `parallel` × 256 ⌈context / 256⌉, not
 * 256 ⌈`parallel` × context / 256⌉.
 *
 * For some of the layers, it is an upper bound: layers of one kind are taken to alternate with the others, so that some GPUs hold
 * one more of them than others.
 * @param count number of layers; @default - all
 */
export function kvCacheBytes(figures: ModelFigures, use: KvCacheUse, count = figures.blockCount): number {
  const share = count / figures.blockCount;
  const layers = cachedLayers(figures).map(
    (group) => layerBytes(group, use) * Math.ceil((group.layers * count) / figures.blockCount),
  );
  const cache = layers.reduce((sum, bytes) => sum + bytes, 0);
  return cache + ((figures.recurrentBytes ?? 0) * use.parallel + draftCacheBytes(figures, use)) * share;
}

/** Checkpoints of each conversation: one for every CHECKPOINT_STEP tokens, one for its last message, two for its end; at most 32. */
const CHECKPOINT_STEP = 8192;
const MORE_CHECKPOINTS = 3;
const MAX_CHECKPOINTS = 32;

/**
 * Returns the bytes of main memory for the checkpoints of all conversations of a model: copies of what cannot be rolled back (windows
 * and recurrent states), from which a conversation continues that an edited message has changed.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/tools/server/server-context.cpp (create_checkpoint)
 */
export function checkpointBytes(figures: ModelFigures, use: Omit<KvCacheUse, 'batch'>): number {
  const windows = cachedLayers(figures).filter(({ window }) => window !== undefined);
  const one = { ...use, parallel: 1, batch: 0 };
  const { recurrentBytes: state = 0 } = figures;
  const bytes = windows.reduce((sum, group) => sum + group.layers * layerBytes(group, one), state);
  const steps = Math.ceil(use.contextLength / CHECKPOINT_STEP);
  return bytes * Math.min(MAX_CHECKPOINTS, steps + MORE_CHECKPOINTS) * use.parallel;
}

/** Layers that cache the same, with everything that they leave out. */
export type Layers = Required<Omit<CachedLayers, 'window'>> & Pick<CachedLayers, 'window'>;

/** Returns the layers that have a cache. */
export function cachedLayers(figures: ModelFigures): readonly Layers[] {
  const length = figures.embeddingLength / figures.headCount;
  const { architecture, blockCount, headCountKv, keyLength = length, valueLength = length } = figures;
  const all = CACHELESS_ARCHITECTURES.includes(architecture) ? [] : [{ layers: blockCount }];
  return (figures.cachedLayers ?? all).map((group) => ({ headCountKv, keyLength, valueLength, ...group }));
}

/** Returns the cells that each request has in a layer: those of the whole context, or of the window. */
export function cellsOf({ contextLength, batch }: KvCacheUse, window: number | undefined): number {
  return roundUp(window === undefined ? contextLength : Math.min(contextLength, window + batch), CELLS_STEP);
}

/** Returns the bytes of one layer, for all requests. */
export function layerBytes({ headCountKv, keyLength, valueLength, window }: Layers, use: KvCacheUse): number {
  return use.parallel * cellsOf(use, window) * headCountKv * (keyLength + valueLength) * BYTES_PER_ELEMENT[use.type];
}

/** Returns the layers that cache what a draft keeps; undefined if the model does not draft. */
export function draftLayers(figures: ModelFigures): readonly Layers[] | undefined {
  const { nextnPredictLayers = 0, draftTokens = 0, draftCachedLayers } = figures;
  if (draftTokens === 0 || (draftCachedLayers === undefined && nextnPredictLayers === 0)) return undefined;
  return cachedLayers({ ...figures, cachedLayers: draftCachedLayers ?? [{ layers: nextnPredictLayers }] });
}

/**
 * Returns the bytes that a draft keeps: its own cache, which is f16, whatever the type of the model's own
 * (`common_base_params_to_speculative`), and a recurrent state of the model for each drafted token; 0 if the model does not draft.
 * States are f32.
 */
export function draftCacheBytes(figures: ModelFigures, use: KvCacheUse): number {
  const { architecture, recurrentBytes = 0, draftTokens = 0 } = figures;
  const layers = draftLayers(figures);
  if (layers === undefined) return 0;
  const cache = layers.reduce((sum, group) => sum + group.layers * layerBytes(group, { ...use, type: 'f16' }), 0);
  const states = ROLLBACK_ARCHITECTURES.includes(architecture) ? draftTokens : 0;
  return cache + states * recurrentBytes * use.parallel;
}
