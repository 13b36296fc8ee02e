/**
 * Figures of models of the Ollama library, default tags. Sizes are the sum of all layers of the manifest, as `/api/tags` tells
 * them; the rest are keys of the GGUF header. Tags move: pin a digest where that matters.
 */
import type { SlidingWindow, Verification } from './model-figures';
import {
  ALPACA,
  DEEPSEEK_QWEN3_8B,
  DEEPSEEK_QWEN_32B,
  GPT_OSS_120B,
  GPT_OSS_20B,
  GPT_OSS_KEYS,
  GPT_OSS_LOG,
  GPT_OSS_WINDOW,
  LHEP_SOCHI,
  LITGPT,
  MISTRAL_SMALL,
  NOMIC_EMBED,
  NOMIC_EMBED_GGUF,
  OLLAMA_BASH_LIB,
  PHI4_LOG,
  PHI4_SIZE,
  QWEN3_235B_LOG,
  QWEN3_32B_HEADS,
  QWEN3_32B_LOG,
  QWEN3_CODER_30B,
  QWEN3_CODER_480B,
  QWEN3_CODER_480B_NIM,
  SAVED_TAGS,
} from './model-sources';
import type { Source } from './source';

/** Columns of `MODELS`. Keys and values of a head have one size in all of them. */
export type ModelRow = readonly [
  name: string,
  bytes: number,
  quantization: string,
  architecture: string,
  blockCount: number,
  headCount: number,
  headCountKv: number,
  headLength: number,
  embeddingLength: number,
  contextLength: number,
  verification: Verification,
  sources: readonly Source[],
];

// prettier-ignore
export const MODELS: readonly ModelRow[] = [
  // name, bytes, quantization, architecture, layers, heads, KV heads, head size, hidden size, context, how well known, sources
  ['llama3.2:3b', 2_019_393_189, 'Q4_K_M', 'llama', 28, 24, 8, 128, 3072, 131_072, 'verified', [OLLAMA_BASH_LIB, LHEP_SOCHI, LITGPT]],
  ['llama3.1:8b', 4_920_753_328, 'Q4_K_M', 'llama', 32, 32, 8, 128, 4096, 131_072, 'copied', [SAVED_TAGS, ALPACA, LITGPT]],
  ['llama3.1:70b', 42_520_412_561, 'Q4_K_M', 'llama', 80, 64, 8, 128, 8192, 131_072, 'copied', [SAVED_TAGS, ALPACA, LITGPT]],
  ['llama3.1:405b', 243_000_000_000, 'Q4_K_M', 'llama', 126, 128, 8, 128, 16_384, 131_072, 'rounded', [ALPACA, LITGPT]],
  ['llama3.3:70b', 42_520_413_916, 'Q4_K_M', 'llama', 80, 64, 8, 128, 8192, 131_072, 'copied', [SAVED_TAGS, ALPACA, LITGPT]],
  ['qwen2.5-coder:7b', 4_683_087_561, 'Q4_K_M', 'qwen2', 28, 28, 4, 128, 3584, 32_768, 'verified', [OLLAMA_BASH_LIB, LITGPT]],
  ['qwen2.5-coder:14b', 8_988_124_298, 'Q4_K_M', 'qwen2', 48, 40, 8, 128, 5120, 32_768, 'copied', [SAVED_TAGS, LITGPT]],
  ['qwen2.5-coder:32b', 19_851_349_856, 'Q4_K_M', 'qwen2', 64, 40, 8, 128, 5120, 32_768, 'copied', [SAVED_TAGS, LITGPT]],
  ['qwen3:8b', 5_225_388_164, 'Q4_K_M', 'qwen3', 36, 32, 8, 128, 4096, 40_960, 'verified', [OLLAMA_BASH_LIB, LITGPT]],
  ['qwen3:14b', 9_276_198_565, 'Q4_K_M', 'qwen3', 40, 40, 8, 128, 5120, 40_960, 'verified', [OLLAMA_BASH_LIB, LITGPT]],
  ['qwen3:30b', 18_556_699_314, 'Q4_K_M', 'qwen3moe', 48, 32, 4, 128, 2048, 262_144, 'copied', [SAVED_TAGS, LITGPT]],
  ['qwen3:32b', 20_201_253_588, 'Q4_K_M', 'qwen3', 64, 64, 8, 128, 5120, 40_960, 'copied', [SAVED_TAGS, QWEN3_32B_LOG, LITGPT, QWEN3_32B_HEADS]],
  ['qwen3:235b', 142_000_000_000, 'Q4_K_M', 'qwen3moe', 94, 64, 4, 128, 4096, 262_144, 'rounded', [SAVED_TAGS, QWEN3_235B_LOG, LITGPT]],
  ['qwen3-coder:30b', 18_556_700_761, 'Q4_K_M', 'qwen3moe', 48, 32, 4, 128, 2048, 262_144, 'copied', [SAVED_TAGS, QWEN3_CODER_30B, LITGPT]],
  ['qwen3-coder:480b', 290_000_000_000, 'Q4_K_M', 'qwen3moe', 62, 96, 8, 128, 6144, 262_144, 'unverified', [SAVED_TAGS, QWEN3_CODER_480B, QWEN3_CODER_480B_NIM]],
  ['deepseek-r1:8b', 5_225_376_047, 'Q4_K_M', 'qwen3', 36, 32, 8, 128, 4096, 131_072, 'verified', [OLLAMA_BASH_LIB, DEEPSEEK_QWEN3_8B]],
  ['deepseek-r1:14b', 8_988_112_209, 'Q4_K_M', 'qwen2', 48, 40, 8, 128, 5120, 131_072, 'unverified', [OLLAMA_BASH_LIB]],
  ['deepseek-r1:32b', 19_851_337_809, 'Q4_K_M', 'qwen2', 64, 40, 8, 128, 5120, 131_072, 'copied', [SAVED_TAGS, DEEPSEEK_QWEN_32B]],
  ['deepseek-r1:70b', 42_520_397_873, 'Q4_K_M', 'llama', 80, 64, 8, 128, 8192, 131_072, 'copied', [SAVED_TAGS, LITGPT]],
  ['gpt-oss:20b', 13_793_441_244, 'MXFP4', 'gptoss', 24, 64, 8, 64, 2880, 131_072, 'copied', [SAVED_TAGS, GPT_OSS_LOG, GPT_OSS_20B, GPT_OSS_WINDOW, GPT_OSS_KEYS]],
  ['gpt-oss:120b', 65_369_818_941, 'MXFP4', 'gptoss', 36, 64, 8, 64, 2880, 131_072, 'copied', [SAVED_TAGS, GPT_OSS_120B, GPT_OSS_WINDOW, GPT_OSS_KEYS]],
  ['gemma3:4b', 3_338_801_804, 'Q4_K_M', 'gemma3', 34, 8, 4, 256, 2560, 131_072, 'verified', [OLLAMA_BASH_LIB, LITGPT]],
  ['gemma3:12b', 8_149_190_253, 'Q4_K_M', 'gemma3', 48, 16, 8, 256, 3840, 131_072, 'copied', [SAVED_TAGS, LITGPT]],
  ['gemma3:27b', 17_396_936_941, 'Q4_K_M', 'gemma3', 62, 32, 16, 128, 5376, 131_072, 'copied', [SAVED_TAGS, LITGPT]],
  ['mistral:7b', 4_372_824_384, 'Q4_K_M', 'llama', 32, 32, 8, 128, 4096, 32_768, 'verified', [OLLAMA_BASH_LIB, LITGPT]],
  ['mistral-small:24b', 14_333_921_662, 'Q4_K_M', 'llama', 40, 32, 8, 128, 5120, 32_768, 'copied', [SAVED_TAGS, MISTRAL_SMALL]],
  ['devstral:24b', 14_333_927_918, 'Q4_K_M', 'llama', 40, 32, 8, 128, 5120, 131_072, 'unverified', [SAVED_TAGS]],
  ['phi4:14b', 9_053_116_391, 'Q4_K_M', 'phi3', 40, 40, 10, 128, 5120, 16_384, 'copied', [SAVED_TAGS, PHI4_SIZE, LITGPT, PHI4_LOG]],
  ['codellama:7b', 3_825_910_662, 'Q4_0', 'llama', 32, 32, 32, 128, 4096, 16_384, 'verified', [OLLAMA_BASH_LIB, LITGPT]],
  ['codellama:34b', 19_052_049_085, 'Q4_0', 'llama', 48, 64, 8, 128, 8192, 16_384, 'copied', [SAVED_TAGS, LITGPT]],
  ['nomic-embed-text', 274_302_450, 'F16', 'nomic-bert', 12, 12, 12, 64, 768, 2048, 'copied', [SAVED_TAGS, ALPACA, NOMIC_EMBED, NOMIC_EMBED_GGUF]],
];

/**
 * Layers that see a window only. gpt-oss: every second layer, 128 tokens. Gemma 3: five of six, 1024 tokens.
 * @see https://github.com/ollama/ollama/blob/v0.24.0/model/models/gptoss/model.go
 * @see https://github.com/ollama/ollama/blob/v0.24.0/model/models/gemma3/model_text.go
 */
export const SLIDING_WINDOWS: Readonly<Record<string, SlidingWindow>> = {
  'gpt-oss:20b': { tokens: 128, layers: 12 },
  'gpt-oss:120b': { tokens: 128, layers: 18 },
  'gemma3:4b': { tokens: 1024, layers: 29 },
  'gemma3:12b': { tokens: 1024, layers: 40 },
  'gemma3:27b': { tokens: 1024, layers: 52 },
};

/**
 * Bytes of the vision tower (SigLIP, 417 M parameters at F16) and its projection, inside the GGUF: computed from the
 * `vision_config` of the Hugging Face models, rounded up to 10 MB.
 * @see https://huggingface.co/google/gemma-3-27b-it/blob/main/config.json
 */
export const PROJECTORS: Readonly<Record<string, number>> = {
  'gemma3:4b': 860_000_000,
  'gemma3:12b': 860_000_000,
  'gemma3:27b': 860_000_000,
};

/** What else should be known of the figures of single models, each a sentence without its end. */
export const NOTES: Readonly<Record<string, string>> = {
  'qwen3-coder:480b':
    'its size is known in whole GB only, and the size of its heads is that of smaller models of its family',
  'devstral:24b':
    'its size is that of the 2505 build, while the tag holds the 2507 build; its layers are those of Mistral Small 3.1',
  'deepseek-r1:14b': 'its layers are those of Qwen2.5-14B, which it is made from',
};

/** Models that make embeddings and no text. */
export const EMBEDDING_MODELS: readonly string[] = ['nomic-embed-text'];
