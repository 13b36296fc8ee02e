import type { Source } from '../source';
import type { ListedModels } from './listed-model';
import { SAVED_TAGS } from './sources';

const GPT_OSS_LOG: Source = {
  title: 'loader log of gpt-oss-20b',
  url: 'https://github.com/ikawrakow/ik_llama.cpp/issues/822',
  date: '2026-11-23',
};
const GPT_OSS_20B: Source = {
  title: 'config.json of a model with the shape of gpt-oss-20b',
  url: 'https://huggingface.co/cryptonaut/AltiMind-sft/blob/main/config.json',
  date: '2026-11-23',
};
/** Tokens of the window. */
const GPT_OSS_WINDOW: Source = {
  title: 'gpt_oss_20b_en, task.json',
  url: 'https://huggingface.co/keras/gpt_oss_20b_en/blob/main/task.json',
  date: '2026-11-23',
};
/** Keys of the GGUF header, as Ollama writes them. */
const GPT_OSS_KEYS: Source = {
  title: 'Ollama, convert/convert_gptoss.go',
  url: 'https://github.com/ollama/ollama/blob/main/convert/convert_gptoss.go',
  date: '2026-11-23',
};
const GPT_OSS_120B: Source = {
  title: 'config.json of a model with the shape of gpt-oss-120b',
  url: 'https://huggingface.co/GohaDAYN/Affine-A10/blob/main/config.json',
  date: '2026-11-23',
};

/**
 * gpt-oss models of OpenAI. Every second layer attends to a window of 128 tokens.
 * @see https://github.com/ollama/ollama/blob/v0.24.0/model/models/gptoss/model.go
 */
export const GPT_OSS_MODELS: ListedModels = {
  'gpt-oss:20b': {
    bytes: 13_793_441_244,
    architecture: 'gptoss',
    blockCount: 24,
    contextLength: 131_072,
    embeddingLength: 2880,
    headCount: 64,
    headCountKv: 8,
    keyLength: 64,
    valueLength: 64,
    cachedLayers: [{ layers: 12 }, { layers: 12, window: 128 }],
    quantization: 'MXFP4',
    verification: 'copied',
    sources: [SAVED_TAGS, GPT_OSS_LOG, GPT_OSS_20B, GPT_OSS_WINDOW, GPT_OSS_KEYS],
  },
  'gpt-oss:120b': {
    bytes: 65_369_818_941,
    architecture: 'gptoss',
    blockCount: 36,
    contextLength: 131_072,
    embeddingLength: 2880,
    headCount: 64,
    headCountKv: 8,
    keyLength: 64,
    valueLength: 64,
    cachedLayers: [{ layers: 18 }, { layers: 18, window: 128 }],
    quantization: 'MXFP4',
    verification: 'copied',
    sources: [SAVED_TAGS, GPT_OSS_120B, GPT_OSS_WINDOW, GPT_OSS_KEYS],
  },
};
