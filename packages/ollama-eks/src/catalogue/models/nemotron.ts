import type { ListedModels } from './listed-model';
import { ALPACA_2026, SAVED_HEADERS } from './sources';

/** Nemotron models of NVIDIA: 6 of 52 layers attend, 23 are Mamba layers, the others only feed forward. */
export const NEMOTRON_MODELS: ListedModels = {
  'nemotron-3-nano:30b': {
    bytes: 24_500_000_000,
    architecture: 'nemotron_h_moe',
    blockCount: 52,
    contextLength: 1_048_576,
    embeddingLength: 2688,
    headCount: 32,
    headCountKv: 2,
    minHeadCountKv: 0,
    keyLength: 128,
    valueLength: 128,
    cachedLayers: [{ layers: 6 }],
    recurrentBytes: 23 * (3 * (4096 + 2 * 8 * 128) + 128 * 4096) * 4,
    quantization: 'Q4_K_M',
    verification: 'rounded',
    sources: [ALPACA_2026, SAVED_HEADERS],
  },
};
