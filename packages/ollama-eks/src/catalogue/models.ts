import { CODE_LLAMA_MODELS } from './models/code-llama';
import { DEEPSEEK_MODELS } from './models/deepseek';
import { EMBEDDING_MODELS } from './models/embeddings';
import { GEMMA_MODELS } from './models/gemma';
import { GLM_MODELS } from './models/glm';
import { GPT_OSS_MODELS } from './models/gpt-oss';
import type { ListedModel } from './models/listed-model';
import { LLAMA_MODELS } from './models/llama';
import { MISTRAL_MODELS } from './models/mistral';
import { NEMOTRON_MODELS } from './models/nemotron';
import { NOMIC_MODELS } from './models/nomic';
import { PHI_MODELS } from './models/phi';
import { QWEN_MODELS } from './models/qwen';
import { QWEN_HYBRID_MODELS } from './models/qwen-hybrid';

/**
 * Figures of models in the Ollama library, default tags. Sizes are the sum of all layers of the manifest, as `/api/tags` reports
 * them; the rest are keys of the GGUF header. Tags move: pin a digest where that matters.
 */
export const MODELS: ReadonlyMap<string, ListedModel> = new Map(
  Object.entries({
    ...LLAMA_MODELS,
    ...QWEN_MODELS,
    ...DEEPSEEK_MODELS,
    ...GPT_OSS_MODELS,
    ...GEMMA_MODELS,
    ...MISTRAL_MODELS,
    ...PHI_MODELS,
    ...CODE_LLAMA_MODELS,
    ...NOMIC_MODELS,
    ...QWEN_HYBRID_MODELS,
    ...GLM_MODELS,
    ...NEMOTRON_MODELS,
    ...EMBEDDING_MODELS,
  }),
);
