import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import type { KvCacheType } from './kv-cache';
import type { GpuMemory, PlacedModel } from './placement';

/** One model on the server. */
export interface ModelFit extends PlacedModel {
  /** Largest context, in steps of 256 tokens, that fits beside the other models; 0 where none does. */
  readonly largestContextLength: number;
}

/** Whether models fit the GPUs of an instance type, and what follows from it. */
export interface Fit {
  readonly fits: boolean;
  /** Why not, in words; undefined where they fit. */
  readonly reason?: string;
  readonly instance: GpuInstanceType;
  readonly kvCacheType: KvCacheType;
  /** GPUs for one server. */
  readonly gpus: number;
  /** A model lies on more than one GPU. */
  readonly spread: boolean;
  /** `OLLAMA_SCHED_SPREAD` must be on: Ollama left alone would choose GPUs that are too small. */
  readonly schedSpread: boolean;
  readonly models: readonly ModelFit[];
  readonly perGpu: readonly GpuMemory[];
  /** All GPUs of the server together. */
  readonly usedBytes: number;
  /**
   * All GPUs of the server together, margins kept. It doesn't tell whether the models fit: one GPU may lack what others have
   * over, and Ollama may want to unload a model though all are held.
   */
  readonly freeBytes: number;
  /** What works but should be known, each a sentence. */
  readonly warnings: readonly string[];
  /** Seconds to read all models from the disk into the GPUs, nothing cached. */
  readonly coldLoadSeconds: number;
  /** Seconds to pull all models through a NAT gateway, the least that network and disk allow: only if the registry keeps up. */
  readonly pullSeconds: number;
  /** Host memory in MiB that one server makes use of: page cache, prompt caches, processes. */
  readonly hostMemoryMiB: number;
  /** Cheapest listed on-demand instance type that holds the models; undefined where none does. */
  readonly smallestInstance?: GpuInstanceType;
}
