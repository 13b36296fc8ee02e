import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import { RECURRENT_ARCHITECTURES } from '../catalogue/architectures';
import { headsWithoutFlashAttention } from './flash-attention';
import { ebsThroughput } from './gp3';
import type { ModelDisk } from './load-time';
import type { PlacedModel, Placement } from './placement';
import { gib } from './units';

/** Returns what works but users should know, each a sentence. */
export function fitWarnings(placement: Placement, type: GpuInstanceType, disk: ModelDisk): readonly string[] {
  return [
    ...(placement.holds ? placement.models.flatMap((model) => spreadWarnings(model, placement)) : []),
    ...placement.models.flatMap(draftWarnings),
    ...placement.models.flatMap(attentionWarnings),
    ...placement.models.flatMap(isolationWarnings),
    ...placement.models.flatMap(figureWarnings),
    ...idleWarnings(placement.perGpu.length, type),
    ...instanceWarnings(type, disk),
  ];
}

function spreadWarnings(
  { model, gpus, numBatch, predictedBytes }: PlacedModel,
  placement: Placement,
): readonly string[] {
  const available = placement.perGpu.length;
  const why = placement.schedSpread ? 'OLLAMA_SCHED_SPREAD is set' : `Ollama expects it to need ${gib(predictedBytes)}`;
  const warnings: string[] = [];
  if (gpus > 1) {
    warnings.push(
      `${model.name} is spread over ${gpus} GPUs (${why}): this adds memory, not speed for a single request.`,
    );
  }
  if (gpus < available) {
    warnings.push(`${model.name} uses ${gpus} of the ${available} GPUs of the server, the others are idle.`);
  }
  if (numBatch !== undefined) {
    warnings.push(`${model.name} fits only with num_batch ${numBatch}, which makes reading long prompts slower.`);
  }
  return warnings;
}

function attentionWarnings({ model: { name, figures } }: PlacedModel): readonly string[] {
  return headsWithoutFlashAttention(figures).map(
    (lengths) =>
      `${name} has heads of ${lengths}, for which CUDA has no flash attention: llama.cpp computes their attention on the CPU, which is slow.`,
  );
}

/** Says what drafting costs, because a model drafts without being asked to if its own parameters say so. */
function draftWarnings({ model: { name, figures }, draftBytes }: PlacedModel): readonly string[] {
  return draftBytes === 0
    ? []
    : [`${name} drafts ${figures.draftTokens} tokens at a time, which takes ${gib(draftBytes)} of GPU memory.`];
}

/**
 * Warns about concurrent requests to models for which prompts were reported in answers to other requests.
 * @see https://github.com/ggml-org/llama.cpp/issues/27148
 * @see https://github.com/ggml-org/llama.cpp/issues/28286
 */
function isolationWarnings({ model: { name, parallel, figures } }: PlacedModel): readonly string[] {
  if (parallel === 1) return [];
  const kinds = [
    ...(RECURRENT_ARCHITECTURES.includes(figures.architecture) ? ['has recurrent layers'] : []),
    ...((figures.nextnPredictLayers ?? 0) === 0 ? [] : ['predicts several tokens at once (MTP)']),
  ];
  return kinds.length === 0
    ? []
    : [
        `${name} ${kinds.join(' and ')}: for such models, llama.cpp has reports of prompts that appear in answers to concurrent requests. Set parallel to 1, or probe the endpoint with \`ollama-eks verify --isolation\`.`,
      ];
}

function figureWarnings({ model: { name, figures } }: PlacedModel): readonly string[] {
  const note = figures.note === undefined ? [] : [`${name}: ${figures.note}.`];
  switch (figures.verification) {
    case 'rounded':
      return [`The size of ${name} is known only in whole GB.`, ...note];
    case 'unverified':
      return [`The figures of ${name} were not read from its own files.`, ...note];
    default:
      return note;
  }
}

/** Warns about GPUs of a node that no server can use. */
function idleWarnings(gpus: number, { name, gpuCount }: GpuInstanceType): readonly string[] {
  const idle = gpuCount % gpus;
  return idle === 0 ? [] : [`${name} has ${gpuCount} GPUs: servers with ${gpus} GPUs each leave ${idle} idle.`];
}

function instanceWarnings(type: GpuInstanceType, disk: ModelDisk): readonly string[] {
  const warnings: string[] = [];
  if (type.ebsBurst === true && disk !== 'instance-store') {
    warnings.push(`${type.name} reaches its EBS limit of ${ebsThroughput(type)} MiB/s only in bursts of 30 minutes.`);
  }
  if (type.capacityBlocksOnly === true) {
    warnings.push(`${type.name} is sold only in Capacity Blocks.`);
  }
  return warnings;
}
