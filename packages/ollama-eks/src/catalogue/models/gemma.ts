import type { ListedModels } from './listed-model';
import { LITGPT, OLLAMA_BASH_LIB, SAVED_TAGS } from './sources';

/**
 * Gemma models of Google. Five of six layers attend to a window of 1024 tokens. The vision tower (SigLIP, 417 M parameters at F16)
 * and its projection are inside the GGUF; `projectorBytes` is computed from the `vision_config`, rounded up to 10 MB.
 * @see https://github.com/ollama/ollama/blob/v0.24.0/model/models/gemma3/model_text.go
 * @see https://huggingface.co/google/gemma-3-27b-it/blob/main/config.json (vision_config)
 */
export const GEMMA_MODELS: ListedModels = {
  'gemma3:4b': {
    bytes: 3_338_801_804,
    architecture: 'gemma3',
    blockCount: 34,
    contextLength: 131_072,
    embeddingLength: 2560,
    headCount: 8,
    headCountKv: 4,
    keyLength: 256,
    valueLength: 256,
    cachedLayers: [{ layers: 5 }, { layers: 29, window: 1024 }],
    projectorBytes: 860_000_000,
    quantization: 'Q4_K_M',
    verification: 'verified',
    sources: [OLLAMA_BASH_LIB, LITGPT],
  },
  'gemma3:12b': {
    bytes: 8_149_190_253,
    architecture: 'gemma3',
    blockCount: 48,
    contextLength: 131_072,
    embeddingLength: 3840,
    headCount: 16,
    headCountKv: 8,
    keyLength: 256,
    valueLength: 256,
    cachedLayers: [{ layers: 8 }, { layers: 40, window: 1024 }],
    projectorBytes: 860_000_000,
    quantization: 'Q4_K_M',
    verification: 'copied',
    sources: [SAVED_TAGS, LITGPT],
  },
  'gemma3:27b': {
    bytes: 17_396_936_941,
    architecture: 'gemma3',
    blockCount: 62,
    contextLength: 131_072,
    embeddingLength: 5376,
    headCount: 32,
    headCountKv: 16,
    keyLength: 128,
    valueLength: 128,
    cachedLayers: [{ layers: 10 }, { layers: 52, window: 1024 }],
    projectorBytes: 860_000_000,
    quantization: 'Q4_K_M',
    verification: 'copied',
    sources: [SAVED_TAGS, LITGPT],
  },
};
