// https://github.com/ggml-org/llama.cpp/blob/b10488/src/models/exaone4.cpp
import { CACHED, eachLayer, type Family } from './family';

/** EXAONE 4: the 32B, with 64 layers, has windows in three of four; smaller ones have none. */
export const EXAONE4: Family = {
  architectures: ['exaone4'],
  layers: (header) => {
    const own = header.blockCount - header.draftLayers;
    const window = header.number('attention.sliding_window') ?? 4096;
    const period = header.number('attention.sliding_window_pattern') ?? 4;
    return eachLayer(header, (index) =>
      own === 64 && index < own && index % period < period - 1 ? { cached: true, window } : CACHED,
    );
  },
};
