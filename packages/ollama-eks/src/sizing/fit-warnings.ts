import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import { ebsThroughput } from './gp3';
import type { ModelDisk } from './load-time';
import type { PlacedModel, Placement } from './placement';
import { gib } from './units';

/** What works but should be known, each a sentence. */
export function fitWarnings(placement: Placement, type: GpuInstanceType, disk: ModelDisk): readonly string[] {
  return [
    ...(placement.holds ? placement.models.flatMap((model) => spreadWarnings(model, placement)) : []),
    ...placement.models.flatMap(figureWarnings),
    ...idleWarnings(placement.perGpu.length, type),
    ...instanceWarnings(type, disk),
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
  const note = figures.note === undefined ? [] : [`${name}: ${figures.note}.`];
  switch (figures.verification) {
    case 'rounded':
      return [`The size of ${name} is known in whole GB only.`, ...note];
    case 'unverified':
      return [`Figures of ${name} were not read from its own files.`, ...note];
    default:
      return note;
  }
}

/** GPUs of a node that no server can have. */
function idleWarnings(gpus: number, { name, gpuCount }: GpuInstanceType): readonly string[] {
  const idle = gpuCount % gpus;
  return idle === 0 ? [] : [`Of the ${gpuCount} GPUs of ${name}, servers of ${gpus} leave ${idle} idle.`];
}

function instanceWarnings(type: GpuInstanceType, disk: ModelDisk): readonly string[] {
  const warnings: string[] = [];
  if (type.ebsBurst === true && disk !== 'instance-store') {
    warnings.push(`${type.name} reaches its EBS limit of ${ebsThroughput(type)} MiB/s in bursts of 30 minutes only.`);
  }
  if (type.capacityBlocksOnly === true) {
    warnings.push(`${type.name} is sold in Capacity Blocks only.`);
  }
  return warnings;
}
