import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import { ebsThroughput } from './gp3';
import type { PlacedModel, Placement } from './placement';
import { gib } from './units';

/** What works but should be known, each a sentence. */
export function fitWarnings(placement: Placement, type: GpuInstanceType): readonly string[] {
  return [
    ...(placement.holds ? placement.models.flatMap((model) => spreadWarnings(model, placement)) : []),
    ...placement.models.flatMap(figureWarnings),
    ...instanceWarnings(type),
  ];
}

function spreadWarnings(
  { model, gpus, numBatch, predictedBytes }: PlacedModel,
  placement: Placement,
): readonly string[] {
  const given = placement.perGpu.length;
  const why = placement.schedSpread ? 'OLLAMA_SCHED_SPREAD is set' : `Ollama expects it to take ${gib(predictedBytes)}`;
  const warnings: string[] = [];
  if (gpus > 1) {
    warnings.push(
      `${model.name} is spread over ${gpus} GPUs (${why}): more memory, not more speed for a single request.`,
    );
  }
  if (gpus < given) {
    warnings.push(`${model.name} takes ${gpus} of the ${given} GPUs given to the server, the others stay idle.`);
  }
  if (numBatch !== undefined) {
    warnings.push(`${model.name} fits with num_batch ${numBatch} only, so that long prompts are read more slowly.`);
  }
  return warnings;
}

function figureWarnings({ model: { name, figures } }: PlacedModel): readonly string[] {
  switch (figures.verification) {
    case 'rounded':
      return [`The size of ${name} is known in whole GB only.`];
    case 'unverified':
      return [`Figures of ${name} were not read from its own files.`];
    default:
      return [];
  }
}

function instanceWarnings(type: GpuInstanceType): readonly string[] {
  const warnings: string[] = [];
  if (type.ebsBurst === true) {
    warnings.push(`${type.name} reaches its EBS limit of ${ebsThroughput(type)} MiB/s in bursts of 30 minutes only.`);
  }
  if (type.capacityBlocksOnly === true) {
    warnings.push(`${type.name} is sold in Capacity Blocks only.`);
  }
  return warnings;
}
