import { EXAONE4 } from './exaone4';
import type { Family } from './family';
import { GATED_DELTA } from './gated-delta';
import { KIMI_DELTA, RWKV } from './linear-attention';
import { SHARED_CACHE } from './shared-cache';
import { SHORT_CONVOLUTION } from './short-convolution';
import { SLIDING_WINDOW } from './sliding-window';
import { PARALLEL_STATE_SPACE, PURE_STATE_SPACE, STATE_SPACE } from './state-space';
import { DRAFTING_TRANSFORMER, TRANSFORMER } from './transformer';

const FAMILIES: readonly Family[] = [
  ...[SLIDING_WINDOW, EXAONE4, SHARED_CACHE, GATED_DELTA, STATE_SPACE, PARALLEL_STATE_SPACE, PURE_STATE_SPACE],
  ...[SHORT_CONVOLUTION, KIMI_DELTA, RWKV, DRAFTING_TRANSFORMER, TRANSFORMER],
];

/**
 * Architectures with a cache of their own kind in llama.cpp, for which there is no rule here: indexers, compressed layers.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-model.cpp (create_memory)
 */
export const UNSUPPORTED_ARCHITECTURES: readonly string[] = [
  ...['deepseek32', 'glm-dsa', 'deepseek4', 'minimax-m3', 'minimax-01', 'bailingmoe3', 'kimi-k3'],
  ...['graniteswitch', 'gemma4-assistant', 'dflash', 'eagle3'],
];

/** Returns the family of an architecture; undefined if there is no rule for it. */
export function familyOf(architecture: string): Family | undefined {
  return FAMILIES.find(({ architectures }) => architectures.includes(architecture));
}
