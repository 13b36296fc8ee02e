import type { Source } from '../source';
import type { ListedModels } from './listed-model';
import { LITGPT, OLLAMA_BASH_LIB, SAVED_TAGS } from './sources';

const DEEPSEEK_QWEN3_8B: Source = {
  title: 'config.json of a model derived from DeepSeek-R1-0528-Qwen3-8B',
  url: 'https://huggingface.co/zypchn/BehChat-v0.3/blob/main/config.json',
  date: '2026-11-23',
};
const DEEPSEEK_QWEN_32B: Source = {
  title: 'config.json of a model derived from DeepSeek-R1-Distill-Qwen-32B',
  url: 'https://huggingface.co/tttx/model_3k_forcing_3ep_step1/blob/main/config.json',
  date: '2026-11-23',
};

/** DeepSeek-R1 models, distilled into Qwen and Llama. */
export const DEEPSEEK_MODELS: ListedModels = {
  'deepseek-r1:8b': {
    bytes: 5_225_376_047,
    architecture: 'qwen3',
    blockCount: 36,
    contextLength: 131_072,
    embeddingLength: 4096,
    headCount: 32,
    headCountKv: 8,
    keyLength: 128,
    valueLength: 128,
    quantization: 'Q4_K_M',
    verification: 'verified',
    sources: [OLLAMA_BASH_LIB, DEEPSEEK_QWEN3_8B],
  },
  'deepseek-r1:14b': {
    bytes: 8_988_112_209,
    architecture: 'qwen2',
    blockCount: 48,
    contextLength: 131_072,
    embeddingLength: 5120,
    headCount: 40,
    headCountKv: 8,
    keyLength: 128,
    valueLength: 128,
    quantization: 'Q4_K_M',
    verification: 'unverified',
    note: 'its layers are those of Qwen2.5-14B, which it is derived from',
    sources: [OLLAMA_BASH_LIB],
  },
  'deepseek-r1:32b': {
    bytes: 19_851_337_809,
    architecture: 'qwen2',
    blockCount: 64,
    contextLength: 131_072,
    embeddingLength: 5120,
    headCount: 40,
    headCountKv: 8,
    keyLength: 128,
    valueLength: 128,
    quantization: 'Q4_K_M',
    verification: 'copied',
    sources: [SAVED_TAGS, DEEPSEEK_QWEN_32B],
  },
  'deepseek-r1:70b': {
    bytes: 42_520_397_873,
    architecture: 'llama',
    blockCount: 80,
    contextLength: 131_072,
    embeddingLength: 8192,
    headCount: 64,
    headCountKv: 8,
    keyLength: 128,
    valueLength: 128,
    quantization: 'Q4_K_M',
    verification: 'copied',
    sources: [SAVED_TAGS, LITGPT],
  },
};
