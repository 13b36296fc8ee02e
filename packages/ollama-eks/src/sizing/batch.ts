/** How Ollama chooses the batch size: https://github.com/ollama/ollama/blob/main/server/sched.go (automaticGenerationBatch) */
import { GIB, MIB } from './units';

/** Tokens per batch (`-b` and `-ub` of llama-server), each twice the previous one. */
const BATCHES: readonly number[] = [512, 1024, 2048];
export const SMALLEST_BATCH = 512;

/** Maximum share of the free memory for Ollama's estimate, and the maximum share for larger batches. */
export const FREE_SHARE = 0.8;
const FREE_SHARE_OF_BATCH: Readonly<Record<number, number>> = { 1024: 0.75, 2048: 0.6 };

/** Returns what Ollama adds to its estimate for a larger batch, in bytes (`generationBatchSurcharge`). */
export function batchSurcharge(batch: number): number {
  return batch >= 2048 ? 2 * GIB : batch >= 1024 ? 768 * MIB : 0;
}

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
