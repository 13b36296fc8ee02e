/** How Ollama chooses the batch size: https://github.com/ollama/ollama/blob/main/server/sched.go (automaticGenerationBatch) */
import { GIB, MIB } from './units';

/** Tokens per batch (`-b` and `-ub` of llama-server), each twice the previous one. */
const BATCHES: readonly number[] = [512, 1024, 2048];
export const SMALLEST_BATCH = 512;

/** Maximum share of the free memory for Ollama's estimate, and the maximum share for larger batches. */
export const FREE_SHARE = 0.8;
const FREE_SHARE_OF_BATCH: Readonly<Record<number, number>> = { 1024: 0.75, 2048: 0.6 };

/**
 * Base of the compute buffer in bytes on each GPU: a planning value above what logs show for a batch of 512 with flash attention
 * (170–500 MiB: ollama/ollama issues 10553, 17482). Larger batches add Ollama's own surcharge.
 *
 * Since https://github.com/ggml-org/llama.cpp/pull/23861 (June 2026, in the pinned build), llama-server reserves scores of the
 * vocabulary for one token per slot instead of for every token of a batch, so that buffers are several times smaller: on the CPU, 412 MiB
 * at most for a model of `test/models/llama-cpp.json` with a batch of 512. Figures of the CPU prove nothing about CUDA, and the public
 * logs of CUDA that compare (`test/models/cuda-compute.json`) are of one architecture. That is too little evidence to plan with less.
 */
const COMPUTE_BASE = 0.5 * GIB;

/** Returns what Ollama adds to its estimate for a larger batch, in bytes (`generationBatchSurcharge`). */
export function batchSurcharge(batch: number): number {
  return batch >= 2048 ? 2 * GIB : batch >= 1024 ? 768 * MIB : 0;
}

/** Returns the bytes of the compute buffer on each GPU that holds a part of the model, with flash attention. */
export function computeBytes(batch: number): number {
  return COMPUTE_BASE + batchSurcharge(batch);
}

/**
 * Bytes of the compute buffer of an embedding model on each GPU that holds a part of it: the base, for every batch size. Ollama's
 * surcharge is for models that generate text: their graph holds a score of every word in the vocabulary for every token of a batch
 * (1.2 GiB for 150 000 words at 2048). Embedding models have no such scores, and their activations at 2048 are below the base.
 */
export const EMBEDDING_COMPUTE_BYTES = COMPUTE_BASE;

/** Returns the batch that Ollama chooses for the total tokens of context, given its estimate and the free memory in bytes. */
export function automaticBatch(tokens: number, predictedBytes: number, freeBytes: number): number {
  const wanted = tokens > 32_768 ? 2048 : tokens > 4096 ? 1024 : SMALLEST_BATCH;
  const possible = BATCHES.filter((batch) => batch <= wanted && hasRoom(batch, predictedBytes, freeBytes));
  return Math.max(SMALLEST_BATCH, ...possible);
}

function hasRoom(batch: number, predictedBytes: number, freeBytes: number): boolean {
  return (
    predictedBytes <= freeBytes * (FREE_SHARE_OF_BATCH[batch] ?? FREE_SHARE) &&
    predictedBytes + batchSurcharge(batch) <= freeBytes * FREE_SHARE
  );
}
