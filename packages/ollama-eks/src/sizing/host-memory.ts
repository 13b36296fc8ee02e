/** Main memory of a server: weights in the page cache, conversations that are not on the GPUs now, and processes. */
import { checkpointBytes, type KvCacheType } from './kv-cache';
import type { ServedModel } from './served-model';
import { MIB } from './units';

/** What conversations take of main memory. */
export interface ConversationMemory {
  /**
   * `LLAMA_ARG_CACHE_RAM` in MiB, for each llama-server that generates text; undefined if none does. A conversation that another one
   * replaces on the GPU is kept there, and continues without reading its prompt again.
   */
  readonly promptCacheMiB?: number;
  /** MiB of everything that the servers of the models use, including the weights in the page cache. */
  readonly totalMiB: number;
}

/** Prompt cache of each llama-server by default, in MiB. @see https://github.com/ggml-org/llama.cpp/pull/16391 (`--cache-ram`) */
const PROMPT_CACHE_MIB = 8192;
/** Planning value for the rest of each llama-server: pinned buffers, tokenizer, CUDA libraries. */
const PROCESS_MIB = 1536;
/** Share of the memory of a server that is planned: the rest is for peaks, and for other pods on the node. */
const PLANNED_SHARE = 0.9;

/**
 * Returns the memory of conversations for the models of a server.
 *
 * Prompt caches get what is left next to the processes and the weights in the page cache, from which a model is loaded again in seconds.
 * Where that is less than the 8 GiB of llama.cpp, they displace weights: the kernel drops pages of files first, and a conversation
 * that is read again costs more than a load that may never happen.
 * @param memoryMiB limit of the server's container
 */
export function conversationMemory(
  models: readonly ServedModel[],
  kvCacheType: KvCacheType,
  memoryMiB: number,
): ConversationMemory {
  const generating = models.filter(({ figures }) => figures.embedding !== true);
  const files = models.reduce((sum, { figures }) => sum + Math.ceil(figures.bytes / MIB), 0);
  const fixed = models.length * PROCESS_MIB + checkpointsMiB(generating, kvCacheType);
  if (generating.length === 0) return { totalMiB: fixed + files };
  const room = Math.floor(memoryMiB * PLANNED_SHARE) - fixed;
  const caches = Math.max(Math.min(room, generating.length * PROMPT_CACHE_MIB), room - files, 0);
  const promptCacheMiB = Math.floor(caches / generating.length);
  return { promptCacheMiB, totalMiB: fixed + files + promptCacheMiB * generating.length };
}

/**
 * Returns the memory in MiB that the page cache of one server can use while its models are loaded: nobody has sent a prompt yet.
 * @param memoryMiB limit of the server's container
 */
export function pageCacheMiB(memoryMiB: number, models: number): number {
  return Math.max(0, memoryMiB - models * PROCESS_MIB);
}

function checkpointsMiB(models: readonly ServedModel[], type: KvCacheType): number {
  return models.reduce((sum, model) => sum + Math.ceil(checkpointBytes(model.figures, { ...model, type }) / MIB), 0);
}
