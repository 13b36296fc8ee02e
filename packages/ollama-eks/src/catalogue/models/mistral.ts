import type { Source } from '../source';
import type { ListedModels } from './listed-model';
import { LITGPT, OLLAMA_BASH_LIB, SAVED_TAGS } from './sources';

const MISTRAL_SMALL: Source = {
  title: 'config.json of Mistral-Small-24B-Instruct-2501',
  url: 'https://huggingface.co/unsloth/Mistral-Small-24B-Instruct-2501-GGUF/blob/main/config.json',
  date: '2026-11-23',
};

/** Models of Mistral AI. */
export const MISTRAL_MODELS: ListedModels = {
  'mistral:7b': {
    bytes: 4_372_824_384,
    architecture: 'llama',
    blockCount: 32,
    contextLength: 32_768,
    embeddingLength: 4096,
    headCount: 32,
    headCountKv: 8,
    keyLength: 128,
    valueLength: 128,
    quantization: 'Q4_K_M',
    verification: 'verified',
    sources: [OLLAMA_BASH_LIB, LITGPT],
  },
  'mistral-small:24b': {
    bytes: 14_333_921_662,
    architecture: 'llama',
    blockCount: 40,
    contextLength: 32_768,
    embeddingLength: 5120,
    headCount: 32,
    headCountKv: 8,
    keyLength: 128,
    valueLength: 128,
    quantization: 'Q4_K_M',
    verification: 'copied',
    sources: [SAVED_TAGS, MISTRAL_SMALL],
  },
  'devstral:24b': {
    bytes: 14_333_927_918,
    architecture: 'llama',
    blockCount: 40,
    contextLength: 131_072,
    embeddingLength: 5120,
    headCount: 32,
    headCountKv: 8,
    keyLength: 128,
    valueLength: 128,
    quantization: 'Q4_K_M',
    verification: 'unverified',
    note: 'its size is that of the 2505 build, while the tag holds the 2507 build; its layers are those of Mistral Small 3.1',
    sources: [SAVED_TAGS],
  },
};
