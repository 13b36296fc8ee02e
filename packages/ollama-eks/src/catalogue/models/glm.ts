import type { ListedModels } from './listed-model';
import { ALPACA_2026, SAVED_HEADERS, SAVED_TAGS_2026 } from './sources';

/** GLM models of Z.ai. Multi-head latent attention: one key of 512 and 64 elements for each token, no value. */
export const GLM_MODELS: ListedModels = {
  'glm-4.7-flash:q4_K_M': {
    bytes: 19_019_270_897,
    architecture: 'glm4moelite',
    blockCount: 47,
    contextLength: 202_752,
    embeddingLength: 2048,
    headCount: 20,
    headCountKv: 1,
    keyLength: 576,
    valueLength: 0,
    quantization: 'Q4_K_M',
    verification: 'copied',
    sources: [SAVED_TAGS_2026, ALPACA_2026, SAVED_HEADERS],
  },
};
