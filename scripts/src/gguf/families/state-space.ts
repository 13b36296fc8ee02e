// https://github.com/ggml-org/llama.cpp/blob/b10488/src/models: nemotron-h.cpp, jamba.cpp, granite-hybrid.cpp, plamo2.cpp, falcon-h1.cpp
import type { Header } from '../header';
import { CACHED, eachLayer, EMPTY, type Family, headsKv, RECURRENT, stateSpaceElements } from './family';

/** Layers without KV heads are Mamba layers: Nemotron-H and Nemotron 3, Jamba, Granite 4, PLaMo 2. */
export const STATE_SPACE: Family = {
  architectures: ['nemotron_h', 'nemotron_h_moe', 'jamba', 'granitehybrid', 'plamo2'],
  layers: (header) => {
    const heads = headsKv(header);
    const own = header.blockCount - header.draftLayers;
    const feedsForward = feedForwardLayers(header);
    return eachLayer(header, (index) => {
      if (index >= own || feedsForward(index)) return EMPTY;
      return (heads[index] ?? 0) === 0 ? RECURRENT : CACHED;
    });
  },
  state: stateSpaceElements,
};

/** Layers of Nemotron-H that do nothing but feed forward. Those of the others do so, too, but next to attention or Mamba. */
function feedForwardLayers(header: Header): (index: number) => boolean {
  const lengths = header.perLayer('feed_forward_length') ?? [];
  return (index) => header.architecture.startsWith('nemotron_h') && (lengths[index] ?? 0) > 0;
}

/** Every layer has both: Falcon-H1. */
export const PARALLEL_STATE_SPACE: Family = {
  architectures: ['falcon-h1'],
  layers: (header) => eachLayer(header, () => ({ cached: true, recurrent: true })),
  state: stateSpaceElements,
};

/** Nothing but Mamba layers. */
export const PURE_STATE_SPACE: Family = {
  architectures: ['mamba', 'mamba2'],
  layers: (header) => eachLayer(header, () => RECURRENT),
  state: stateSpaceElements,
};
