/**
 * Sizing compared with servers: first what servers logged or tools measured, then what follows from the rules alone. SIZE as
 * reported by Ollama before 0.12.11 is an estimate without flash attention, and is used only to compare two models.
 *
 * Not used: the points at 51.8 and 96 GiB of ollama pull request 14743. They are from Macs with 64 and 128 GB of memory that CPU and
 * GPU share, and from Ollama 0.17, which placed layers itself: they include neither CUDA contexts nor llama.cpp's margin.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFigures } from '../../src/catalogue/model';
import type { ModelFigures } from '../../src/catalogue/model-figures';
import { computeBytes, draftComputeBytes } from '../../src/sizing/compute-buffer';
import { kvCacheBytes, type KvCacheType, type KvCacheUse } from '../../src/sizing/kv-cache';
import { place, used } from '../../src/sizing/placement';
import { servedModel } from '../../src/sizing/served-model';
import { GIB, MIB } from '../../src/sizing/units';
import { first } from '../first';

function cache(name: string, contextLength: number, parallel = 1, type: KvCacheType = 'f16'): number {
  return kvCacheBytes(modelFigures(name), { contextLength, parallel, type, batch: 512 });
}

/** Returns the memory that the model needs on one large GPU. */
function onOneGpu(name: string, contextLength: number, figures?: ModelFigures): number {
  const model = servedModel({ name, contextLength, figures });
  const placement = place([model], { name: 'large', memoryMiB: 200_000 }, 1, 'f16');
  return used(first(placement.perGpu));
}

describe('compute buffers, compared with logs of CUDA', () => {
  interface Point {
    readonly url: string;
    readonly model: string;
    readonly architecture: string;
    readonly mebibytes: number;
    /** Why the plan may be below it. */
    readonly notComparable?: string;
  }
  /** A log of a build at least as new as the one that limits scores, with flash attention, and everything on GPUs. */
  interface Comparable extends Point {
    readonly figures: Partial<ModelFigures>;
    readonly use: KvCacheUse;
    /** Which of the buffers the log has. */
    readonly part: 'model' | 'draft' | 'both';
    /** @default 1 */
    readonly gpus?: number;
  }
  const POINTS = JSON.parse(
    readFileSync(join(__dirname, '../../../../test/models/cuda-compute.json'), 'utf8'),
  ) as readonly (Point | Comparable)[];
  const COMPARABLE = POINTS.filter((point): point is Comparable => point.notComparable === undefined);

  function planned({ architecture, figures, use, part, gpus = 1 }: Comparable): number {
    const model: ModelFigures = { ...modelFigures('llama3.1:8b'), architecture, ...figures };
    const draft = draftComputeBytes(model, use, gpus);
    const both = computeBytes(model, use, gpus);
    return (part === 'both' ? both : part === 'draft' ? draft : both - draft) / MIB;
  }

  test('there are at least 12, of several threads and architectures, that compare', () => {
    expect(COMPARABLE.length).toBeGreaterThanOrEqual(12);
    expect(new Set(COMPARABLE.map(({ url }) => url)).size).toBeGreaterThanOrEqual(6);
    expect(new Set(COMPARABLE.map(({ architecture }) => architecture)).size).toBeGreaterThanOrEqual(3);
  });

  test.each(COMPARABLE)('the plan is not below $mebibytes MiB: $model, batch $use.batch ($url)', (point) => {
    expect(planned(point)).toBeGreaterThanOrEqual(point.mebibytes);
  });

  const qwen = modelFigures('qwen3.6:27b');
  const use: KvCacheUse = { contextLength: 262_144, parallel: 1, type: 'f16', batch: 1024 };

  test('what does not depend on the model is that of the logs, to the MiB', () => {
    // llama.cpp pull request 25465 minus ollama issue 17482: two masks, and 68.02 or 122.02 MiB for each 512 tokens of a batch
    const mask = (262_144 * 1024 * 2) / MIB;
    expect(Math.round(756 - 2 * (224.77 - 102.75))).toBe(mask);
    expect(Math.round(648 - 2 * (170.77 - 102.75))).toBe(mask);
    // unsloth pull request 6718: q8_0 adds one layer of f16
    const small: KvCacheUse = { ...use, batch: 512 };
    const figures = { ...qwen, embeddingLength: 2560, headCount: 16 };
    const converted = (computeBytes(figures, { ...small, type: 'q8_0' }, 1) - computeBytes(figures, small, 1)) / MIB;
    expect(converted).toBe(1024);
  });

  test('several GPUs have four copies of masks and hidden states', () => {
    const more = computeBytes(qwen, use, 2) - computeBytes(qwen, use, 1);
    expect(more).toBe(3 * 262_144 * 1024 * 2 + 4 * 1024 * 5120 * 4);
    expect(computeBytes(qwen, use, 4)).toBe(computeBytes(qwen, use, 2));
  });

  test('layers with a window have a mask of their own, as small as their cache', () => {
    const gemma = modelFigures('gemma3:27b');
    const windowed = { ...gemma, cachedLayers: gemma.cachedLayers?.filter(({ window }) => window !== undefined) };
    const without = computeBytes({ ...gemma, cachedLayers: [{ layers: 62 }] }, use, 1);
    expect(computeBytes(gemma, use, 1) - without).toBe((1024 + 1024) * 1024 * 2);
    expect(computeBytes(windowed, use, 1)).toBeLessThan(without);
    // also where the window holds the whole context
    const short = { ...use, contextLength: 1024 };
    const two = [{ layers: 31 }, { layers: 31, window: 1024 }];
    const masks = (layers: typeof two) => computeBytes({ ...gemma, embedding: true, cachedLayers: layers }, short, 1);
    expect(masks(two) - masks(two.slice(0, 1))).toBe(1024 * 1024 * 2);
  });

  test('a context of the usual size has no more than before masks were counted', () => {
    for (const name of ['llama3.1:8b', 'qwen3-coder:30b', 'gpt-oss:20b', 'qwen3.6:27b']) {
      const short = { contextLength: 32_768, parallel: 1, type: 'f16', batch: 1024 } as const;
      expect(computeBytes(modelFigures(name), short, 1)).toBe(1280 * MIB);
    }
  });
});

/** A necessary bound only: what the CPU needs proves nothing about CUDA, whose buffers are other ones, so no plan follows from it. */
describe('compute buffers, compared with what llama.cpp plans on a CPU', () => {
  interface Row {
    readonly model: string;
    readonly header: Readonly<Record<string, unknown>>;
    readonly uses: readonly (KvCacheUse & { readonly computeMiB?: number })[];
  }
  const ROWS = (
    JSON.parse(readFileSync(join(__dirname, '../../../../test/models/llama-cpp.json'), 'utf8')) as readonly Row[]
  ).filter(({ uses }) => uses.every(({ computeMiB }) => computeMiB !== undefined));

  test('30 models are known', () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(30);
  });

  test.each(ROWS)('the plan is not below it: $model', ({ header, uses }) => {
    const embedding = Object.keys(header).some((key) => key.endsWith('.pooling_type'));
    // without what attention adds
    const figures = { ...modelFigures('llama3.1:8b'), embedding, cachedLayers: [] };
    for (const { computeMiB = Infinity, ...use } of uses) {
      expect(computeBytes(figures, use, 1) / MIB).toBeGreaterThanOrEqual(computeMiB);
    }
  });
});

describe('KV cache, compared with logs of servers', () => {
  test.each([
    // ollama issue 10553: 784 and 496 MiB on two GPUs
    ['llama3.3:70b', 4096, 1280],
  ])('%s at %i took %i MiB, exactly', (name, contextLength, mib) => {
    expect(cache(name, contextLength)).toBe(mib * MIB);
  });

  test('20000 tokens took 20224 cells (ollama issue 12403)', () => {
    expect(cache('llama3.1:8b', 20_000)).toBe(20_224 * 131_072);
  });

  test('gemma3:27b took 992 MiB when Ollama did not support windows (ollama issue 9685)', () => {
    const whole: ModelFigures = { ...modelFigures('gemma3:27b'), cachedLayers: undefined };
    expect(kvCacheBytes(whole, { contextLength: 2048, parallel: 1, type: 'f16', batch: 512 })).toBe(992 * MIB);
  });
});

describe('total memory, compared with measurements', () => {
  // ollama issue 9988, nvidia-smi, CUDA: never below the measurement, and at most 6 % above
  test.each([
    [2048, 19_757],
    [4096, 20_331],
    [8192, 21_683],
    [16_384, 24_387],
  ])('qwen2.5-coder:32b at %i: %i MiB', (contextLength, mib) => {
    const estimated = onOneGpu('qwen2.5-coder:32b', contextLength) / MIB;
    expect(estimated).toBeGreaterThanOrEqual(mib);
    expect(estimated).toBeLessThan(mib * 1.06);
  });

  test('qwen3:30b at 8192: /api/ps of Ollama 0.30 said 19 609 891 632 bytes without the CUDA context', () => {
    const estimated = onOneGpu('qwen3:30b', 8192) - 457 * MIB;
    expect(estimated).toBeGreaterThan(19_609_891_632);
    expect(estimated).toBeLessThan(19_609_891_632 * 1.06);
  });

  test('gpt-oss:120b at 8192: ollama ps of 0.12.11 said 67 GB, GPUs and CPU combined (ollama issue 13152)', () => {
    const estimated = onOneGpu('gpt-oss:120b', 8192) - 457 * MIB;
    // 67 GB is rounded
    expect(estimated).toBeGreaterThan(66.5e9);
    expect(estimated).toBeLessThan(67.5e9 * 1.03);
  });

  test.each([
    ['the first of two cards', 260.01],
    ['the second', 346.52],
  ])(
    'the compute buffer of a 70B on %s was %d MiB (ollama issue 10553): the plan is above, and below 1 GiB',
    (_, mib) => {
      const use: KvCacheUse = { contextLength: 4096, parallel: 1, type: 'f16', batch: 512 };
      expect(computeBytes(modelFigures('llama3.3:70b'), use, 2)).toBeGreaterThan(mib * MIB);
      expect(computeBytes(modelFigures('llama3.3:70b'), use, 2)).toBeLessThan(GIB);
    },
  );

  test('a 70B at 4096 on two GPUs has a batch of 512, and the buffer for it on each', () => {
    const model = servedModel({ name: 'llama3.3:70b', contextLength: 4096 });
    const { perGpu, models } = place([model], { name: 'A6000', memoryMiB: 49_140 }, 2, 'f16');
    expect(models[0]?.batch).toBe(512);
    const one = computeBytes(model.figures, { ...model, type: 'f16', batch: 512 }, 2);
    expect(perGpu.map((gpu) => gpu.computeBytes)).toEqual([one, one]);
  });

  test('a 32B with the figures of QwQ exceeds 24 GiB at 16k but not at 8k (ollama pull request 14743)', () => {
    const card = { name: 'RTX 4090', memoryMiB: 24_564, usableMemoryMiB: 24_064 };
    const holds = (contextLength: number): boolean =>
      place([servedModel({ name: 'qwen2.5-coder:32b', contextLength })], card, 1, 'f16').holds;
    expect([holds(8192), holds(16_384)]).toEqual([true, false]);
  });

  test('deepseek-r1:8b took exactly as much as qwen3:8b (demos/ps.md of ollama-bash-lib): only their files differ here', () => {
    for (const contextLength of [4096, 16_384]) {
      const more = onOneGpu('qwen3:8b', contextLength) - onOneGpu('deepseek-r1:8b', contextLength);
      expect(more).toBe(modelFigures('qwen3:8b').bytes - modelFigures('deepseek-r1:8b').bytes);
    }
  });
});

/** Not from a server: layers × KV heads × (key + value) × bytes × cells, calculated by hand from the figures. */
describe('KV cache, calculated by hand', () => {
  test.each([
    ['codellama:7b', 4096, 2048],
    ['llama3.2:3b', 4096, 448],
    ['qwen2.5-coder:7b', 4096, 224],
    ['mistral:7b', 4096, 512],
    ['mistral:7b', 16_384, 2048],
    ['qwen3:30b', 8192, 768],
    ['llama3.1:70b', 32_768, 10 * 1024],
    ['deepseek-r1:70b', 131_072, 40 * 1024],
  ])('%s at %i takes %i MiB', (name, contextLength, mib) => {
    expect(cache(name, contextLength)).toBe(mib * MIB);
  });

  test('qwen2.5-coder:32b needs 3072 MiB more at 16384 than at 4096; the rest of the measured 4056 MiB was for the graph', () => {
    expect(cache('qwen2.5-coder:32b', 16_384) - cache('qwen2.5-coder:32b', 4096)).toBe(3072 * MIB);
  });

  test('q8_0 needs 34/64 of f16, and q4_0 18/64', () => {
    expect(cache('llama3.1:8b', 1024, 1, 'q8_0')).toBe(69_632 * 1024);
    expect(cache('llama3.1:8b', 1024, 1, 'q4_0')).toBe(36_864 * 1024);
  });

  test('windows of gemma3:27b limit the cache: 10 full layers, and 52 with a window of 1024 and a batch of 512', () => {
    expect(cache('gemma3:27b', 32_768)).toBe((10 * 32_768 + 52 * 1536) * 8192);
    expect(cache('gemma3:27b', 1024)).toBe(62 * 1024 * 8192);
  });

  test('each slot has its own cache, rounded up separately', () => {
    expect(cache('gpt-oss:20b', 8192, 3)).toBe(3 * cache('gpt-oss:20b', 8192));
    expect(cache('llama3.1:8b', 100, 3)).toBe(3 * 256 * 131_072);
  });

  test('weights, layer by layer, and the KV cache add up over the GPUs', () => {
    const model = servedModel({ name: 'qwen3-coder:30b', contextLength: 32_768, parallel: 4 });
    const { perGpu, models } = place([model], { name: 'A10G', memoryMiB: 22_888 }, 4, 'f16');
    const weights = perGpu.map(({ weightsBytes }) => Math.round((weightsBytes * 49) / model.figures.bytes));
    expect(weights).toEqual([13, 12, 12, 12]);
    expect(models[0]?.weightsBytes).toBeCloseTo(model.figures.bytes, -1);
    expect(models[0]?.kvCacheBytes).toBeCloseTo(12 * GIB, -1);
  });
});
