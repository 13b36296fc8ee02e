// https://github.com/ollama/ollama/blob/v0.32.15/llama/compat/llama-ollama-compat.cpp (apply_ollama_compat)
import type { Header } from './header';

/** Architectures that Ollama writes under another name than llama.cpp. */
const NAMES: Readonly<Record<string, string>> = {
  gptoss: 'gpt-oss',
  olmo3: 'olmo2',
  qwen25vl: 'qwen2vl',
  deepseekocr: 'deepseek2-ocr',
  glmocr: 'glm4',
};

/** Architectures whose list of KV heads, 0 for recurrent layers, Ollama replaces by its maximum. */
const ONE_HEAD_COUNT = ['qwen35', 'qwen35moe', 'qwen3next'];

/**
 * Returns a header as llama.cpp gets it: Ollama translates those that its own converters wrote.
 * @param tensors names of the tensors
 */
export function translated(header: Header, tensors: readonly string[]): Header {
  const { architecture } = header;
  if (architecture === 'gemma3' && tensors.includes('dense.0.weight')) return header.renamed('gemma-embedding');
  const name = NAMES[architecture];
  if (name !== undefined) return header.renamed(name);
  if (architecture === 'glm4moelite') return glm4MoeLite(header);
  if (architecture === 'nemotron_h_omni')
    return header.renamed((header.number('expert_count') ?? 0) > 0 ? 'nemotron_h_moe' : 'nemotron_h');
  if (ONE_HEAD_COUNT.includes(architecture)) {
    const heads = header.perLayer('attention.head_count_kv') ?? [];
    return heads.length === 0
      ? header
      : header.renamed(architecture, { 'attention.head_count_kv': Math.max(...heads) });
  }
  return header;
}

/** GLM-4.7-Flash with the sizes of each head: llama.cpp has one KV head with the latent vector and the rotated part. */
function glm4MoeLite(header: Header): Header {
  const rank = header.required('attention.kv_lora_rank');
  const head = header.required('attention.key_length');
  return header.renamed('deepseek2', {
    'attention.head_count_kv': 1,
    'attention.key_length': rank + header.required('rope.dimension_count'),
    'attention.value_length': rank,
    'attention.key_length_mla': head,
    'attention.value_length_mla': head,
  });
}
