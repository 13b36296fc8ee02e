/**
 * What is placed on each GPU. Ollama 0.30 and later chooses the GPUs and the batch size. llama.cpp's `--fit` then loads the whole
 * model if a margin remains free on each of the GPUs; otherwise it moves parts of the model to the CPU.
 *
 * @see https://github.com/ollama/ollama/blob/main/server/sched.go (selectLlamaServerPlacement, load)
 * @see https://github.com/ggml-org/llama.cpp/blob/master/common/fit.cpp
 */
import { type Gpu, usableGpuMemoryMiB } from '../catalogue/gpu';
import type { ModelFigures } from '../catalogue/model-figures';
import { automaticBatch, batchSurcharge, FREE_SHARE, SMALLEST_BATCH } from './batch';
import { computeBytes, draftComputeBytes } from './compute-buffer';
import { draftCacheBytes, kvCacheBytes, type KvCacheType, type KvCacheUse } from './kv-cache';
import type { ServedModel } from './served-model';
import { MIB } from './units';

/** Memory that llama.cpp keeps free on each GPU. @see https://github.com/ggml-org/llama.cpp/pull/16653 (`--fit-target`) */
const MARGIN = 1024 * MIB;
/** CUDA context of each llama-server on each GPU. @see https://github.com/ollama/ollama/blob/main/ml/device.go (MinimumMemory) */
const CUDA_CONTEXT = 457 * MIB;
/** Maximum tokens per batch for embeddings. @see https://github.com/ollama/ollama/blob/main/llm/llama_server.go */
const EMBEDDING_BATCH = 2048;

/** Bytes of GPU memory by purpose. */
export interface MemoryParts {
  /** Weights; an upper bound, because the input embedding may stay on the CPU. */
  readonly weightsBytes: number;
  readonly kvCacheBytes: number;
  /** Compute buffers, one per GPU for the model and one for its draft; they grow with the batch size and the context. */
  readonly computeBytes: number;
  /** Vision projectors. */
  readonly projectorBytes: number;
  /** CUDA contexts, one per model and GPU. */
  readonly contextBytes: number;
}

/** Memory of one GPU. */
export interface GpuMemory extends MemoryParts {
  /** Memory that CUDA offers. */
  readonly usableBytes: number;
  /** Memory that llama.cpp keeps free. */
  readonly marginBytes: number;
  /** Memory that remains when everything is loaded, without the margin; negative if it does not fit. */
  readonly freeBytes: number;
}

/** One model, placed. */
export interface PlacedModel extends MemoryParts {
  readonly model: ServedModel;
  /** Number of GPUs that the model is on. */
  readonly gpus: number;
  /**
   * Bytes of GPU memory that drafting takes on all GPUs, as a part of `kvCacheBytes` and `computeBytes`: cache, compute buffers and
   * further recurrent states; 0 if the model does not draft.
   */
  readonly draftBytes: number;
  /** Memory that Ollama's own pre-check expects it to need; often far from the real figure. */
  readonly predictedBytes: number;
  /** Tokens per batch (`-b` and `-ub` of llama-server). */
  readonly batch: number;
  /** `num_batch` to set with the model; undefined if it fits with Ollama's own choice. */
  readonly numBatch?: number;
}

/** Models on GPUs. */
export interface Placement {
  /** Whether everything fits on the GPUs with every margin free. */
  readonly holds: boolean;
  /** Names of the models for which Ollama would unload another one although there is enough memory. */
  readonly evicting: readonly string[];
  /** Whether `OLLAMA_SCHED_SPREAD` must be set. */
  readonly schedSpread: boolean;
  readonly models: readonly PlacedModel[];
  readonly perGpu: readonly GpuMemory[];
}

/**
 * Places the models on that number of GPUs. If the models do not fit with Ollama's own choice of GPUs and batch size, it tries
 * those that can be configured (`OLLAMA_SCHED_SPREAD`, `num_batch`). Returns the last attempt if the models fit with none of them.
 */
export function place(models: readonly ServedModel[], gpu: Gpu, gpus: number, type: KvCacheType): Placement {
  const usableBytes = usableGpuMemoryMiB(gpu) * MIB;
  const [first, ...others] = layouts(models, usableBytes, gpus);
  const on = (layout: Layout): Placement =>
    loadWithBatch(models, { ...layout, gpus, usableBytes, type, batchLimit: Number.POSITIVE_INFINITY });
  return others.reduce((placement, layout) => (placement.holds ? placement : on(layout)), on(first));
}

/**
 * Returns the memory that Ollama expects a model to need: file and f16 cache, with the head size by division, the minimum KV heads
 * of any layer, and without windows (`PredictServerVRAM`).
 */
export function predictedBytes({ figures, contextLength, parallel }: ServedModel): number {
  const headLength = Math.floor(figures.embeddingLength / figures.headCount);
  const headsKv = Math.max(1, figures.minHeadCountKv ?? figures.headCountKv);
  return figures.bytes + 2 * figures.blockCount * headsKv * headLength * contextLength * parallel * 2;
}

/** GPUs over which the models are spread. */
interface Layout {
  readonly width: number;
  readonly schedSpread: boolean;
}

interface Attempt extends Layout {
  readonly gpus: number;
  readonly usableBytes: number;
  readonly batchLimit: number;
  readonly type: KvCacheType;
}

/** Ollama's own choice first. Several models on several GPUs are always spread; otherwise the result would depend on their order. */
function layouts(models: readonly ServedModel[], usableBytes: number, gpus: number): readonly [Layout, ...Layout[]] {
  if (gpus === 1) {
    return [{ width: 1, schedSpread: false }];
  }
  const [first] = models;
  if (models.length > 1 || first === undefined) {
    return [{ width: gpus, schedSpread: true }];
  }
  return predictedBytes(first) <= usableBytes * FREE_SHARE
    ? [
        { width: 1, schedSpread: false },
        { width: gpus, schedSpread: true },
      ]
    : [{ width: gpus, schedSpread: false }];
}

/** Loads with Ollama's own batch size, then halves the largest one until everything fits. */
function loadWithBatch(models: readonly ServedModel[], attempt: Attempt): Placement {
  const placement = load(models, attempt);
  const batches = placement.models.filter(({ model }) => model.figures.embedding !== true).map(({ batch }) => batch);
  const largest = Math.max(SMALLEST_BATCH, ...batches);
  return placement.holds || largest === SMALLEST_BATCH
    ? placement
    : loadWithBatch(models, { ...attempt, batchLimit: largest / 2 });
}

function load(models: readonly ServedModel[], attempt: Attempt): Placement {
  const loaded = models.map((model) => loadOne(model, attempt));
  const projector = Math.max(...models.map(({ figures }) => figures.projectorBytes ?? 0));
  const perGpu = Array.from({ length: attempt.gpus }, (_, index): GpuMemory => {
    const parts = index < attempt.width ? total(loaded.map(({ shares }) => shares[index] ?? NOTHING)) : NOTHING;
    // The margin of a model with a projector applies to every GPU, although the projector is only on the first.
    const marginBytes = MARGIN + (index > 0 && index < attempt.width ? projector : 0);
    const freeBytes = attempt.usableBytes - used(parts) - marginBytes;
    return { ...parts, usableBytes: attempt.usableBytes, marginBytes, freeBytes };
  });
  const placed = loaded.map(({ placed: model }) => model);
  const evicting = evictions(placed, attempt).map(({ model }) => model.name);
  return {
    holds: evicting.length === 0 && perGpu.every(({ freeBytes }) => freeBytes >= 0),
    evicting,
    schedSpread: attempt.schedSpread,
    models: placed,
    perGpu,
  };
}

function loadOne(model: ServedModel, attempt: Attempt): { placed: PlacedModel; shares: readonly MemoryParts[] } {
  const { figures, contextLength, parallel } = model;
  const predicted = predictedBytes(model);
  const automatic = automaticBatch(contextLength * parallel, predicted, attempt.width * attempt.usableBytes);
  const batch =
    figures.embedding === true ? Math.min(EMBEDDING_BATCH, contextLength) : Math.min(automatic, attempt.batchLimit);
  const use = { contextLength, parallel, type: attempt.type, batch };
  const shares = Array.from({ length: attempt.width }, (_, index) => share(figures, use, index, attempt.width));
  const numBatch = figures.embedding !== true && batch < automatic ? batch : undefined;
  const draftBytes = draftCacheBytes(figures, use) + attempt.width * draftComputeBytes(figures, use, attempt.width);
  const placed = {
    ...total(shares),
    model,
    gpus: attempt.width,
    draftBytes,
    predictedBytes: predicted,
    batch,
    numBatch,
  };
  return { placed, shares };
}

/**
 * Returns what is placed on one of several GPUs: whole layers, and the output layer on the last GPU that has any.
 * @see https://github.com/ggml-org/llama.cpp/blob/master/src/llama-model.cpp (`get_layer_buft_list`)
 */
function share(figures: ModelFigures, use: KvCacheUse, index: number, width: number): MemoryParts {
  const units = figures.blockCount + 1;
  const end = Math.ceil(((index + 1) * units) / width);
  const count = end - Math.ceil((index * units) / width);
  // With more GPUs than layers, some GPUs have none, possibly including the last one.
  const layers = count > 0 && end === units ? count - 1 : count;
  const projectorBytes = figures.projectorBytes ?? 0;
  return {
    weightsBytes: ((figures.bytes - projectorBytes) * count) / units,
    kvCacheBytes: kvCacheBytes(figures, use, layers),
    computeBytes: computeBytes(figures, use, width),
    projectorBytes: index === 0 ? projectorBytes : 0,
    contextBytes: CUDA_CONTEXT,
  };
}

/** Returns the models that fail Ollama's pre-check when loaded last: it then unloads another one, even if there is enough memory. */
function evictions(models: readonly PlacedModel[], { width, usableBytes }: Attempt): readonly PlacedModel[] {
  if (models.length < 2) {
    return [];
  }
  const all = used(total(models));
  return models.filter((model) => {
    const free = width * usableBytes - (all - used(model));
    const surcharge = model.model.figures.embedding === true ? 0 : batchSurcharge(model.batch);
    return model.predictedBytes + surcharge > free * FREE_SHARE;
  });
}

const NOTHING: MemoryParts = { weightsBytes: 0, kvCacheBytes: 0, computeBytes: 0, projectorBytes: 0, contextBytes: 0 };

/** Returns the sum of all parts in bytes. */
export function used(parts: MemoryParts): number {
  return parts.weightsBytes + parts.kvCacheBytes + parts.computeBytes + parts.projectorBytes + parts.contextBytes;
}

function total(list: readonly MemoryParts[]): MemoryParts {
  return list.reduce<MemoryParts>(
    (sum, parts) => ({
      weightsBytes: sum.weightsBytes + parts.weightsBytes,
      kvCacheBytes: sum.kvCacheBytes + parts.kvCacheBytes,
      computeBytes: sum.computeBytes + parts.computeBytes,
      projectorBytes: sum.projectorBytes + parts.projectorBytes,
      contextBytes: sum.contextBytes + parts.contextBytes,
    }),
    NOTHING,
  );
}
