import type { ListedModels } from './listed-model';
import { ALPACA_2026, SAVED_CONFIGS, SAVED_HEADERS, SAVED_TAGS_2026 } from './sources';

/** Elements of the state of a gated delta network with that inner size: 16 groups and a state of 128. */
function stateElements(inner: number): number {
  return 3 * (inner + 2 * 16 * 128) + 128 * inner;
}

/** Bytes of the states of that many layers (f32). */
const states = (layers: number, inner: number): number => layers * stateElements(inner) * 4;

const PROJECTOR = { projectorBytes: 950_000_000, note: 'the size of its projector is an estimate' };

/** Qwen models of Alibaba Cloud in which every fourth layer attends, and the others have a state. */
export const QWEN_HYBRID_MODELS: ListedModels = {
  'qwen3.6:35b': {
    bytes: 23_938_333_577,
    architecture: 'qwen35moe',
    blockCount: 40,
    contextLength: 262_144,
    embeddingLength: 2048,
    headCount: 16,
    headCountKv: 2,
    minHeadCountKv: 0,
    keyLength: 256,
    valueLength: 256,
    cachedLayers: [{ layers: 10 }],
    recurrentBytes: states(30, 4096),
    nextnPredictLayers: 1,
    ...PROJECTOR,
    quantization: 'Q4_K_M',
    verification: 'copied',
    sources: [SAVED_TAGS_2026, SAVED_HEADERS],
  },
  'qwen3.6:27b': {
    bytes: 17_500_000_000,
    architecture: 'qwen35',
    blockCount: 64,
    contextLength: 262_144,
    embeddingLength: 5120,
    headCount: 24,
    headCountKv: 4,
    minHeadCountKv: 0,
    keyLength: 256,
    valueLength: 256,
    cachedLayers: [{ layers: 16 }],
    recurrentBytes: states(48, 6144),
    nextnPredictLayers: 1,
    ...PROJECTOR,
    quantization: 'Q4_K_M',
    verification: 'rounded',
    sources: [ALPACA_2026, SAVED_CONFIGS],
  },
  'qwen3.5:27b': {
    bytes: 17_420_432_705,
    architecture: 'qwen35',
    blockCount: 64,
    contextLength: 262_144,
    embeddingLength: 5120,
    headCount: 24,
    headCountKv: 4,
    minHeadCountKv: 0,
    keyLength: 256,
    valueLength: 256,
    cachedLayers: [{ layers: 16 }],
    recurrentBytes: states(48, 6144),
    nextnPredictLayers: 1,
    ...PROJECTOR,
    quantization: 'Q4_K_M',
    verification: 'copied',
    sources: [SAVED_TAGS_2026, SAVED_CONFIGS],
  },
  'qwen3-next:80b': {
    bytes: 50_500_000_000,
    architecture: 'qwen3next',
    blockCount: 48,
    contextLength: 262_144,
    embeddingLength: 2048,
    headCount: 16,
    headCountKv: 2,
    minHeadCountKv: 0,
    keyLength: 256,
    valueLength: 256,
    cachedLayers: [{ layers: 12 }],
    recurrentBytes: states(36, 4096),
    quantization: 'Q4_K_M',
    verification: 'unverified',
    note: 'its size is known only in whole GB, and its states are those of qwen3.6:35b',
    sources: [ALPACA_2026, SAVED_CONFIGS],
  },
  'qwen3-coder-next:q4_K_M': {
    bytes: 52_500_000_000,
    architecture: 'qwen3next',
    blockCount: 48,
    contextLength: 262_144,
    embeddingLength: 2048,
    headCount: 16,
    headCountKv: 2,
    minHeadCountKv: 0,
    keyLength: 256,
    valueLength: 256,
    cachedLayers: [{ layers: 12 }],
    recurrentBytes: states(36, 4096),
    quantization: 'Q4_K_M',
    verification: 'unverified',
    note: 'its size is known only in whole GB, and its layers are those of qwen3-next:80b',
    sources: [ALPACA_2026],
  },
};
