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
import { computeBytes, EMBEDDING_COMPUTE_BYTES } from '../../src/sizing/batch';
import { kvCacheBytes, type KvCacheType } from '../../src/sizing/kv-cache';
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
    readonly batch: number;
    readonly mebibytes: number;
    /** Why the plan may be below it. */
    readonly notComparable?: string;
  }
  const POINTS = JSON.parse(
    readFileSync(join(__dirname, '../../../../test/models/cuda-compute.json'), 'utf8'),
  ) as readonly Point[];

  test.each(POINTS.filter(({ notComparable }) => notComparable === undefined))(
    'the plan is not below $mebibytes MiB: $model, batch $batch',
    ({ batch, mebibytes }) => {
      expect(computeBytes(batch) / MIB).toBeGreaterThanOrEqual(mebibytes);
    },
  );
});

/** A necessary bound only: what the CPU needs proves nothing about CUDA, whose buffers are other ones, so no plan follows from it. */
describe('compute buffers, compared with what llama.cpp plans on a CPU', () => {
  interface Row {
    readonly model: string;
    readonly header: Readonly<Record<string, unknown>>;
    readonly uses: readonly { readonly batch: number; readonly computeMiB?: number }[];
  }
  const ROWS = (
    JSON.parse(readFileSync(join(__dirname, '../../../../test/models/llama-cpp.json'), 'utf8')) as readonly Row[]
  ).filter(({ uses }) => uses.every(({ computeMiB }) => computeMiB !== undefined));

  test('30 models are known', () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(30);
  });

  test.each(ROWS)('the plan is not below it: $model', ({ header, uses }) => {
    const embedding = Object.keys(header).some((key) => key.endsWith('.pooling_type'));
    for (const { batch, computeMiB = Infinity } of uses) {
      const planned = embedding ? EMBEDDING_COMPUTE_BYTES : computeBytes(batch);
      expect(planned / MIB).toBeGreaterThanOrEqual(computeMiB);
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
    ['a 15 GiB model on one card', 170, 17_482],
    ['a 70B on the first of two cards', 260.01, 10_553],
    ['a 70B on the second', 346.52, 10_553],
  ])(
    'the compute buffer of %s at a batch of 512 was %d MiB (ollama issue %i): the base is above, and below 1 GiB',
    (_, mib) => {
      expect(computeBytes(512)).toBeGreaterThan(mib * MIB);
      expect(computeBytes(512)).toBeLessThan(GIB);
    },
  );

  test('a 70B at 4096 on two GPUs has a batch of 512, and the buffer for it on each', () => {
    const model = servedModel({ name: 'llama3.3:70b', contextLength: 4096 });
    const { perGpu, models } = place([model], { name: 'A6000', memoryMiB: 49_140 }, 2, 'f16');
    expect(models[0]?.batch).toBe(512);
    expect(perGpu.map((gpu) => gpu.computeBytes)).toEqual([computeBytes(512), computeBytes(512)]);
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
