/** What headers cannot show: drafts, and layers that are spread over GPUs. The rest: scripts/test/gguf/llama-cpp.test.ts */
import { modelFigures } from '../../src/catalogue/model';
import type { ModelFigures } from '../../src/catalogue/model-figures';
import { kvCacheBytes, type KvCacheUse } from '../../src/sizing/kv-cache';
import { MIB } from '../../src/sizing/units';

const USE: KvCacheUse = { contextLength: 4096, parallel: 1, type: 'f16', batch: 512 };

/** qwen3.6:35b with one layer that drafts: 10 layers cache 2 MiB for each 1024 tokens. */
const HYBRID: ModelFigures = {
  bytes: 23_000_000_000,
  architecture: 'qwen35moe',
  blockCount: 41,
  contextLength: 262_144,
  embeddingLength: 2048,
  headCount: 16,
  headCountKv: 2,
  keyLength: 256,
  valueLength: 256,
  cachedLayers: [{ layers: 10 }],
  recurrentBytes: 60 * MIB,
  nextnPredictLayers: 1,
};

test('layers that draft cost nothing until the model drafts', () => {
  expect(kvCacheBytes(HYBRID, USE)).toBe(80 * MIB + 60 * MIB);
});

test('a draft has a cache in f16, and a recurrent state for each of its tokens', () => {
  const drafting = { ...HYBRID, draftTokens: 4 };
  expect(kvCacheBytes(drafting, USE)).toBe(80 * MIB + 8 * MIB + 5 * 60 * MIB);
  expect(kvCacheBytes(drafting, { ...USE, type: 'q8_0' })).toBe(42.5 * MIB + 8 * MIB + 5 * 60 * MIB);
  // llama.cpp cannot return to earlier states of this architecture
  expect(kvCacheBytes({ ...drafting, architecture: 'qwen3next' }, USE)).toBe(80 * MIB + 8 * MIB + 60 * MIB);
});

test('a draft model has layers and heads of its own, or none if it uses the cache of the model', () => {
  const figures = { ...modelFigures('llama3.1:8b'), draftTokens: 4 };
  const without = kvCacheBytes(figures, USE);
  const own = [{ layers: 2, headCountKv: 4, keyLength: 64, valueLength: 32 }];
  expect(kvCacheBytes({ ...figures, draftCachedLayers: own }, USE) - without).toBe(2 * 4096 * 4 * (64 + 32) * 2);
  expect(kvCacheBytes({ ...figures, draftCachedLayers: [] }, USE)).toBe(without);
  expect(kvCacheBytes({ ...figures, draftTokens: 0, draftCachedLayers: own }, USE)).toBe(without);
});

test('each request has a state of its own', () => {
  expect(kvCacheBytes(HYBRID, { ...USE, parallel: 3 })).toBe(3 * (80 + 60) * MIB);
});

test('a GPU with some of the layers may hold one more of each kind than its share', () => {
  // 20 of 41 layers, of which 4.9 cache: 5, and 29.3 MiB of states
  expect(kvCacheBytes(HYBRID, USE, 20)).toBe(5 * 8 * MIB + (60 * MIB * 20) / 41);
  const windows = modelFigures('gemma3:12b');
  const half = kvCacheBytes(windows, USE, 24);
  expect(half).toBe(kvCacheBytes(windows, USE) / 2);
  expect(kvCacheBytes(windows, USE, 0)).toBe(0);
});

test('encoders cache nothing; embedding models that are derived from text models do', () => {
  expect(kvCacheBytes(modelFigures('nomic-embed-text'), USE)).toBe(0);
  const embedding: ModelFigures = { ...modelFigures('qwen3:8b'), embedding: true };
  expect(kvCacheBytes(embedding, USE)).toBe(kvCacheBytes(modelFigures('qwen3:8b'), USE));
});
