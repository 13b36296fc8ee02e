import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import type { KvCacheType } from './kv-cache';
import type { GpuMemory, PlacedModel } from './placement';

/** One model on the server. */
export interface ModelFit extends PlacedModel {
  /** Largest context, in steps of 256 tokens, that fits next to the other models; 0 if none does. */
  readonly largestContextLength: number;
}

/** Whether models fit the GPUs of an instance type, and what follows from it. */
export interface Fit {
  readonly fits: boolean;
  /** Why the models do not fit; undefined if they do. */
  readonly reason?: string;
  readonly instance: GpuInstanceType;
  readonly kvCacheType: KvCacheType;
  /** GPUs per server. */
  readonly gpus: number;
  /** Whether a model is on more than one GPU. */
  readonly spread: boolean;
  /** Whether `OLLAMA_SCHED_SPREAD` must be set, because otherwise Ollama would choose GPUs that are too small. */
  readonly schedSpread: boolean;
  readonly models: readonly ModelFit[];
  readonly perGpu: readonly GpuMemory[];
  /** Used memory on all GPUs of the server. */
  readonly usedBytes: number;
  /**
   * Free memory on all GPUs of the server, without margins. It does not say whether the models fit: one GPU may be full while
   * others have free memory, and Ollama may unload a model although all of them fit.
   */
  readonly freeBytes: number;
  /** What works but users should know, each a sentence. */
  readonly warnings: readonly string[];
  /** Seconds to read all models from the disk into the GPUs, without any cache. */
  readonly coldLoadSeconds: number;
  /** Minimum seconds to pull all models through a NAT gateway, as network and disk allow; the registry may be slower. */
  readonly pullSeconds: number;
  /** Host memory in MiB that a server uses if it is alone on its node: page cache, conversations, processes. */
  readonly hostMemoryMiB: number;
  /** Cheapest listed on-demand instance type that the models fit on; undefined if there is none. */
  readonly smallestInstance?: GpuInstanceType;
}
