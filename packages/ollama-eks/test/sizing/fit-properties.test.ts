import fc from 'fast-check';
import { gpuInstanceTypeNames } from '../../src/catalogue/gpu-instance-type';
import { modelFigures, modelNames } from '../../src/catalogue/model';
import { fit } from '../../src/sizing/fit';
import { KV_CACHE_TYPES, kvCacheBytes } from '../../src/sizing/kv-cache';
import type { GpuMemory } from '../../src/sizing/placement';
import { type OllamaModel, isServedOneAtATime } from '../../src/sizing/served-model';
import { GIB } from '../../src/sizing/units';
import { first } from '../first';

describe('properties', () => {
  const request = fc.record({
    name: fc.constantFrom(...modelNames()),
    context: fc.double({ min: 0.01, max: 1, noNaN: true }),
    parallel: fc.integer({ min: 1, max: 8 }),
    instance: fc.constantFrom(...gpuInstanceTypeNames()),
    kvCacheType: fc.constantFrom(...KV_CACHE_TYPES),
  });
  const seeded = { seed: 3, numRuns: 150 };

  /** Returns the request as a valid model: within the native context and the copy limit. */
  function modelOf({ name, context, parallel }: { name: string; context: number; parallel: number }): OllamaModel {
    const figures = modelFigures(name);
    const slots = isServedOneAtATime(figures) ? 1 : parallel;
    const max = Math.min(figures.contextLength, Math.ceil(1_048_576 / slots) - 1);
    return { name, parallel: slots, contextLength: Math.max(2048, Math.floor(max * context)) };
  }

  test('more context, more slots or more bytes never fit better', () => {
    fc.assert(
      fc.property(
        request,
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 4e9 }),
        (chosen, tokens, bytes) => {
          const { instance, kvCacheType } = chosen;
          const model = modelOf(chosen);
          const figures = modelFigures(model.name);
          const slots = (model.parallel ?? 1) + 1;
          const fitsWith = (changed: OllamaModel): boolean => fit(changed, instance, { kvCacheType }).fits;
          const contextLength = Math.min(
            model.contextLength + tokens,
            figures.contextLength,
            Math.ceil(1_048_576 / (slots - 1)) - 1,
          );
          const larger: OllamaModel[] = [
            { ...model, contextLength },
            { ...model, figures: { ...figures, bytes: figures.bytes + bytes } },
          ];
          if (!isServedOneAtATime(figures) && model.contextLength * slots < 1_048_576) {
            larger.push({ ...model, parallel: slots });
          }
          return fitsWith(model) || larger.every((more) => !fitsWith(more));
        },
      ),
      seeded,
    );
  });

  test('the largest context fits, the next step does not', () => {
    fc.assert(
      fc.property(request, (chosen) => {
        const { instance, kvCacheType } = chosen;
        const model = modelOf(chosen);
        const figures = modelFigures(model.name);
        const result = fit(model, instance, { kvCacheType });
        const largest = first(result.models).largestContextLength;
        const fitsAt = (contextLength: number): boolean =>
          fit({ ...model, contextLength }, instance, { kvCacheType }).fits;
        const limited =
          largest + 256 > figures.contextLength ||
          (largest + 256) * (model.parallel ?? 1) >= 1_048_576 ||
          (figures.projectorBytes !== undefined && largest === 0);
        return (
          (largest === 0 || fitsAt(largest)) && (limited || !fitsAt(largest + 256)) && (!result.fits || largest > 0)
        );
      }),
      seeded,
    );
  });

  test('the GPUs of a server hold the whole file and the whole cache, and each keeps its margin if the model fits', () => {
    const figuresOf = fc.record({ blockCount: fc.integer({ min: 1, max: 130 }), gpus: fc.constantFrom(1, 2, 3, 5, 8) });
    fc.assert(
      fc.property(request, figuresOf, (chosen, { blockCount, gpus }) => {
        const { kvCacheType } = chosen;
        const model = {
          ...modelOf(chosen),
          figures: { ...modelFigures(chosen.name), blockCount, cachedLayers: undefined },
        };
        const result = fit(model, 'p5.48xlarge', { kvCacheType, gpus });
        const { batch, model: served } = first(result.models);
        const sum = (part: (gpu: GpuMemory) => number): number =>
          result.perGpu.reduce((all, gpu) => all + part(gpu), 0);
        const cache = kvCacheBytes(served.figures, { ...served, type: kvCacheType, batch });
        return (
          result.perGpu.length === gpus &&
          Math.abs(sum(({ weightsBytes, projectorBytes }) => weightsBytes + projectorBytes) - served.figures.bytes) <
            1 &&
          Math.abs(sum(({ kvCacheBytes: bytes }) => bytes) - cache) < 1 &&
          result.perGpu.every(({ weightsBytes, kvCacheBytes: bytes }) => weightsBytes >= 0 && bytes >= 0) &&
          (!result.fits || result.perGpu.every(({ freeBytes, marginBytes }) => freeBytes >= 0 && marginBytes >= GIB))
        );
      }),
      seeded,
    );
  });

  test('the number of GPUs divides that of the instance type', () => {
    fc.assert(
      fc.property(request, (chosen) => {
        const { gpus, instance } = fit(modelOf(chosen), chosen.instance, { kvCacheType: chosen.kvCacheType });
        return instance.gpuCount % gpus === 0;
      }),
      seeded,
    );
  });
});
