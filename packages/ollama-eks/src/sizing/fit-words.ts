import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import type { Fit } from './fit-result';
import { type Placement, used } from './placement';
import { gib } from './units';

/** What would help if models do not fit. */
export interface FitHelp {
  /** More GPUs of the same node for the server. */
  readonly moreGpus: boolean;
  /** Less context or fewer parallel requests: the weights alone fit. */
  readonly lessContext: boolean;
}

/** Returns why models do not fit, as a sentence without a period. */
export function fitProblem({ evicting, models, perGpu }: Placement, type: GpuInstanceType): string {
  const names = models.map(({ model }) => model.name).join(' and ');
  const fullest = perGpu.reduce((worst, gpu) => (gpu.freeBytes < worst.freeBytes ? gpu : worst));
  if (fullest.freeBytes < 0) {
    const where = perGpu.length === 1 ? `one ${type.gpu.name}` : `each of ${perGpu.length} ${type.gpu.name}s`;
    return (
      `${names} would need ${gib(used(fullest) + fullest.marginBytes)} of the ${gib(fullest.usableBytes)} that ${where} ` +
      `of ${type.name} offers (weights ${gib(fullest.weightsBytes + fullest.projectorBytes)}, ` +
      `KV cache ${gib(fullest.kvCacheBytes)}, compute ${gib(fullest.computeBytes)}, ` +
      `CUDA and margin ${gib(fullest.contextBytes + fullest.marginBytes)})`
    );
  }
  return `Ollama’s own estimate for ${evicting.join(' and ')} is so high that it would unload another model of ${names}`;
}

/** Returns what to do if models do not fit: only what would help. */
export function fitRemedy(fit: Fit, help: FitHelp): string {
  const { smallestInstance: smallest, instance, models, kvCacheType, perGpu } = fit;
  const parallel = models.some(({ model }) => model.parallel > 1);
  // Ollama's own estimate does not depend on the type of the cache.
  const quantizable =
    kvCacheType === 'f16' && perGpu.some(({ freeBytes, kvCacheBytes }) => freeBytes < 0 && kvCacheBytes > 0);
  const remedies = [
    ...(smallest === undefined
      ? ['choose a smaller model: it does not fit on any listed instance type']
      : smallest.name === instance.name
        ? []
        : [`use ${smallest.name} (${smallest.gpuCount} × ${smallest.gpu.name}, $${smallest.pricePerHour} an hour)`]),
    ...(help.moreGpus ? ['use more GPUs per server'] : []),
    ...(help.lessContext ? [parallel ? 'lower contextLength or parallel' : 'lower contextLength'] : []),
    ...(help.lessContext && quantizable ? ['set kvCacheType to q8_0 for half the KV cache'] : []),
  ];
  return remedies.length < 2 ? remedies.join('') : `${remedies.slice(0, -1).join(', ')}, or ${remedies.at(-1)}`;
}
