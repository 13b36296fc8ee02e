/** How Ollama chooses the batch: https://github.com/ollama/ollama/blob/main/server/sched.go (automaticGenerationBatch) */
import { GIB, MIB } from './units';

/** Tokens per batch (`-b` and `-ub` of llama-server), each twice the one before. */
const BATCHES: readonly number[] = [512, 1024, 2048];
export const SMALLEST_BATCH = 512;

/** Most of the free memory that Ollama's estimate may take, and most that it may take for a larger batch. */
export const FREE_SHARE = 0.8;
const FREE_SHARE_OF_BATCH: Readonly<Record<number, number>> = { 1024: 0.75, 2048: 0.6 };

/**
 * Compute buffer in bytes on each GPU. Its base is a planning value above what logs show at a batch of 512 with flash attention
 * (170–500 MiB: ollama/ollama issues 10553, 17482); what larger batches add is Ollama's own surcharge.
 */
const COMPUTE_BASE = 0.5 * GIB;

/** What Ollama adds to its estimate for a larger batch, in bytes (`generationBatchSurcharge`). */
export function batchSurcharge(batch: number): number {
  return batch >= 2048 ? 2 * GIB : batch >= 1024 ? 768 * MIB : 0;
}

/** Bytes of the compute buffer on each GPU that holds a part of the model, flash attention on. */
export function computeBytes(batch: number): number {
  return COMPUTE_BASE + batchSurcharge(batch);
}

/**
 * Bytes of the compute buffer of an embedding model on each GPU that holds a part of it: the base, whatever its batch. Ollama's
 * surcharge is for models that generate: their graph holds a score of every word of the vocabulary for every token of a batch
 * (1.2 GiB for 150 000 words at 2048). Embeddings need none, and their activations at 2048 stay below the base.
 */
export const EMBEDDING_COMPUTE_BYTES = COMPUTE_BASE;

/** The batch that Ollama chooses for so many tokens of context in all, given its estimate and the free memory, in bytes. */
export function automaticBatch(tokens: number, predictedBytes: number, freeBytes: number): number {
  const wanted = tokens > 32_768 ? 2048 : tokens > 4096 ? 1024 : SMALLEST_BATCH;
  const held = BATCHES.filter((batch) => batch <= wanted && hasRoom(batch, predictedBytes, freeBytes));
  return Math.max(SMALLEST_BATCH, ...held);
}

function hasRoom(batch: number, predictedBytes: number, freeBytes: number): boolean {
  return (
    predictedBytes <= freeBytes * (FREE_SHARE_OF_BATCH[batch] ?? FREE_SHARE) &&
    predictedBytes + batchSurcharge(batch) <= freeBytes * FREE_SHARE
  );
}
