/**
 * Architectures (`general.architecture`) with recurrent layers, alone or next to attention: hybrid models. Such layers have one
 * state per slot instead of a cell per token, which llama.cpp saves and restores when a slot gets another prompt.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-arch.cpp (llm_arch_is_recurrent, llm_arch_is_hybrid)
 */
export const RECURRENT_ARCHITECTURES: readonly string[] = [
  ...['mamba', 'mamba2', 'rwkv6', 'rwkv6qwen2', 'rwkv7', 'arwkv7'],
  ...['jamba', 'falcon-h1', 'plamo2', 'granitehybrid', 'lfm2', 'lfm2moe', 'nemotron_h', 'nemotron_h_moe'],
  ...['qwen3next', 'qwen35', 'qwen35moe', 'kimi-linear', 'kimi-k3', 'bailingmoe3', 'deepseek4', 'minimax-01'],
];
