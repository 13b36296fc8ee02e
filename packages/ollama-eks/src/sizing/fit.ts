import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import type { KvCacheType } from './kv-cache';
import type { OllamaModel, ServedModel } from './served-model';

/** How the models are served. */
export interface FitOptions {
  /**
   * GPUs for one server.
   * @default the fewest of the instance type that hold the models (a divisor of its number); all where none does
   */
  readonly gpus?: number;
  /** @default 'f16' */
  readonly kvCacheType?: KvCacheType;
  /**
   * Performance of the gp3 volume that holds the models.
   * @default what `modelVolume` proposes for the instance type
   */
  readonly volume?: VolumePerformance;
  /**
   * Property that errors name.
   * @default 'models'
   */
  readonly property?: string;
}

/** Performance of a gp3 volume. */
export interface VolumePerformance {
  /** Operations per second. */
  readonly iops: number;
  /** MiB/s. */
  readonly throughput: number;
}

/** Bytes of GPU memory by what they are for. */
export interface MemoryParts {
  readonly weightsBytes: number;
  readonly kvCacheBytes: number;
  /** Compute buffers; they grow with the batch. */
  readonly computeBytes: number;
  /** Vision projectors. */
  readonly projectorBytes: number;
  /** CUDA contexts: one per model and GPU. */
  readonly contextBytes: number;
  /** What llama.cpp leaves free. */
  readonly marginBytes: number;
}

/** Memory of one GPU. */
export interface GpuMemory extends MemoryParts {
  /** What CUDA offers. */
  readonly usableBytes: number;
  /** What is left when everything is loaded and the margin kept; negative where it doesn't fit. */
  readonly freeBytes: number;
}

/** One model on the server. */
export interface ModelFit extends MemoryParts {
  readonly model: ServedModel;
  /** GPUs that hold it. */
  readonly gpus: number;
  /** What Ollama's own pre-check expects it to take; often far from the truth. */
  readonly predictedBytes: number;
  /** Tokens per batch (`-b` and `-ub` of llama-server). */
  readonly batch: number;
  /** `num_batch` to be set with the model, where Ollama's own choice would not fit. */
  readonly numBatch?: number;
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
  /** `OLLAMA_SCHED_SPREAD` must be on, since Ollama left alone would choose a single GPU that is too small. */
  readonly schedSpread: boolean;
  readonly models: readonly ModelFit[];
  readonly perGpu: readonly GpuMemory[];
  /** All GPUs together. */
  readonly usedBytes: number;
  /** All GPUs together, margins kept; negative where it doesn't fit. */
  readonly freeBytes: number;
  /** What works but should be known, each a sentence. */
  readonly warnings: readonly string[];
  /** Seconds to read all models from the volume into the GPUs, nothing cached. */
  readonly coldLoadSeconds: number;
  /** Seconds to pull all models from the registry. */
  readonly pullSeconds: number;
  /** Host memory in MiB that one server makes use of. */
  readonly hostMemoryMiB: number;
  /** Cheapest listed on-demand instance type that holds the models; undefined where none does. */
  readonly smallestInstance?: GpuInstanceType;
}

/** Tells whether the models fit, loaded at the same time by one server. */
export declare function fit(
  models: OllamaModel | readonly OllamaModel[],
  instance: string | GpuInstanceType,
  options?: FitOptions,
): Fit;

/** As `fit`, but what doesn't fit is an error that names the instance type and the contexts that do. */
export declare function requireFit(
  models: OllamaModel | readonly OllamaModel[],
  instance: string | GpuInstanceType,
  options?: FitOptions,
): Fit;
