import fc from 'fast-check';
import { gpuInstanceType } from '../../src/catalogue/gpu-instance-type';
import { modelFigures } from '../../src/catalogue/model';
import type { ModelFigures } from '../../src/catalogue/model-figures';
import { fit, requireFit } from '../../src/sizing/fit';
import { draftComputeBytes } from '../../src/sizing/compute-buffer';
import { draftCacheBytes, type KvCacheType } from '../../src/sizing/kv-cache';
import type { OllamaModel } from '../../src/sizing/served-model';
import { GIB } from '../../src/sizing/units';
import { first } from '../first';
import { refusal } from '../refusal';

const CODER: OllamaModel = { name: 'qwen3-coder:30b', contextLength: 32_768, parallel: 4 };

describe('known cases', () => {
  test.each<[string, number, number, string, KvCacheType, boolean, number]>([
    // model, context, parallel, instance type, KV cache, fits, GPUs per server
    ['qwen3-coder:30b', 32_768, 4, 'g5.xlarge', 'f16', false, 1],
    ['qwen3-coder:30b', 32_768, 4, 'g5.xlarge', 'q8_0', false, 1],
    ['qwen3-coder:30b', 32_768, 4, 'g6.xlarge', 'f16', false, 1],
    ['qwen3-coder:30b', 32_768, 4, 'g6e.xlarge', 'f16', true, 1],
    ['qwen3-coder:30b', 32_768, 4, 'g5.12xlarge', 'f16', true, 2],
    ['qwen3-coder:30b', 65_536, 2, 'g5.12xlarge', 'f16', true, 2],
    ['qwen3-coder:30b', 65_536, 2, 'g6e.2xlarge', 'f16', true, 1],
    ['qwen3-coder:30b', 16_384, 1, 'g5.xlarge', 'f16', true, 1],
    ['llama3.1:8b', 32_768, 2, 'g5.xlarge', 'f16', true, 1],
    ['llama3.1:8b', 131_072, 1, 'g5.xlarge', 'f16', false, 1],
    ['llama3.1:8b', 131_072, 1, 'g5.xlarge', 'q8_0', true, 1],
    ['codellama:7b', 16_384, 2, 'g5.xlarge', 'f16', false, 1],
    ['gpt-oss:20b', 131_072, 1, 'g5.2xlarge', 'f16', true, 1],
    ['gpt-oss:20b', 131_072, 1, 'g4dn.xlarge', 'f16', false, 1],
    ['gpt-oss:120b', 131_072, 1, 'g6e.12xlarge', 'f16', true, 2],
    ['llama3.3:70b', 32_768, 1, 'g6e.2xlarge', 'f16', false, 1],
    ['llama3.3:70b', 32_768, 1, 'g7e.2xlarge', 'f16', true, 1],
    ['gemma3:27b', 32_768, 1, 'g5.2xlarge', 'f16', false, 1],
    ['gemma3:27b', 131_072, 1, 'g6e.2xlarge', 'f16', true, 1],
    ['llama3.1:405b', 65_536, 1, 'p4d.24xlarge', 'f16', true, 8],
    ['llama3.1:405b', 131_072, 1, 'p4d.24xlarge', 'f16', false, 8],
    ['llama3.1:405b', 131_072, 8, 'p5.48xlarge', 'f16', false, 8],
    ['llama3.1:405b', 131_072, 2, 'p5.48xlarge', 'f16', true, 8],
    ['qwen3-coder:480b', 65_536, 1, 'p4d.24xlarge', 'f16', false, 8],
    ['nomic-embed-text', 2048, 1, 'g4dn.xlarge', 'f16', true, 1],
  ])('%s at %i × %i on %s with %s: %s on %i', (name, contextLength, parallel, instance, kvCacheType, fits, gpus) => {
    const result = fit({ name, contextLength, parallel }, instance, { kvCacheType });
    expect([result.fits, result.gpus]).toEqual([fits, gpus]);
    expect(result.reason === undefined).toBe(fits);
    expect(result.freeBytes >= 0 || !fits).toBe(true);
  });

  test('the cheapest instance type is named', () => {
    expect(fit(CODER, 'g5.12xlarge').smallestInstance?.name).toBe('g6e.xlarge');
    expect(
      fit({ ...CODER, name: 'qwen3-coder:480b', contextLength: 262_144, parallel: 3 }, 'g5.xlarge').smallestInstance
        ?.name,
    ).toBe('p4de.24xlarge');
  });

  test('the error for models that do not fit says what would fit', () => {
    const error = refusal(() => requireFit(CODER, 'g5.xlarge', { properties: { models: 'gpu.models' } }));
    expect(error.message).toBe(
      'gpu.models = [{"name":"qwen3-coder:30b","contextLength":32768,"parallel":4}]: ' +
        'qwen3-coder:30b would need 31.2 GiB of the 21.2 GiB that one A10G of g5.xlarge offers ' +
        '(weights 17.3 GiB, KV cache 12.0 GiB, compute 0.5 GiB, CUDA and margin 1.4 GiB); ' +
        'allowed: contextLength up to 5376 for qwen3-coder:30b with parallel 4 on g5.xlarge; ' +
        'use g6e.xlarge (1 × L40S, $1.861 an hour), lower contextLength or parallel, or set kvCacheType to q8_0 for half the KV cache',
    );
    expect(requireFit(CODER, 'g6e.xlarge').fits).toBe(true);
  });

  test('the error for models that fit no listed type says so', () => {
    const figures = { ...modelFigures('llama3.1:405b'), bytes: 3e12 };
    const error = refusal(() => requireFit({ name: 'huge:3t', contextLength: 4096, figures }, 'g5.xlarge'));
    expect(error.message).toContain(
      'allowed: no context of huge:3t fits g5.xlarge; choose a smaller model: it does not fit on any listed instance type',
    );
  });
});

describe('Ollama’s behavior', () => {
  test('its estimate halves the KV cache of qwen3moe and multiplies that of gemma3', () => {
    const coder = first(fit(CODER, 'g6e.xlarge').models);
    expect(coder.predictedBytes - coder.model.figures.bytes).toBe(6 * GIB);
    const gemma = first(fit({ name: 'gemma3:27b', contextLength: 32_768 }, 'g6e.2xlarge').models);
    expect((gemma.predictedBytes - gemma.model.figures.bytes) / gemma.kvCacheBytes).toBeGreaterThan(5);
  });

  test('a model that fits on one GPU is spread if Ollama expects it to need more than 80 % of that GPU', () => {
    const spread = fit({ name: 'qwen3-coder:30b', contextLength: 16_384 }, 'g5.12xlarge', { gpus: 4 });
    expect([spread.fits, spread.spread, spread.schedSpread]).toEqual([true, true, false]);
    expect(spread.warnings.join()).toContain('is spread over 4 GPUs (Ollama expects it to need 18.0 GiB)');
    expect(fit({ name: 'qwen3-coder:30b', contextLength: 16_384 }, 'g5.12xlarge').spread).toBe(false);
  });

  test('a model that Ollama would put on one GPU is spread if it does not fit there', () => {
    const result = fit({ ...CODER, contextLength: 81_920 }, 'g6e.12xlarge', { gpus: 4 });
    expect(first(result.models).predictedBytes).toBeLessThan(0.8 * first(result.perGpu).usableBytes);
    expect([result.fits, result.spread, result.schedSpread]).toEqual([true, true, true]);
    expect(result.warnings.join()).toContain('OLLAMA_SCHED_SPREAD is set');
  });

  test('a warning says that a model leaves GPUs idle', () => {
    const result = fit({ name: 'llama3.1:8b', contextLength: 8192 }, 'g5.12xlarge', { gpus: 4 });
    expect([result.fits, result.spread]).toEqual([true, false]);
    expect(result.warnings.join()).toContain('uses 1 of the 4 GPUs of the server');
  });

  test.each([
    [4096, 1, 'g6e.xlarge', 512],
    [4097, 1, 'g6e.xlarge', 1024],
    [8192, 4, 'g6e.xlarge', 1024],
    [32_769, 1, 'g6e.xlarge', 2048],
    // less headroom than 25 % and 40 %
    [8192, 1, 'g5.xlarge', 512],
    [65_536, 3, 'g6e.xlarge', 1024],
  ])('the batch at %i × %i on %s is %i', (contextLength, parallel, instance, batch) => {
    const [model] = fit({ ...CODER, contextLength, parallel }, instance).models;
    expect([model?.batch, model?.numBatch]).toEqual([batch, undefined]);
  });

  test('the batch of a model on several GPUs depends on the memory of all of them', () => {
    expect(first(fit({ ...CODER, contextLength: 65_536, parallel: 2 }, 'g5.12xlarge').models).batch).toBe(2048);
  });

  test('a batch of 1024 requires that the estimate leaves a quarter of the memory free', () => {
    // 32.5 GiB of 42.5 GiB: with the surcharge below 80 %, without it above 75 %
    const model = first(fit({ name: 'qwen2.5-coder:32b', contextLength: 28_672, parallel: 2 }, 'g6e.xlarge').models);
    expect(model.batch).toBe(512);
  });

  test('a projector is on the first GPU, and its margin applies to every GPU', () => {
    const [one, two] = fit({ name: 'gemma3:27b', contextLength: 32_768 }, 'g5.12xlarge', { gpus: 2 }).perGpu;
    expect([one?.projectorBytes, two?.projectorBytes]).toEqual([860_000_000, 0]);
    expect([one?.marginBytes, two?.marginBytes]).toEqual([GIB, GIB + 860_000_000]);
  });

  test.each([
    [3, ['g5.12xlarge has 4 GPUs: servers with 3 GPUs each leave 1 idle.']],
    [2, []],
  ])('servers of %i of four GPUs: %j', (gpus, expected) => {
    const { warnings } = fit({ ...CODER, contextLength: 8192 }, 'g5.12xlarge', { gpus });
    expect(warnings.filter((warning) => warning.includes('idle'))).toEqual(expected);
  });

  describe('concurrent requests', () => {
    const warningsOf = (figures: Partial<ModelFigures>, parallel: number) => {
      const model = { name: 'other:8b', contextLength: 4096, parallel };
      const all = { ...modelFigures('llama3.1:8b'), ...figures };
      return fit({ ...model, figures: all }, 'g5.12xlarge').warnings.filter((warning) => warning.includes('other:8b'));
    };

    test.each<[string, Partial<ModelFigures>]>([
      ['has recurrent layers', { architecture: 'jamba' }],
      ['has recurrent layers', { architecture: 'granitehybrid' }],
      ['predicts several tokens at once (MTP)', { architecture: 'glm4moe', nextnPredictLayers: 1 }],
      ['has recurrent layers and predicts several', { architecture: 'kimi-linear', nextnPredictLayers: 1 }],
    ])('a warning if the model %s', (what, figures) => {
      expect(warningsOf(figures, 2)).toEqual([expect.stringContaining(`other:8b ${what}`)]);
      expect(warningsOf(figures, 1)).toEqual([]);
    });

    test('no warning for transformers without either', () => {
      expect(warningsOf({}, 4)).toEqual([]);
    });
  });

  test('notes on figures are shown as warnings', () => {
    const { warnings } = fit({ name: 'qwen3-coder:480b', contextLength: 8192 }, 'p5.48xlarge');
    expect(warnings).toContain('The figures of qwen3-coder:480b were not read from its own files.');
    expect(warnings.join()).toContain('qwen3-coder:480b: its size is known only in whole GB');
  });

  test('if layers differ in KV heads, its estimate uses the minimum, and the cache the maximum', () => {
    const figures = { ...modelFigures('llama3.1:8b'), minHeadCountKv: 2 };
    const model = { name: 'uneven:8b', contextLength: 8192, figures };
    const [even, uneven] = [
      fit({ ...model, figures: modelFigures('llama3.1:8b') }, 'g5.xlarge'),
      fit(model, 'g5.xlarge'),
    ];
    expect(first(uneven.models).kvCacheBytes).toBe(first(even.models).kvCacheBytes);
    expect(first(even.models).predictedBytes - figures.bytes).toBe(GIB);
    expect(first(uneven.models).predictedBytes - figures.bytes).toBe(GIB / 4);
  });

  test('if its batch is too large, a smaller one is requested', () => {
    const contextLength = first(fit(CODER, 'g6e.xlarge').models).largestContextLength;
    const tight = fit({ ...CODER, contextLength }, 'g6e.xlarge');
    expect(tight.fits).toBe(true);
    expect(first(tight.models).numBatch).toBe(first(tight.models).batch);
    expect(tight.warnings.join()).toContain(`only with num_batch ${first(tight.models).batch}`);
  });
});

describe('drafts', () => {
  const model: OllamaModel = { name: 'qwen3.6:27b', contextLength: 65_536 };
  const drafting = (figures: Partial<ModelFigures>): OllamaModel => ({
    ...model,
    figures: { ...modelFigures('qwen3.6:27b'), nextnPredictLayers: 1, ...figures },
  });

  test('cost a cache, a compute buffer and further states, which are planned and said', () => {
    const [without, result] = [fit(model, 'g6e.xlarge'), fit(drafting({ draftTokens: 4 }), 'g6e.xlarge')];
    const { draftBytes } = first(result.models);
    expect(result.usedBytes - without.usedBytes).toBeCloseTo(draftBytes, -1);
    const { recurrentBytes = 0 } = modelFigures('qwen3.6:27b');
    // one layer with 4 heads of 256 and 256, f16
    expect(draftBytes).toBeGreaterThan(65_536 * 4 * 512 * 2 + 4 * recurrentBytes);
    expect(result.warnings).toContain(
      `qwen3.6:27b drafts 4 tokens at a time, which takes ${(draftBytes / GIB).toFixed(1)} GiB of GPU memory.`,
    );
  });

  test('leave less context for the model', () => {
    const [without, result] = [fit(model, 'g5.2xlarge'), fit(drafting({ draftTokens: 4 }), 'g5.2xlarge')];
    expect(first(result.models).largestContextLength).toBeLessThan(first(without.models).largestContextLength);
  });

  test('cost nothing if the model does not draft', () => {
    const result = fit(drafting({}), 'g6e.xlarge');
    expect(first(result.models).draftBytes).toBe(0);
    expect(result.warnings).toEqual(fit(model, 'g6e.xlarge').warnings);
  });

  test('of a draft model that uses the cache of the model cost a compute buffer', () => {
    const { draftBytes } = first(
      fit(drafting({ recurrentBytes: 0, draftTokens: 2, draftCachedLayers: [] }), 'g6e.xlarge').models,
    );
    expect(draftBytes).toBeGreaterThan(GIB);
    expect(draftBytes).toBeLessThan(2.5 * GIB);
  });

  test('have a compute buffer on each GPU', () => {
    const large = drafting({ draftTokens: 4, bytes: 60e9 });
    const { gpus, draftBytes, batch, model: served } = first(fit(large, 'g6e.12xlarge', { gpus: 2 }).models);
    const use = { ...served, type: 'f16', batch } as const;
    expect(gpus).toBe(2);
    expect(draftBytes).toBe(draftCacheBytes(served.figures, use) + 2 * draftComputeBytes(served.figures, use, 2));
  });
});

describe('several models on one server', () => {
  const embed: OllamaModel = { name: 'nomic-embed-text', contextLength: 2048 };

  test('all parts are added up, and each model has a CUDA context', () => {
    const alone = fit(CODER, 'g6e.xlarge');
    const both = fit([CODER, embed], 'g6e.xlarge');
    expect(both.fits).toBe(true);
    expect(both.usedBytes).toBeGreaterThan(alone.usedBytes + modelFigures('nomic-embed-text').bytes);
    expect(first(both.perGpu).contextBytes).toBe(2 * first(alone.perGpu).contextBytes);
  });

  test('a second model leaves less context for the first', () => {
    const alone = first(fit(CODER, 'g6e.xlarge').models).largestContextLength;
    const together = fit([CODER, { name: 'qwen2.5-coder:7b', contextLength: 8192, parallel: 4 }], 'g6e.xlarge');
    expect(first(together.models).largestContextLength).toBeLessThan(alone);
  });

  test('models do not fit if Ollama would unload one of them, even if there is enough memory', () => {
    const models = [
      { name: 'gemma3:12b', contextLength: 65_536 },
      { name: 'gemma3:4b', contextLength: 65_536 },
    ];
    const result = fit(models, 'g5.xlarge');
    expect(result.perGpu.every(({ freeBytes }) => freeBytes >= 0)).toBe(true);
    expect(result.fits).toBe(false);
    expect(result.reason).toContain('would unload another model');
  });

  test('models on several GPUs are always spread, regardless of the loading order', () => {
    const models = [
      { name: 'qwen2.5-coder:14b', contextLength: 32_768 },
      { name: 'phi4:14b', contextLength: 16_384 },
    ];
    const result = fit(models, 'g5.12xlarge');
    expect([result.fits, result.gpus, result.schedSpread]).toEqual([true, 2, true]);
    expect(fit([...models].reverse(), 'g5.12xlarge').usedBytes).toBeCloseTo(result.usedBytes, -1);
  });

  test('more context for one model never makes the other fit', () => {
    const names = fc.constantFrom('qwen3:8b', 'gemma3:4b', 'qwen2.5-coder:7b', 'gpt-oss:20b');
    const context = fc.integer({ min: 2048, max: 30_000 });
    const instance = fc.constantFrom('g5.xlarge', 'g5.12xlarge', 'g4dn.12xlarge', 'g6e.xlarge');
    fc.assert(
      fc.property(names, names, context, context, instance, (one, other, contextLength, more, type) => {
        fc.pre(one !== other);
        const fitsWith = (tokens: number): boolean =>
          fit(
            [
              { name: one, contextLength: tokens },
              { name: other, contextLength: 8192 },
            ],
            type,
          ).fits;
        return fitsWith(contextLength) || !fitsWith(Math.min(contextLength + more, 32_768));
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  test('a larger batch increases the estimate of a model that is loaded next to another', () => {
    // of 15.5 GiB, 80 % of what the 3B leaves is enough for the 9.4 GiB expected for the 8B, but not for 0.75 GiB more
    const card = {
      ...gpuInstanceType('g6.xlarge'),
      name: 'g0.xlarge',
      gpu: { name: 'T', memoryMiB: 16_384, usableMemoryMiB: 15_872 },
    };
    const models = [
      { name: 'qwen3:8b', contextLength: 32_768 },
      { name: 'llama3.2:3b', contextLength: 4096 },
    ];
    const result = fit(models, card);
    expect([result.fits, result.models.map(({ numBatch }) => numBatch)]).toEqual([true, [512, undefined]]);
  });

  test('a model that is limited to one request at a time allows any parallel for the others', () => {
    expect(fit([CODER, embed], 'g6e.xlarge').models.map(({ model }) => model.parallel)).toEqual([4, 1]);
  });
});

describe('time', () => {
  test('the instance store has no EBS limit, and the network limits pulls', () => {
    const small = { name: 'qwen2.5-coder:7b', contextLength: 8192 };
    const [ebs, own] = [fit(small, 'g5.xlarge'), fit(small, 'g5.xlarge', { volume: 'instance-store' })];
    expect([ebs.coldLoadSeconds, own.coldLoadSeconds]).toEqual([12, 6]);
    expect(own.pullSeconds).toBe(Math.ceil(4_683_087_561 / (2500e6 / 8)));
    expect(ebs.warnings.join()).toContain('only in bursts of 30 minutes');
    expect(own.warnings).toEqual([]);
    const wide = { name: 'qwen3-coder:30b', contextLength: 8192 };
    const slow = { iops: 3000, throughput: 125 };
    expect(fit(wide, 'g5.12xlarge', { volume: slow }).pullSeconds).toBe(142);
    expect(fit(wide, 'g5.12xlarge', { volume: 'instance-store' }).pullSeconds).toBe(30);
  });

  test.each([
    // 18.6 GB at nine tenths of 250 MiB/s, of 1000 MiB/s, and of what the operations allow
    ['g5.12xlarge', { iops: 4000, throughput: 250 }, 79],
    ['g5.12xlarge', { iops: 4000, throughput: 1000 }, 20],
    ['g5.12xlarge', { iops: 3000, throughput: 1000 }, 27],
    // 437.5 MB/s of the instance for what fits its memory, 326 MiB/s for the rest
    ['g5.xlarge', { iops: 4000, throughput: 1000 }, 50],
    // the page cache, not the volume, limits the load
    ['p4d.24xlarge', { iops: 80_000, throughput: 2000 }, 10],
  ])('a cold load on %s from %j takes %i s', (instance, volume, seconds) => {
    expect(fit({ ...CODER, contextLength: 8192, parallel: 1 }, instance, { volume }).coldLoadSeconds).toBe(seconds);
  });

  test('the volume of models larger than 60 GB has twice the throughput', () => {
    const large = { name: 'llama3.1:405b', contextLength: 8192 };
    expect(fit(large, 'p4d.24xlarge').coldLoadSeconds).toBe(129);
    expect(fit(large, 'p4d.24xlarge', { volume: { iops: 4000, throughput: 1000 } }).coldLoadSeconds).toBe(258);
  });

  test('the time of a pull follows from the limits of NAT, network and disk', () => {
    expect(fit(CODER, 'g6e.xlarge').pullSeconds).toBe(Math.ceil(18_556_700_761 / (2500e6 / 8)));
    expect(fit(CODER, 'g5.12xlarge').pullSeconds).toBe(Math.ceil(18_556_700_761 / (5000e6 / 8)));
  });
});
