// https://github.com/ggml-org/llama.cpp/blob/b10488/src/models/qwen35moe.cpp, qwen35.cpp, qwen3next.cpp
import { CACHED, eachLayer, EMPTY, type Family, RECURRENT, stateSpaceElements } from './family';

/** Interval without the key. */
const FULL_ATTENTION_INTERVAL = 4;

/** Most layers are gated delta networks, every fourth one attends: Qwen3-Next, Qwen 3.5 and 3.6. */
export const GATED_DELTA: Family = {
  architectures: ['qwen3next', 'qwen35', 'qwen35moe'],
  layers: (header) => {
    const own = header.blockCount - header.draftLayers;
    const list = header.perLayer('attention.recurrent_layers');
    const interval = header.integer('full_attention_interval', 1, header.blockCount) ?? FULL_ATTENTION_INTERVAL;
    return eachLayer(header, (index) => {
      if (index >= own) return EMPTY;
      return (list === undefined ? (index + 1) % interval !== 0 : list[index] === 1) ? RECURRENT : CACHED;
    });
  },
  state: stateSpaceElements,
};
