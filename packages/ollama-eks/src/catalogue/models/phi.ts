import type { Source } from '../source';
import type { ListedModels } from './listed-model';
import { LITGPT, SAVED_TAGS } from './sources';

const PHI4_SIZE: Source = {
  title: 'loader log of phi4',
  url: 'https://github.com/ollama/ollama/issues/13552',
  date: '2026-11-23',
};
const PHI4_LOG: Source = {
  title: 'figures of phi4',
  url: 'https://github.com/ollama/ollama/issues/9782',
  date: '2026-11-23',
};

/** Phi models of Microsoft. */
export const PHI_MODELS: ListedModels = {
  'phi4:14b': {
    bytes: 9_053_116_391,
    architecture: 'phi3',
    blockCount: 40,
    contextLength: 16_384,
    embeddingLength: 5120,
    headCount: 40,
    headCountKv: 10,
    keyLength: 128,
    valueLength: 128,
    quantization: 'Q4_K_M',
    verification: 'copied',
    sources: [SAVED_TAGS, PHI4_SIZE, LITGPT, PHI4_LOG],
  },
};
