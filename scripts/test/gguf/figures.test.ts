import { GIB } from '@org/ollama-eks/pure';
import { kvCacheBytes, type KvCacheUse } from '@org/ollama-eks';
import { headerFigures } from '../../src/gguf/figures';
import { figuresOf } from '../../src/models/read-figures';

/** Returns a header whose keys have the prefix of its architecture. */
function header(architecture: string, keys: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    'general.architecture': architecture,
    ...Object.fromEntries(Object.entries(keys).map(([key, value]) => [`${architecture}.${key}`, value])),
  };
}

function gib(figures: ReturnType<typeof headerFigures>, use: Partial<KvCacheUse>): string {
  const all = { contextLength: 131_072, parallel: 1, type: 'f16', batch: 2048, ...use } as const;
  return (kvCacheBytes({ bytes: 1, ...figures }, all) / GIB).toFixed(1);
}

const PLAIN = { block_count: 4, context_length: 8192, embedding_length: 1024, 'attention.head_count': 8 };

describe('headers as Ollama’s converters write them', () => {
  test('qwen35moe: one of four layers caches', () => {
    const figures = headerFigures(
      header('qwen35moe', {
        block_count: 40,
        context_length: 262_144,
        embedding_length: 2048,
        'attention.head_count': 16,
        // 0 for recurrent layers, as in files of Ollama's library
        'attention.head_count_kv': Array.from({ length: 40 }, (_, layer) => (layer % 4 === 3 ? 2 : 0)),
        'attention.key_length': 256,
        'attention.value_length': 256,
        full_attention_interval: 4,
        'ssm.conv_kernel': 4,
        'ssm.inner_size': 4096,
        'ssm.state_size': 128,
        'ssm.time_step_rank': 32,
        'ssm.group_count': 16,
      }),
      ['blk.0.attn_norm.weight', 'mtp.layers.0.input_layernorm.weight'],
    );
    expect(figures).toMatchObject({
      architecture: 'qwen35moe',
      headCountKv: 2,
      minHeadCountKv: 0,
      cachedLayers: [{ layers: 10 }],
      recurrentBytes: 30 * (3 * (4096 + 2 * 16 * 128) + 128 * 4096) * 4,
      nextnPredictLayers: 1,
    });
    expect(gib(figures, { contextLength: 262_144 })).toBe('5.1');
    expect(gib({ ...figures, recurrentBytes: 0 }, { contextLength: 262_144 })).toBe('5.0');
  });

  test('qwen35moe: 40 layers and mtp tensors of Ollama’s converters cache what 41 layers of llama.cpp’s do', () => {
    const shape = {
      ...{ context_length: 262_144, embedding_length: 2048, full_attention_interval: 4 },
      ...{ 'attention.head_count': 16, 'attention.head_count_kv': 2 },
      ...{ 'attention.key_length': 256, 'attention.value_length': 256 },
      ...{ 'ssm.conv_kernel': 4, 'ssm.inner_size': 4096, 'ssm.state_size': 128, 'ssm.group_count': 16 },
    };
    const ollama = headerFigures(header('qwen35moe', { ...shape, block_count: 40 }), ['mtp.layers.0.a.weight']);
    const llama = headerFigures(header('qwen35moe', { ...shape, block_count: 41, nextn_predict_layers: 1 }));
    expect(llama).toEqual({ ...ollama, blockCount: 41 });
    expect(llama.cachedLayers).toEqual([{ layers: 10 }]);
  });

  test.each(['deepseek2', 'glm4moelite'])('glm-4.7-flash as %s: keys alone are cached', (architecture) => {
    const isOwn = architecture === 'glm4moelite';
    const figures = headerFigures(
      header(architecture, {
        block_count: 47,
        context_length: 202_752,
        embedding_length: 2048,
        'attention.head_count': 20,
        'attention.head_count_kv': isOwn ? 20 : 1,
        'attention.key_length': isOwn ? 256 : 576,
        'attention.value_length': isOwn ? 256 : 512,
        'attention.key_length_mla': isOwn ? 576 : 256,
        'attention.value_length_mla': isOwn ? 512 : 256,
        'attention.kv_lora_rank': 512,
        'rope.dimension_count': 64,
      }),
    );
    expect(figures).toMatchObject({ architecture, headCountKv: 1, keyLength: 576, valueLength: 0 });
    expect(gib(figures, {})).toBe('6.6');
  });

  test.each(['gpt-oss', 'gptoss'])(
    'gpt-oss as %s, without a pattern: every second layer has a window',
    (architecture) => {
      const figures = headerFigures(
        header(architecture, {
          block_count: 24,
          context_length: 131_072,
          embedding_length: 2880,
          'attention.head_count': 64,
          'attention.head_count_kv': 8,
          'attention.key_length': 64,
          'attention.value_length': 64,
          'attention.sliding_window': 128,
        }),
      );
      expect(figures).toMatchObject({ architecture, cachedLayers: [{ layers: 12, window: 128 }, { layers: 12 }] });
      expect(gib(figures, { parallel: 2 })).toBe('6.1');
    },
  );

  test('embeddinggemma has the architecture of Gemma 3, and no cache', () => {
    const keys = { ...PLAIN, 'attention.sliding_window': 512 };
    expect(headerFigures(header('gemma3', keys), ['dense.0.weight'])).toMatchObject({
      architecture: 'gemma3',
      cachedLayers: [],
      embedding: true,
    });
    expect(headerFigures(header('gemma3', keys))).not.toHaveProperty('embedding');
  });

  test('nemotron_h_omni is Nemotron-H with or without experts', () => {
    const keys = {
      ...PLAIN,
      'attention.head_count_kv': [0, 0, 2, 0],
      feed_forward_length: [0, 512, 0, 0],
      'ssm.conv_kernel': 4,
      'ssm.inner_size': 64,
      'ssm.state_size': 8,
    };
    for (const expert_count of [0, 8]) {
      expect(headerFigures(header('nemotron_h_omni', { ...keys, expert_count }))).toMatchObject({
        cachedLayers: [{ layers: 1 }],
        recurrentBytes: 2 * (3 * 64 + 8 * 64) * 4,
      });
    }
  });
});

describe('headers that llama.cpp does not load', () => {
  const STATES = { 'ssm.inner_size': 64, 'ssm.state_size': 8, 'ssm.conv_kernel': 4 };

  test.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ['llama', { block_count: 4_294_967_295 }, /block_count in the header is 4294967295, but must be .* from 1 to 512$/],
    ['llama', { block_count: 1.5 }, /must be a whole number from 1 to 512/],
    ['llama', { block_count: '4' }, /llama.block_count in the header is not a number/],
    ['llama', { 'attention.head_count': undefined }, /the header has no llama.attention.head_count/],
    ['llama', { 'attention.head_count': '8' }, /attention.head_count in the header is not a number/],
    ['llama', { 'attention.head_count_kv': '2' }, /attention.head_count_kv in the header is not a number/],
    ['llama', { 'attention.head_count_kv': [2, 2] }, /has 2 values for 4 layers/],
    ['llama', { 'attention.head_count_kv': [2, 2, '2', 2] }, /head_count_kv in the header is not a number/],
    ['llama', { 'attention.key_length': NaN }, /attention.key_length in the header is not a number/],
    ['hy_v3', { nextn_predict_layers: 9 }, /nextn_predict_layers in the header is 9, but must be .* from 0 to 3$/],
    ['gemma4', { 'attention.sliding_window': 8, 'attention.shared_kv_layers': 4 }, /must be .* from 0 to 3$/],
    ['qwen35', { ...STATES, full_attention_interval: 0 }, /full_attention_interval in the header is 0/],
  ])('%s with %j', (architecture, keys, words) => {
    expect(() => headerFigures(header(architecture, { ...PLAIN, ...keys }))).toThrow(words);
  });
});

describe('headers', () => {
  test.each(['lfm2', 'kimi-linear'])('%s without KV heads has as many as heads, and no layer with a state', (name) => {
    const figures = headerFigures(header(name, { ...PLAIN, 'shortconv.l_cache': 3, 'kda.head_dim': 8 }));
    expect(figures).toMatchObject({ headCountKv: 8 });
    expect(figures).not.toHaveProperty('recurrentBytes');
  });

  test.each([
    ['mamba', { 'ssm.inner_size': 64, 'ssm.state_size': 8, 'ssm.conv_kernel': 4 }, 4 * (3 * 64 + 8 * 64) * 4],
    ['rwkv7', { 'wkv.head_size': 64 }, 4 * 1024 * (2 + 64) * 4],
  ])('%s has states and no heads', (architecture, keys, recurrentBytes) => {
    for (const heads of [undefined, 0]) {
      const figures = headerFigures(header(architecture, { ...PLAIN, ...keys, 'attention.head_count': heads }));
      expect(figures).toMatchObject({ headCount: 1, headCountKv: 1, cachedLayers: [], recurrentBytes });
    }
  });

  test('without KV heads: as many as heads, while Ollama expects one', () => {
    expect(headerFigures(header('llama', PLAIN))).toMatchObject({ headCountKv: 8, minHeadCountKv: 1 });
  });

  test('layers that differ in KV heads are counted by their own, as 64-bit numbers, too', () => {
    const figures = headerFigures(header('deci', { ...PLAIN, 'attention.head_count_kv': [8n, 2n, 0n, 2n] }));
    expect(figures.cachedLayers).toEqual([{ layers: 1 }, { layers: 2, headCountKv: 2 }]);
  });

  test('a list of windows counts only for architectures that llama.cpp reads it for', () => {
    const list = { 'attention.sliding_window': 512, 'attention.sliding_window_pattern': [true, true, true, true] };
    expect(headerFigures(header('cohere2', { ...PLAIN, ...list })).cachedLayers).toEqual([
      { layers: 3, window: 512 },
      { layers: 1 },
    ]);
    expect(headerFigures(header('mellum', { ...PLAIN, ...list })).cachedLayers).toEqual([{ layers: 4, window: 512 }]);
    expect(headerFigures(header('llama', { ...PLAIN, ...list }))).not.toHaveProperty('cachedLayers');
  });

  test('of an architecture without a rule are sized as those of a transformer, and say so', () => {
    const { note, ...figures } = headerFigures(header('nonesuch', PLAIN));
    expect(note).toBe('its architecture has no rule here, so all layers count as caching the whole context');
    expect(figures).toEqual({ ...headerFigures(header('llama', PLAIN)), architecture: 'nonesuch' });
  });

  test('of an architecture without a rule with a draft model say both', () => {
    const draft = { values: header('dflash', PLAIN), tensors: [], tensorBytes: 0 };
    const file = { values: header('nonesuch', PLAIN), tensors: [], tensorBytes: 0, draftTokens: 4, draft };
    const { note } = figuresOf({ name: 'acme/nonesuch:1b', bytes: 2, layers: [] }, file);
    expect(note).toMatch(
      /^its architecture has no rule here, .*; it has a draft model, whose KV cache is not calculated$/,
    );
  });

  describe('with a draft model', () => {
    const figures = (draft: Record<string, unknown>) => {
      const file = { values: header('llama', PLAIN), tensors: [], tensorBytes: 0, draftTokens: 2 };
      return figuresOf(
        { name: 'acme/model:1b', bytes: 2, layers: [] },
        { ...file, draft: { values: draft, tensors: [], tensorBytes: 0 } },
      );
    };

    test('have the layers of the draft, with all their sizes', () => {
      const draft = header('llama', { ...PLAIN, block_count: 2 });
      const { headCountKv, embeddingLength, headCount } = headerFigures(draft);
      const length = embeddingLength / headCount;
      expect(figures(draft)).toMatchObject({
        draftTokens: 2,
        draftCachedLayers: [{ layers: 2, headCountKv, keyLength: length, valueLength: length }],
      });
    });

    test('have no layers for one that uses the cache of the model', () => {
      const { draftCachedLayers, note } = figures(header('gemma4-assistant', PLAIN));
      expect([draftCachedLayers, note]).toEqual([[], undefined]);
    });

    test('say that one without a rule is not calculated, or whether it is taken for a transformer', () => {
      expect(figures(header('dflash', PLAIN))).toMatchObject({
        draftCachedLayers: [],
        note: 'it has a draft model, whose KV cache is not calculated',
      });
      expect(figures(header('nonesuch', PLAIN)).note).toMatch(/^its draft model: its architecture has no rule here/);
    });
  });

  test('layers that only draft have no cache in hybrid models and in those that skip them', () => {
    const draft = { ...PLAIN, nextn_predict_layers: 1 };
    expect(headerFigures(header('hy_v3', draft)).cachedLayers).toEqual([{ layers: 3 }]);
    expect(headerFigures(header('glm4moe', draft))).not.toHaveProperty('cachedLayers');
    const recurrent = { 'attention.recurrent_layers': [true, false, true, false], 'ssm.conv_kernel': 1 };
    const states = { 'ssm.inner_size': 2, 'ssm.state_size': 3 };
    expect(headerFigures(header('qwen35', { ...draft, ...recurrent, ...states }))).toMatchObject({
      cachedLayers: [{ layers: 1 }],
      recurrentBytes: 2 * 6 * 4,
    });
  });

  test.each([
    [{}, 'the header has no general.architecture'],
    [header('llama', { ...PLAIN, block_count: undefined }), 'the header has no llama.block_count'],
    [header('qwen35', PLAIN), 'the header has no qwen35.ssm.inner_size'],
    [header('gemma4', PLAIN), 'the header has no gemma4.attention.sliding_window'],
    [header('deepseek4', PLAIN), 'the KV cache of deepseek4 has no rule here'],
    [header('graniteswitch', PLAIN), 'the KV cache of graniteswitch has no rule here'],
  ])('%j is refused: %s', (values, problem) => {
    expect(() => headerFigures(values)).toThrow(problem);
  });
});
