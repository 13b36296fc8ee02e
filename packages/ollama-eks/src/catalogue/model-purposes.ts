import { parseModelName } from './model-name';

/** What a model can be chosen for. */
export const MODEL_PURPOSES = ['chat', 'coding', 'tools', 'thinking', 'vision', 'embedding'] as const;
export type ModelPurpose = (typeof MODEL_PURPOSES)[number];

/**
 * Purposes by the name without its tag, without those that follow from others: `chat` for all that are not for embeddings. They are
 * the categories that ollama.com shows (`tools`, `thinking`, `vision`, `embedding`), and `coding` where its description names code,
 * coding or software engineering as what the model is for; both as in `ALPACA_2026`. The description of glm-4.7-flash names nothing,
 * but its publisher measures it with SWE-bench Verified: 59.2 (https://huggingface.co/zai-org/GLM-4.7-Flash).
 */
const PURPOSES: Readonly<Record<string, readonly ModelPurpose[]>> = {
  'llama3.1': ['tools'],
  'llama3.2': ['tools'],
  'llama3.3': ['tools'],
  'qwen2.5-coder': ['coding', 'tools'],
  qwen3: ['tools', 'thinking'],
  'qwen3-coder': ['coding', 'tools'],
  'qwen3-coder-next': ['coding', 'tools'],
  'qwen3-next': ['tools', 'thinking'],
  'qwen3.5': ['tools', 'thinking', 'vision'],
  'qwen3.6': ['coding', 'tools', 'thinking', 'vision'],
  'deepseek-r1': ['tools', 'thinking'],
  'gpt-oss': ['tools', 'thinking'],
  gemma3: ['vision'],
  gemma4: ['coding', 'tools', 'thinking', 'vision'],
  mistral: ['tools'],
  'mistral-small': ['tools'],
  'mistral-small3.1': ['tools', 'vision'],
  devstral: ['coding', 'tools'],
  'devstral-small-2': ['coding', 'tools', 'vision'],
  'ministral-3': ['tools', 'vision'],
  codellama: ['coding'],
  'glm-4.7-flash': ['coding', 'tools', 'thinking'],
  'nemotron-3-nano': ['tools', 'thinking'],
  'nomic-embed-text': ['embedding'],
  embeddinggemma: ['embedding'],
  'qwen3-embedding': ['embedding'],
  'bge-m3': ['embedding'],
};

/** Returns what a listed model can be chosen for. */
export function modelPurposes(name: string): readonly ModelPurpose[] {
  const known = PURPOSES[parseModelName(name)?.model ?? ''] ?? [];
  return known.includes('embedding') ? known : ['chat', ...known];
}
