// https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-model.cpp (create_memory, default case)
import { CACHED, eachLayer, EMPTY, type Family } from './family';

/** Every layer attends to the whole context: Llama, Qwen 2 and 3, Mistral, Phi, and whatever is not listed elsewhere. */
export const TRANSFORMER: Family = {
  architectures: [],
  layers: (header) => eachLayer(header, () => CACHED),
};

/** As a transformer, without a cache for the layers that only predict further tokens. */
export const DRAFTING_TRANSFORMER: Family = {
  architectures: ['hy_v3'],
  layers: (header) => eachLayer(header, (index) => (index < header.blockCount - header.draftLayers ? CACHED : EMPTY)),
};
