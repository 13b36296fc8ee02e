/**
 * Memory that was measured on running servers, by what of it is the same in every engine: weights, KV cache and compute buffers.
 * What Ollama before 0.12.11 reported as SIZE is an estimate without flash attention and not used here.
 */
import { modelFigures } from '../../src/catalogue/model';
import type { ModelFigures } from '../../src/catalogue/model-figures';
import { kvCacheBytes, type KvCacheType } from '../../src/sizing/kv-cache';
import { place, used } from '../../src/sizing/placement';
import { servedModel } from '../../src/sizing/served-model';
import { GIB, MIB } from '../../src/sizing/units';
import { first } from '../first';

function cache(name: string, contextLength: number, parallel = 1, type: KvCacheType = 'f16'): number {
  return kvCacheBytes(modelFigures(name), { contextLength, parallel, type, batch: 512 });
}

/** Memory of one large GPU that the model takes. */
function onOneGpu(name: string, contextLength: number, figures?: ModelFigures): number {
  const model = servedModel({ name, contextLength, figures });
  const placement = place([model], { name: 'large', memoryMiB: 200_000 }, 1, 'f16');
  return used(first(placement.perGpu));
}

describe('KV cache', () => {
  test.each([
    // github.com/attogram/ollama-bash-lib, demos/ps.md
    ['codellama:7b', 4096, 2048],
    ['llama3.2:3b', 4096, 448],
    ['qwen2.5-coder:7b', 4096, 224],
    ['mistral:7b', 4096, 512],
    ['mistral:7b', 16_384, 2048],
    // ollama issue 10553: 784 and 496 MiB on two GPUs
    ['llama3.3:70b', 4096, 1280],
    // answer of /api/ps, Ollama 0.30
    ['qwen3:30b', 8192, 768],
    // ollama issue 14743: 10 GiB at 32k, 40 GiB at 128k
    ['llama3.1:70b', 32_768, 10 * 1024],
    ['deepseek-r1:70b', 131_072, 40 * 1024],
  ])('%s at %i takes %i MiB, exactly', (name, contextLength, mib) => {
    expect(cache(name, contextLength)).toBe(mib * MIB);
  });

  test('qwen2.5-coder:32b grows by 3072 MiB from 4096 to 16384 (ollama issue 9988, nvidia-smi less the graph)', () => {
    expect(cache('qwen2.5-coder:32b', 16_384) - cache('qwen2.5-coder:32b', 4096)).toBe(3072 * MIB);
  });

  test('20000 tokens take 20224 cells (ollama issue 12403)', () => {
    expect(cache('llama3.1:8b', 20_000)).toBe(20_224 * 131_072);
  });

  test('q8_0 takes 34/64 of f16 and q4_0 18/64', () => {
    expect(cache('llama3.1:8b', 1024, 1, 'q8_0')).toBe(69_632 * 1024);
    expect(cache('llama3.1:8b', 1024, 1, 'q4_0')).toBe(36_864 * 1024);
  });

  test('gemma3:27b counted without windows takes the 992 MiB of ollama issue 9685, with them less beyond the window', () => {
    const whole: ModelFigures = { ...modelFigures('gemma3:27b'), slidingWindow: undefined };
    const use = { parallel: 1, type: 'f16', batch: 512 } as const;
    expect(kvCacheBytes(whole, { ...use, contextLength: 2048 })).toBe(992 * MIB);
    // 10 layers in full, 52 of a window of 1024 and a batch of 512
    expect(cache('gemma3:27b', 32_768)).toBe((10 * 32_768 + 52 * 1536) * 8192);
    expect(cache('gemma3:27b', 1024)).toBe(62 * 1024 * 8192);
  });

  test('each slot has a cache of its own', () => {
    expect(cache('gpt-oss:20b', 8192, 3)).toBe(3 * cache('gpt-oss:20b', 8192));
  });
});

describe('memory in all', () => {
  // ollama issue 9988, nvidia-smi, CUDA: never less than was measured, and not more than 6 % above
  test.each([
    [2048, 19_757],
    [4096, 20_331],
    [8192, 21_683],
    [16_384, 24_387],
  ])('qwen2.5-coder:32b at %i: %i MiB were measured', (contextLength, mib) => {
    const reckoned = onOneGpu('qwen2.5-coder:32b', contextLength) / MIB;
    expect(reckoned).toBeGreaterThanOrEqual(mib);
    expect(reckoned).toBeLessThan(mib * 1.06);
  });

  test('qwen3:30b at 8192: /api/ps of Ollama 0.30 said 19 609 891 632 bytes without the CUDA context', () => {
    const reckoned = onOneGpu('qwen3:30b', 8192) - 457 * MIB;
    expect(reckoned).toBeGreaterThan(19_609_891_632);
    expect(reckoned).toBeLessThan(19_609_891_632 * 1.06);
  });

  test('compute buffers of a 70B at a batch of 512 were 260 and 347 MiB (ollama issue 10553), 170 MiB on a 3090 (17482)', () => {
    const model = servedModel({ name: 'llama3.3:70b', contextLength: 4096 });
    const { perGpu, models } = place([model], { name: 'A6000', memoryMiB: 49_140 }, 2, 'f16');
    expect(models[0]?.batch).toBe(512);
    for (const { computeBytes } of perGpu) {
      expect(computeBytes).toBeGreaterThan(347 * MIB);
      expect(computeBytes).toBeLessThan(GIB);
    }
  });

  test('a 32B with the figures of QwQ spills from 24 GiB at 16k and not at 8k (ollama issue 14743)', () => {
    const card = { name: 'RTX 4090', memoryMiB: 24_564, usableMemoryMiB: 24_064 };
    const holds = (contextLength: number): boolean =>
      place([servedModel({ name: 'qwen2.5-coder:32b', contextLength })], card, 1, 'f16').holds;
    expect([holds(8192), holds(16_384)]).toEqual([true, false]);
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
