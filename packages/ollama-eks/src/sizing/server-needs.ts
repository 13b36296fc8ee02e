import type { Fit } from './fit-result';
import { conversationMemory, pageCacheMiB } from './host-memory';
import type { KvCacheType } from './kv-cache';
import { loadAloneSeconds } from './load-time';
import { serverMemoryMiB } from './pod-resources';

/** Settings of the server's environment that a fit depends on. */
export interface ServerNeeds {
  /** `OLLAMA_CONTEXT_LENGTH`: the largest of the models. Always set, because Ollama would choose it by VRAM alone. */
  readonly contextLength: number;
  /** `OLLAMA_NUM_PARALLEL`. */
  readonly parallel: number;
  /** `OLLAMA_MAX_LOADED_MODELS`. */
  readonly maxLoadedModels: number;
  /** `OLLAMA_FLASH_ATTENTION`: all listed GPUs support it, compute buffers are calculated with it, a quantized cache needs it. */
  readonly flashAttention: boolean;
  /** `OLLAMA_KV_CACHE_TYPE`. */
  readonly kvCacheType: KvCacheType;
  /** `OLLAMA_SCHED_SPREAD`. */
  readonly schedSpread: boolean;
  /** `OLLAMA_LOAD_TIMEOUT` in seconds: a load without progress is canceled after it. */
  readonly loadTimeoutSeconds: number;
  /** `LLAMA_ARG_CACHE_RAM` in MiB for each llama-server; undefined if no model generates text. */
  readonly promptCacheMiB?: number;
  /** MiB of weights that are read into the page cache while the server starts. */
  readonly prefetchMiB: number;
}

/** Minimum of 15 minutes, for cold loads from EBS that take less than half of it; Ollama's 5 minutes are short for large models. */
const MIN_LOAD_TIMEOUT_SECONDS = 900;
/** Slack of a load without readers, whose rate was measured for reading alone. */
const ALONE_SLACK = 1.25;

/**
 * Returns the settings of the server's environment that a fit depends on.
 * @see https://github.com/ollama/ollama/blob/main/envconfig/config.go
 */
export function serverNeeds(fit: Fit, replicasPerNode = 1): ServerNeeds {
  const models = fit.models.map(({ model }) => model);
  const loadTimeout = Math.max(
    MIN_LOAD_TIMEOUT_SECONDS,
    2 * fit.coldLoadSeconds,
    ALONE_SLACK * loadAloneSeconds(models),
  );
  const memoryMiB = serverMemoryMiB(fit.instance, replicasPerNode);
  const { promptCacheMiB } = conversationMemory(models, fit.kvCacheType, memoryMiB);
  return {
    contextLength: Math.max(...models.map(({ contextLength }) => contextLength)),
    parallel: Math.max(...models.map(({ parallel }) => parallel)),
    maxLoadedModels: models.length,
    flashAttention: true,
    kvCacheType: fit.kvCacheType,
    schedSpread: fit.schedSpread,
    loadTimeoutSeconds: Math.ceil(loadTimeout / 60) * 60,
    promptCacheMiB,
    prefetchMiB: pageCacheMiB(memoryMiB, models.length),
  };
}
