import type { GgufValue } from '../gguf-file';
import type { Quantization } from './quantization';
import type { Shape } from './shape';

type Narrow = Omit<Shape, 'whole' | 'quantization' | 'tied'>;

/** Returns a shape whose keys have the prefix of its architecture. */
function shape(
  model: string,
  architecture: string,
  keys: Readonly<Record<string, GgufValue>>,
  kindOf?: Shape['kindOf'],
): Narrow {
  const all = { 'attention.layer_norm_rms_epsilon': 0.000001, vocab_size: 256, ...keys };
  return {
    model,
    header: {
      'general.architecture': architecture,
      ...Object.fromEntries(Object.entries(all).map(([key, value]) => [`${architecture}.${key}`, value])),
      'tokenizer.ggml.model': 'none',
    },
    ...(kindOf !== undefined && { kindOf }),
  };
}

/** Experts as small as they can be. */
const EXPERTS = { expert_feed_forward_length: 256, expert_count: 2, expert_used_count: 1 };

/** Heads with their sizes. */
function heads(count: number, kv: GgufValue, length: number): Readonly<Record<string, GgufValue>> {
  return {
    'attention.head_count': count,
    'attention.head_count_kv': kv,
    'attention.key_length': length,
    'attention.value_length': length,
    'rope.dimension_count': length,
  };
}

/** Layers, native context and hidden size. */
function size(blocks: number, context: number, embedding: number): Readonly<Record<string, GgufValue>> {
  return { block_count: blocks, context_length: context, embedding_length: embedding, feed_forward_length: 256 };
}

/** Mamba layers or gated delta networks. */
function states(inner: number, state: number, rank: number, groups: number): Readonly<Record<string, GgufValue>> {
  return {
    'ssm.conv_kernel': 4,
    'ssm.inner_size': inner,
    'ssm.state_size': state,
    'ssm.time_step_rank': rank,
    'ssm.group_count': groups,
  };
}

/** Multi-head latent attention as llama.cpp has it: one KV head with the latent vector and the rotated part. */
function latent(count: number, key: number, value: number, queryRank: number): Readonly<Record<string, GgufValue>> {
  return {
    ...heads(count, 1, 576),
    'attention.value_length': 512,
    'rope.dimension_count': 64,
    'attention.key_length_mla': key,
    'attention.value_length_mla': value,
    'attention.q_lora_rank': queryRank,
    'attention.kv_lora_rank': 512,
    leading_dense_block_count: 1,
    expert_shared_count: 1,
    ...EXPERTS,
  };
}

/** Kinds of layers by a string with one letter for each. */
const byLetter = (letters: string) => (layer: number) => letters[layer] ?? '';
/** Returns a number for each layer, depending on its letter. */
const each = (letters: string, one: string, number: number) =>
  Array.from(letters, (letter) => (letter === one ? number : 0));
/** Kinds of layers of which the last in each period attends to everything. */
const lastOf = (period: number) => (layer: number) => ((layer + 1) % period === 0 ? 'full' : 'other');
/** Whether the last in each period is another one than the others, as a list of the header. */
const slides = (period: number, blocks: number) =>
  Array.from({ length: blocks }, (_, layer) => (layer + 1) % period !== 0);

const GATED_DELTA = { full_attention_interval: 4, 'rope.dimension_sections': new Int32Array([11, 11, 10, 0]) };
/** Mamba (M), experts (E), attention (A). */
const NEMOTRON_3_NANO = 'MEMEMAEMEMEMAEMEMEMAEMEMEMAEMEMEMAEMEMEMEMAEMEMEMEME';
const GRANITE_4 = Array.from({ length: 40 }, (_, layer) => (layer % 10 === 5 ? 'A' : 'M')).join('');
const LFM2 = 'CCACCACCACACACAC';

const NARROW: readonly Narrow[] = [
  shape('llama3.1:8b', 'llama', { ...size(32, 131_072, 4096), ...heads(32, 8, 128) }),
  shape('codellama:7b', 'llama', { ...size(32, 16_384, 4096), ...heads(32, 32, 128) }),
  shape('llama3.2:3b', 'llama', { ...size(28, 131_072, 3072), ...heads(24, 8, 128) }),
  shape('qwen2.5-coder:7b', 'qwen2', { ...size(28, 32_768, 3584), ...heads(28, 4, 128) }),
  shape('qwen2.5-coder:14b', 'qwen2', { ...size(48, 32_768, 5120), ...heads(40, 8, 128) }),
  shape('qwen3:8b', 'qwen3', { ...size(36, 40_960, 4096), ...heads(32, 8, 128) }),
  shape('qwen3:14b', 'qwen3', { ...size(40, 40_960, 5120), ...heads(40, 8, 128) }),
  shape('qwen3-coder:30b', 'qwen3moe', { ...size(48, 262_144, 2048), ...heads(32, 4, 128), ...EXPERTS }),
  shape('phi4:14b', 'phi3', { ...size(40, 16_384, 5120), ...heads(40, 10, 128) }),
  shape('mistral-small3.1:24b', 'mistral3', { ...size(40, 131_072, 5120), ...heads(32, 8, 128) }),
  shape('ministral-3:8b', 'mistral3', { ...size(34, 262_144, 4096), ...heads(32, 8, 128) }),
  shape('ministral-3:14b', 'mistral3', { ...size(40, 262_144, 5120), ...heads(32, 8, 128) }),
  shape('gpt-oss:20b', 'gpt-oss', {
    ...size(24, 131_072, 2880),
    ...heads(64, 8, 64),
    ...EXPERTS,
    'attention.sliding_window': 128,
  }),
  shape('gpt-oss:120b', 'gpt-oss', {
    ...size(36, 131_072, 2880),
    ...heads(64, 8, 64),
    ...EXPERTS,
    'attention.sliding_window': 128,
  }),
  shape('gemma2:9b', 'gemma2', { ...size(42, 8192, 3584), ...heads(16, 8, 256), 'attention.sliding_window': 4096 }),
  shape('gemma3:4b', 'gemma3', { ...size(34, 131_072, 2560), ...heads(8, 4, 256), 'attention.sliding_window': 1024 }),
  shape('gemma3:12b', 'gemma3', { ...size(48, 131_072, 3840), ...heads(16, 8, 256), 'attention.sliding_window': 1024 }),
  shape('gemma3:27b', 'gemma3', {
    ...size(62, 131_072, 5376),
    ...heads(32, 16, 128),
    'attention.sliding_window': 1024,
  }),
  shape('gemma3n:e4b', 'gemma3n', {
    ...size(35, 32_768, 2048),
    ...heads(8, 2, 256),
    'attention.sliding_window': 512,
    'attention.sliding_window_pattern': slides(5, 35),
  }),
  shape(
    'gemma4:e4b',
    'gemma4',
    {
      ...size(42, 131_072, 2560),
      ...heads(8, 2, 512),
      'attention.key_length_swa': 256,
      'attention.value_length_swa': 256,
      'rope.dimension_count_swa': 256,
      'attention.sliding_window': 512,
      'attention.sliding_window_pattern': slides(6, 42),
      'attention.shared_kv_layers': 18,
      embedding_length_per_layer_input: 256,
    },
    (layer) => lastOf(6)(layer) + (layer < 24 ? '' : ' shared'),
  ),
  shape(
    'gemma4:31b',
    'gemma4',
    {
      ...size(60, 262_144, 5376),
      ...heads(
        32,
        slides(6, 60).map((isLocal) => (isLocal ? 16 : 4)),
        512,
      ),
      'attention.key_length_swa': 256,
      'attention.value_length_swa': 256,
      'rope.dimension_count_swa': 256,
      'attention.sliding_window': 1024,
      'attention.sliding_window_pattern': slides(6, 60),
      embedding_length_per_layer_input: 0,
    },
    lastOf(6),
  ),
  shape('command-r7b:7b', 'cohere2', {
    ...size(32, 8192, 4096),
    ...heads(32, 8, 128),
    'attention.layer_norm_epsilon': 0.00001,
    'attention.sliding_window': 4096,
    logit_scale: 0.25,
  }),
  shape('llama4:scout', 'llama4', {
    ...size(48, 10_485_760, 5120),
    ...heads(40, 8, 128),
    ...EXPERTS,
    interleave_moe_layer_step: 1,
  }),
  shape('olmo-3:7b', 'olmo2', { ...size(32, 65_536, 4096), ...heads(32, 32, 128), 'attention.sliding_window': 4096 }),
  shape('exaone4:32b', 'exaone4', {
    ...size(64, 131_072, 5120),
    ...heads(40, 8, 128),
    'attention.sliding_window': 4096,
  }),
  shape('smallthinker:4b', 'smallthinker', {
    ...size(32, 32_768, 1536),
    ...heads(12, 2, 128),
    ...EXPERTS,
    expert_gating_func: 2,
    'attention.sliding_window': 4096,
  }),
  shape('glm-4.7-flash:q4_K_M', 'deepseek2', { ...size(47, 202_752, 2048), ...latent(20, 256, 256, 768) }, (layer) =>
    layer < 1 ? 'dense' : 'experts',
  ),
  shape('deepseek-r1:671b', 'deepseek2', { ...size(61, 163_840, 7168), ...latent(128, 192, 128, 1536) }, (layer) =>
    layer < 1 ? 'dense' : 'experts',
  ),
  shape(
    'glm-4.5-air:106b',
    'glm4moe',
    {
      ...size(47, 131_072, 4096),
      ...heads(96, 8, 128),
      ...EXPERTS,
      leading_dense_block_count: 1,
      expert_shared_count: 1,
      nextn_predict_layers: 1,
    },
    (layer) => (layer < 1 ? 'dense' : layer < 46 ? 'experts' : 'draft'),
  ),
  shape(
    'qwen3.6:35b',
    'qwen35moe',
    {
      ...size(40, 262_144, 2048),
      ...heads(16, 2, 256),
      ...EXPERTS,
      ...states(4096, 128, 32, 16),
      ...GATED_DELTA,
      expert_shared_feed_forward_length: 256,
    },
    lastOf(4),
  ),
  shape(
    'qwen3.6:35b-mtp',
    'qwen35moe',
    {
      ...size(41, 262_144, 2048),
      ...heads(16, 2, 256),
      ...EXPERTS,
      ...states(4096, 128, 32, 16),
      ...GATED_DELTA,
      expert_shared_feed_forward_length: 256,
      nextn_predict_layers: 1,
    },
    (layer) => (layer === 40 ? 'draft' : lastOf(4)(layer)),
  ),
  shape(
    'qwen3.6:27b',
    'qwen35',
    { ...size(64, 262_144, 5120), ...heads(24, 4, 256), ...states(6144, 128, 48, 16), ...GATED_DELTA },
    lastOf(4),
  ),
  shape(
    'qwen3-next:80b',
    'qwen3next',
    {
      ...size(48, 262_144, 2048),
      ...heads(16, 2, 256),
      ...EXPERTS,
      ...states(4096, 128, 32, 16),
      expert_shared_feed_forward_length: 256,
    },
    lastOf(4),
  ),
  shape(
    'nemotron-3-nano:30b',
    'nemotron_h_moe',
    {
      ...size(52, 1_048_576, 2688),
      ...heads(32, each(NEMOTRON_3_NANO, 'A', 2), 128),
      feed_forward_length: each(NEMOTRON_3_NANO, 'E', 256),
      ...EXPERTS,
      ...states(4096, 128, 64, 8),
      'attention.layer_norm_epsilon': 0.00001,
      expert_shared_feed_forward_length: 256,
      expert_shared_count: 1,
    },
    byLetter(NEMOTRON_3_NANO),
  ),
  shape(
    'granite4:32b-a9b-h',
    'granitehybrid',
    {
      ...size(40, 131_072, 4096),
      ...heads(32, each(GRANITE_4, 'A', 8), 128),
      ...EXPERTS,
      ...states(8192, 128, 128, 1),
      expert_shared_feed_forward_length: 256,
    },
    byLetter(GRANITE_4),
  ),
  shape('falcon-h1:1.5b', 'falcon-h1', {
    ...size(24, 131_072, 2048),
    ...heads(8, 2, 128),
    ...states(3072, 256, 48, 1),
  }),
  shape(
    'lfm2:1.2b',
    'lfm2',
    {
      ...size(16, 128_000, 2048),
      ...heads(32, each(LFM2, 'A', 8), 64),
      'shortconv.l_cache': 3,
    },
    byLetter(LFM2),
  ),
  shape('mamba:2.8b', 'mamba', {
    ...size(64, 1_048_576, 2560),
    'attention.head_count': 0,
    ...states(5120, 16, 160, 0),
  }),
  shape('qwen3-embedding:0.6b', 'qwen3', { ...size(28, 32_768, 1024), ...heads(16, 8, 128), pooling_type: 3 }),
  shape('embeddinggemma:300m', 'gemma-embedding', {
    ...size(24, 2048, 768),
    ...heads(3, 1, 256),
    'attention.sliding_window': 512,
    pooling_type: 1,
  }),
];

/** Feed-forward length and vocabulary. */
const dense = (feedForward: GgufValue, vocabulary: number) => ({
  feed_forward_length: feedForward,
  vocab_size: vocabulary,
});

/** The same with experts: their number, how many a token uses, and their feed-forward length. */
const experts = (count: number, used: number, length: number, feedForward: GgufValue, vocabulary: number) => ({
  ...dense(feedForward, vocabulary),
  expert_count: count,
  expert_used_count: used,
  expert_feed_forward_length: length,
});

/** Sizes of the real models, from the `config.json` of their publishers. */
const WHOLE: Readonly<Record<string, Readonly<Record<string, GgufValue>>>> = {
  'llama3.1:8b': dense(14_336, 128_256),
  'codellama:7b': dense(11_008, 32_016),
  'llama3.2:3b': dense(8192, 128_256),
  'qwen2.5-coder:7b': dense(18_944, 152_064),
  'qwen2.5-coder:14b': dense(13_824, 152_064),
  'qwen3:8b': dense(12_288, 151_936),
  'qwen3:14b': dense(17_408, 151_936),
  'qwen3-coder:30b': experts(128, 8, 768, 5472, 151_936),
  'phi4:14b': dense(17_920, 100_352),
  'mistral-small3.1:24b': dense(32_768, 131_072),
  'ministral-3:8b': dense(14_336, 131_072),
  'ministral-3:14b': dense(16_384, 131_072),
  'gpt-oss:20b': experts(32, 4, 2880, 2880, 201_088),
  'gpt-oss:120b': experts(128, 4, 2880, 2880, 201_088),
  'gemma2:9b': dense(14_336, 256_000),
  'gemma3:4b': dense(10_240, 262_144),
  'gemma3:12b': dense(15_360, 262_144),
  'gemma3:27b': dense(21_504, 262_144),
  'gemma3n:e4b': dense(16_384, 262_144),
  'gemma4:e4b': dense(10_240, 262_144),
  'gemma4:31b': dense(21_504, 262_144),
  'command-r7b:7b': dense(14_336, 256_000),
  'llama4:scout': experts(16, 1, 8192, 16_384, 202_048),
  'olmo-3:7b': dense(11_008, 100_278),
  'exaone4:32b': dense(27_392, 102_400),
  'smallthinker:4b': experts(32, 4, 768, 768, 151_936),
  'glm-4.7-flash:q4_K_M': experts(64, 4, 1536, 10_240, 154_880),
  'deepseek-r1:671b': experts(256, 8, 2048, 18_432, 129_280),
  'glm-4.5-air:106b': experts(128, 8, 1408, 10_944, 151_552),
  'qwen3.6:35b': { ...experts(256, 8, 512, 512, 248_320), expert_shared_feed_forward_length: 512 },
  'qwen3.6:35b-mtp': { ...experts(256, 8, 512, 512, 248_320), expert_shared_feed_forward_length: 512 },
  'qwen3.6:27b': dense(17_408, 248_320),
  'qwen3-next:80b': { ...experts(512, 10, 512, 5120, 151_936), expert_shared_feed_forward_length: 512 },
  'nemotron-3-nano:30b': {
    ...experts(128, 6, 1856, each(NEMOTRON_3_NANO, 'E', 1856), 131_072),
    expert_shared_feed_forward_length: 3712,
  },
  'granite4:32b-a9b-h': { ...experts(72, 10, 768, 768, 100_352), expert_shared_feed_forward_length: 1536 },
  'falcon-h1:1.5b': dense(4096, 65_537),
  'lfm2:1.2b': dense(8192, 65_536),
  'mamba:2.8b': { vocab_size: 50_280 },
  'qwen3-embedding:0.6b': dense(3072, 151_669),
  'embeddinggemma:300m': dense(1152, 262_144),
};

/** Quantizations other than Q4_K_M. */
const QUANTIZATIONS: Readonly<Record<string, Quantization>> = {
  'codellama:7b': 'Q4_0',
  'gpt-oss:20b': 'MXFP4',
  'gpt-oss:120b': 'MXFP4',
  'qwen3-embedding:0.6b': 'Q8_0',
  'embeddinggemma:300m': 'BF16',
};

/** Families whose output layer is the matrix of embeddings. */
const TIED = /^(?:llama3\.2|gemma|command-r7b|granite4|lfm2|mamba|qwen3-embedding|embeddinggemma|smallthinker)/;

export const SHAPES: readonly Shape[] = NARROW.map((narrow) => {
  const { model, header } = narrow;
  const keys = Object.entries(WHOLE[model] ?? {});
  const whole = Object.fromEntries(
    keys.map(([key, value]) => [`${String(header['general.architecture'])}.${key}`, value]),
  );
  return { ...narrow, whole, quantization: QUANTIZATIONS[model] ?? 'Q4_K_M', tied: TIED.test(model) };
});
