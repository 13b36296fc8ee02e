import type { ServedModel } from './served-model';
import { MIB } from './units';

/** Prompt cache of each llama-server, in MiB. @see https://github.com/ggml-org/llama.cpp/pull/16391 (`--cache-ram`) */
export const PROMPT_CACHE_MIB = 8192;
/** Planning value for the rest of each llama-server: pinned buffers, tokenizer, CUDA libraries. */
export const PROCESS_MIB = 1536;

/** Returns the host memory in MiB that one server can use: the files in the page cache, prompt caches, processes. */
export function hostMemoryMiB(models: readonly ServedModel[]): number {
  return models.reduce((sum, { figures }) => {
    const file = Math.ceil(figures.bytes / MIB);
    return sum + file + PROCESS_MIB + (figures.embedding === true ? 0 : PROMPT_CACHE_MIB);
  }, 0);
}

/**
 * Returns the memory in MiB that the page cache of one server can use while its models are loaded: nobody has sent a prompt yet.
 * @param memoryMiB limit of the server's container
 */
export function pageCacheMiB(memoryMiB: number, models: number): number {
  return Math.max(0, memoryMiB - models * PROCESS_MIB);
}
