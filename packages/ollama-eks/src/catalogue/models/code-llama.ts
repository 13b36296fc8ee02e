import type { ListedModels } from './listed-model';
import { LITGPT, OLLAMA_BASH_LIB, SAVED_TAGS } from './sources';

/** Code Llama models of Meta. */
export const CODE_LLAMA_MODELS: ListedModels = {
  'codellama:7b': {
    bytes: 3_825_910_662,
    architecture: 'llama',
    blockCount: 32,
    contextLength: 16_384,
    embeddingLength: 4096,
    headCount: 32,
    headCountKv: 32,
    keyLength: 128,
    valueLength: 128,
    quantization: 'Q4_0',
    verification: 'verified',
    sources: [OLLAMA_BASH_LIB, LITGPT],
  },
  'codellama:34b': {
    bytes: 19_052_049_085,
    architecture: 'llama',
    blockCount: 48,
    contextLength: 16_384,
    embeddingLength: 8192,
    headCount: 64,
    headCountKv: 8,
    keyLength: 128,
    valueLength: 128,
    quantization: 'Q4_0',
    verification: 'copied',
    sources: [SAVED_TAGS, LITGPT],
  },
};
