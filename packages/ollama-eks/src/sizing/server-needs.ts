import type { Fit } from './fit';
import type { KvCacheType } from './kv-cache';

/** What the server's environment must say for a fit to hold. */
export interface ServerNeeds {
  /** `OLLAMA_CONTEXT_LENGTH`: the largest of the models. */
  readonly contextLength: number;
  /** `OLLAMA_NUM_PARALLEL`. */
  readonly parallel: number;
  /** `OLLAMA_MAX_LOADED_MODELS`. */
  readonly maxLoadedModels: number;
  /** `OLLAMA_FLASH_ATTENTION`. */
  readonly flashAttention: boolean;
  /** `OLLAMA_KV_CACHE_TYPE`. */
  readonly kvCacheType: KvCacheType;
  /** `OLLAMA_SCHED_SPREAD`. */
  readonly schedSpread: boolean;
  /** `OLLAMA_LOAD_TIMEOUT` in seconds. */
  readonly loadTimeoutSeconds: number;
}

export declare function serverNeeds(fit: Fit): ServerNeeds;
