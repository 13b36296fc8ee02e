import type { ModelFigures } from '../catalogue/model-figures';
import { cachedLayers, type Layers } from './kv-cache';

/** Sizes of heads, equal for keys and values, for which CUDA has flash attention without further conditions. */
const PLAIN_LENGTHS: readonly number[] = [40, 64, 72, 80, 96, 112, 128, 256];

/** Keys and values of different sizes, or large ones: the heads must share KV heads in groups whose size is a multiple of `group`. */
const GROUPED_LENGTHS: readonly { readonly key: number; readonly value: number; readonly group: number }[] = [
  { key: 192, value: 128, group: 8 },
  { key: 320, value: 256, group: 32 },
  { key: 512, value: 512, group: 1 },
  { key: 576, value: 512, group: 1 },
];

/**
 * Returns the sizes of heads for which CUDA has no flash attention, each as `192 and 128`. With `OLLAMA_FLASH_ATTENTION`, llama.cpp
 * computes such layers on the CPU.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/ggml/src/ggml-cuda/fattn.cu (ggml_cuda_get_best_fattn_kernel)
 */
export function headsWithoutFlashAttention(figures: ModelFigures): readonly string[] {
  const layers = cachedLayers(figures).filter((group) => !hasFlashAttention(group, figures.headCount));
  return [...new Set(layers.map(({ keyLength, valueLength }) => `${keyLength} and ${valueLength}`))];
}

function hasFlashAttention({ keyLength, valueLength, headCountKv }: Layers, headCount: number): boolean {
  if (PLAIN_LENGTHS.includes(keyLength) && valueLength === keyLength) return true;
  const shared = Math.floor(headCount / headCountKv);
  return GROUPED_LENGTHS.some(
    ({ key, value, group }) =>
      // Of latent attention, only keys are cached, which have the values in them.
      keyLength === key && [value, 0].includes(valueLength) && shared >= 2 && shared % group === 0,
  );
}
