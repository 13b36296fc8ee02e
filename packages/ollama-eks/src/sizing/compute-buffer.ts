/**
 * The memory that llama.cpp reserves on each GPU for computing a batch, by its rules at the pinned build, with flash attention. It is never
 * less than what public logs of CUDA show for a build at least as new: `test/models/cuda-compute.json`.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-context.cpp (sched_reserve)
 */
import type { ModelFigures } from '../catalogue/model-figures';
import { batchSurcharge } from './batch';
import { cachedLayers, cellsOf, draftLayers, type KvCacheUse, layerBytes } from './kv-cache';
import { GIB, MIB } from './units';

/**
 * Base of the buffer in bytes: a planning value above what logs show for a batch of 512 and a context of 4096 (132–347 MiB:
 * GenerelSchwerz/llama.cpp pull request 62, ollama/ollama issue 10553). Larger batches add Ollama's own surcharge.
 *
 * Since https://github.com/ggml-org/llama.cpp/pull/23861 (b9460), llama-server reserves scores of the vocabulary for one token per slot
 * instead of for every token of a batch, so that most buffers are several times smaller than this. The public logs are of few
 * architectures, which is too little evidence to plan with less.
 */
const COMPUTE_BASE = 0.5 * GIB;

/**
 * Activations for each token of a batch: more than any model of `test/models/llama-cpp.json` has on the CPU (0.81 MiB, for
 * deepseek-r1:671b), and more than is left in any log of CUDA without the masks (0.6 MiB).
 */
const ACTIVATION_BYTES = 0.85 * MIB;

/** Scores of the largest vocabulary, f32, for one token: 262 144 words of Gemma. */
const SCORE_BYTES = MIB;

/**
 * Copies of what the CPU prepares for a batch, on each of several GPUs, which work on several batches at a time (pipeline
 * parallelism). One GPU has one.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/ggml/src/ggml-backend.cpp (GGML_SCHED_MAX_COPIES)
 */
const PIPELINE_COPIES = 4;

/** Bytes of an element of a mask: f16. */
const HALF = 2;
/** Bytes of an element of a hidden state: f32. */
const SINGLE = 4;

/**
 * Returns the bytes of the compute buffers on each GPU that holds a part of the model: that of the model, and that of its draft.
 * @param gpus number of GPUs that the model is on
 */
export function computeBytes(figures: ModelFigures, use: KvCacheUse, gpus: number): number {
  return ownBytes(figures, use, gpus) + draftComputeBytes(figures, use, gpus);
}

/**
 * Returns the bytes of the compute buffer of a draft on each GPU; 0 for a model that does not draft. A draft is a context of its own,
 * for the same batch and the same number of tokens, whose cache is f16. It is planned with the activations and the masks of the model.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/common/speculative.cpp (common_base_params_to_speculative)
 * @see https://github.com/ggml-org/llama.cpp/issues/27282
 */
export function draftComputeBytes(figures: ModelFigures, use: KvCacheUse, gpus: number): number {
  return draftLayers(figures) === undefined ? 0 : graphBytes(figures, { ...use, type: 'f16' }, gpus);
}

/**
 * Embedding models have the base for every batch size: Ollama's surcharge is for models that generate text, whose graph held a score of
 * every word in the vocabulary for every token of a batch (1.2 GiB for 150 000 words at 2048). Embedding models have no such scores,
 * and their activations at 2048 are below the base.
 */
function ownBytes(figures: ModelFigures, use: KvCacheUse, gpus: number): number {
  return figures.embedding === true
    ? COMPUTE_BASE + attentionBytes(figures, use, gpus)
    : Math.max(COMPUTE_BASE + batchSurcharge(use.batch), graphBytes(figures, use, gpus));
}

/** Returns the bytes of the graph of one batch of a model that generates text. */
function graphBytes(figures: ModelFigures, use: KvCacheUse, gpus: number): number {
  const { batch, parallel } = use;
  const scored = Math.min(batch, parallel * (1 + (figures.draftTokens ?? 0)));
  return ACTIVATION_BYTES * batch + SCORE_BYTES * scored + attentionBytes(figures, use, gpus);
}

/**
 * Returns the bytes that attention adds, most of which grow with the context: masks, on several GPUs copies of the masks and of the
 * hidden states that pass from one to the next, and keys and values of one layer that CUDA converts to f16.
 */
function attentionBytes(figures: ModelFigures, use: KvCacheUse, gpus: number): number {
  const masks = maskBytes(figures, use);
  if (gpus === 1) return masks + convertedBytes(figures, use);
  const states = use.batch * figures.embeddingLength * SINGLE;
  return PIPELINE_COPIES * (masks + states) + convertedBytes(figures, use);
}

/**
 * Returns the bytes of the masks: for each token of a batch, one element per cell of its slot; one mask for the layers with the whole
 * context, and one for those with a window, even if it is as long.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-graph.cpp (build_attn_inp_kq_mask)
 */
function maskBytes(figures: ModelFigures, use: KvCacheUse): number {
  const windows = new Set(cachedLayers(figures).map(({ window }) => window));
  return [...windows].reduce<number>((sum, window) => sum + cellsOf(use, window) * use.batch * HALF, 0);
}

/**
 * Returns the bytes of the converted keys and values of one layer, of all slots, if the cache is quantized. Each layer uses the same.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/ggml/src/ggml-cuda/fattn.cu (ggml_cuda_flash_attn_ext_get_alloc_size)
 */
function convertedBytes(figures: ModelFigures, use: KvCacheUse): number {
  if (use.type === 'f16') return 0;
  return Math.max(0, ...cachedLayers(figures).map((layer) => layerBytes(layer, { ...use, type: 'f16' })));
}
