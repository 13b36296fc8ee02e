/**
 * Architectures (`general.architecture`) by what they keep of a conversation.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-arch.cpp and src/llama-model.cpp (create_memory)
 */

/**
 * Architectures with recurrent layers, alone or next to attention: hybrid models. Such layers have one state per slot instead of
 * a cell per token, which llama.cpp saves and restores when a slot gets another prompt (`llm_arch_is_recurrent`,
 * `llm_arch_is_hybrid`).
 */
export const RECURRENT_ARCHITECTURES: readonly string[] = [
  ...['mamba', 'mamba2', 'rwkv6', 'rwkv6qwen2', 'rwkv7', 'arwkv7'],
  ...['jamba', 'falcon-h1', 'plamo2', 'granitehybrid', 'lfm2', 'lfm2moe', 'nemotron_h', 'nemotron_h_moe'],
  ...[
    'nemotron_h_omni',
    'qwen3next',
    'qwen35',
    'qwen35moe',
    'kimi-linear',
    'kimi-k3',
    'bailingmoe3',
    'deepseek4',
    'minimax-01',
  ],
];

/** Architectures without a KV cache: encoders and diffusion models, for which `create_memory` returns nothing. */
export const CACHELESS_ARCHITECTURES: readonly string[] = [
  ...['bert', 'jina-bert-v2', 'jina-bert-v3', 'nomic-bert', 'nomic-bert-moe', 'neo-bert', 'modern-bert', 'eurobert'],
  ...['gemma-embedding', 'wavtokenizer-dec', 'dream', 'llada', 'llada-moe', 'rnd1'],
];

/** Architectures that keep a recurrent state for each drafted token (`llm_arch_supports_rs_rollback`). */
export const ROLLBACK_ARCHITECTURES: readonly string[] = [
  ...['qwen35', 'qwen35moe', 'deepseek4', 'nemotron_h', 'nemotron_h_moe', 'nemotron_h_omni'],
];
