// https://github.com/ggml-org/llama.cpp/blob/b10488/src/models/gemma3n.cpp and gemma4.cpp
import { CACHED, eachLayer, EMPTY, type Family } from './family';

/** Layers of Gemma 3n that have a cache of their own (`n_layer_kv_from_start`). */
const GEMMA3N_CACHED = 20;
const GEMMA3N_PERIOD = 5;

/** The last layers use the cache of earlier ones, and most layers have a window: Gemma 3n and 4. */
export const SHARED_CACHE: Family = {
  architectures: ['gemma3n', 'gemma4'],
  layers: (header) => {
    const window = header.required('attention.sliding_window');
    const isGemma4 = header.architecture === 'gemma4';
    const own = isGemma4
      ? header.blockCount - (header.integer('attention.shared_kv_layers', 0, header.blockCount - 1) ?? 0)
      : Math.min(GEMMA3N_CACHED, header.blockCount);
    const pattern = header.perLayer('attention.sliding_window_pattern');
    const period = header.number('attention.sliding_window_pattern') ?? GEMMA3N_PERIOD;
    const slides = (index: number) => (isGemma4 ? pattern?.[index] === 1 : index % period < period - 1);
    return eachLayer(header, (index) => {
      if (index >= own) return EMPTY;
      return slides(index) ? { cached: true, window } : CACHED;
    });
  },
};
