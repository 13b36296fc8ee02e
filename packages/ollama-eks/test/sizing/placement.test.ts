import { modelFigures, modelNames } from '../../src/catalogue/model';
import { computeBytes } from '../../src/sizing/compute-buffer';
import { place, type Placement } from '../../src/sizing/placement';
import { servedModel } from '../../src/sizing/served-model';
import { GIB } from '../../src/sizing/units';
import { first } from '../first';

const A100 = { name: 'A100', memoryMiB: 40_960 };

/** Returns the layers on each GPU, derived from its KV cache, and the shares of the file. */
function layersOn(gpus: number, blockCount: number): { readonly layers: number[]; readonly units: number[] } {
  const figures = { ...modelFigures('llama3.1:70b'), blockCount };
  const model = servedModel({ name: 'thin:1b', contextLength: 131_072, parallel: 2, figures });
  const { perGpu, models } = place([model], { ...A100, memoryMiB: 50_000 }, gpus, 'f16');
  const cache = first(models).kvCacheBytes;
  return {
    layers: perGpu.map(({ kvCacheBytes }) => Math.round((kvCacheBytes * blockCount) / cache)),
    units: perGpu.map(({ weightsBytes }) => Math.round((weightsBytes * (blockCount + 1)) / figures.bytes)),
  };
}

describe('layers on GPUs', () => {
  test.each([
    // the output layer counts as one, and has no cache
    [4, 8, [1, 1, 0, 1, 1, 0, 0, 0], [1, 1, 0, 1, 1, 0, 1, 0]],
    [7, 8, [1, 1, 1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 1, 1, 1, 1]],
    [1, 8, [1, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 1, 0, 0, 0]],
    [80, 4, [21, 20, 20, 19], [21, 20, 20, 20]],
  ])('%i layers on %i GPUs: %j with a cache, %j with weights', (blockCount, gpus, layers, units) => {
    expect(layersOn(gpus, blockCount)).toEqual({ layers, units });
  });
});

describe('embedding models', () => {
  const placed = (contextLength: number): Placement =>
    place([servedModel({ name: 'nomic-embed-text', contextLength })], A100, 1, 'f16');

  test.each([
    [512, 512],
    [2048, 2048],
  ])('a context of %i is processed in batches of %i, without a surcharge', (contextLength, batch) => {
    const { models } = placed(contextLength);
    expect(first(models).batch).toBe(batch);
    expect(first(models).computeBytes).toBe(GIB / 2);
  });

  test('the mask of an embedding model that has a cache is added', () => {
    const figures = modelFigures('qwen3-embedding:0.6b');
    const use = { contextLength: 32_768, parallel: 1, type: 'f16', batch: 2048 } as const;
    expect(computeBytes(figures, use, 1)).toBe(GIB / 2 + 32_768 * 2048 * 2);
    expect(computeBytes({ ...figures, embedding: false }, use, 1)).toBe(2.5 * GIB);
  });

  test('a context above the largest batch does not increase the batch', () => {
    const figures = { ...modelFigures('nomic-embed-text'), contextLength: 8192 };
    const model = servedModel({ name: 'long-embed:137m', contextLength: 8192, figures });
    expect(first(place([model], A100, 1, 'f16').models).batch).toBe(2048);
  });

  const embeddingModels = modelNames().filter((name) => modelFigures(name).embedding === true);

  test.each(embeddingModels)('activations of %s are below the base, even with all attention scores', (name) => {
    const { headCount, embeddingLength } = modelFigures(name);
    const batch = 2048;
    // f32: the scores of one layer, the hidden states, their feed-forward of four times the size, and all of that a second time
    const scores = 4 * batch * batch * headCount;
    const activations = 4 * batch * embeddingLength * (1 + 4) * 2;
    expect(scores + activations).toBeLessThan(GIB / 2);
  });
});
