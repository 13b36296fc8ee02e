import { model, modelFigures, modelNames } from '../../src/catalogue/model';
import type { Verification } from '../../src/catalogue/model-figures';
import { EMBEDDING_MODELS, NOTES, PROJECTORS, SLIDING_WINDOWS } from '../../src/catalogue/models';
import { kvCacheBytes } from '../../src/sizing/kv-cache';
import { refusal } from '../refusal';

describe('models', () => {
  test('the models that users ask for are listed', () => {
    expect([...modelNames()].sort()).toEqual(
      [
        'llama3.2:3b llama3.1:8b llama3.1:70b llama3.1:405b llama3.3:70b qwen2.5-coder:7b qwen2.5-coder:14b qwen2.5-coder:32b',
        'qwen3:8b qwen3:14b qwen3:30b qwen3:32b qwen3:235b qwen3-coder:30b qwen3-coder:480b deepseek-r1:8b deepseek-r1:14b',
        'deepseek-r1:32b deepseek-r1:70b gpt-oss:20b gpt-oss:120b gemma3:4b gemma3:12b gemma3:27b mistral:7b mistral-small:24b',
        'devstral:24b phi4:14b codellama:7b codellama:34b nomic-embed-text',
      ]
        .join(' ')
        .split(' ')
        .sort(),
    );
  });

  test.each(modelNames())('%s has figures that can be, with their sources', (name) => {
    const figures = modelFigures(name);
    expect(model(figures)).toBe(figures);
    expect(figures.sources?.length).toBeGreaterThan(0);
    expect(figures.bytes % 1_000_000 === 0).toBe(['llama3.1:405b', 'qwen3:235b', 'qwen3-coder:480b'].includes(name));
  });

  test('notes on single models name listed ones', () => {
    const tables = [SLIDING_WINDOWS, PROJECTORS, NOTES];
    const noted = [...tables.flatMap((table) => Object.keys(table)), ...EMBEDDING_MODELS];
    expect(noted.filter((name) => !modelNames().includes(name))).toEqual([]);
  });

  // bytes per token of the layers with full attention at f16
  test.each([
    ['llama3.2:3b', 114_688],
    ['llama3.1:8b', 131_072],
    ['llama3.1:70b', 327_680],
    ['llama3.1:405b', 516_096],
    ['qwen2.5-coder:7b', 57_344],
    ['qwen2.5-coder:32b', 262_144],
    ['qwen3:8b', 147_456],
    ['qwen3:235b', 192_512],
    ['qwen3-coder:30b', 98_304],
    ['qwen3-coder:480b', 253_952],
    ['gpt-oss:20b', 24_576],
    ['gpt-oss:120b', 36_864],
    ['gemma3:4b', 20_480],
    ['gemma3:12b', 65_536],
    ['gemma3:27b', 81_920],
    ['mistral-small:24b', 163_840],
    ['phi4:14b', 204_800],
    ['codellama:7b', 524_288],
    ['nomic-embed-text', 0],
  ])('%s caches %i bytes for each further token', (name, bytes) => {
    const figures = modelFigures(name);
    const use = { parallel: 1, type: 'f16', batch: 512 } as const;
    const more = kvCacheBytes(figures, { ...use, contextLength: 8192 + 256 });
    expect(more - kvCacheBytes(figures, { ...use, contextLength: 8192 })).toBe(bytes * 256);
  });

  test('figures that are not read from the model itself are marked', () => {
    const marked = modelNames().filter((name) => modelFigures(name).verification === 'unverified');
    expect(marked).toEqual(['qwen3-coder:480b', 'deepseek-r1:14b', 'devstral:24b']);
  });

  test('a head whose size can’t be divided must be told', () => {
    const figures = { ...modelFigures('llama3.1:8b'), keyLength: undefined, embeddingLength: 4100 };
    expect(refusal(() => model(figures)).message).toBe(
      'model.keyLength: is missing, and embeddingLength / headCount (4100 / 32) is no whole number; ' +
        'allowed: the size of a head in `attention.key_length` and `attention.value_length` of the GGUF header; ' +
        'take bytes from `/api/tags` and the others from `ollama show --verbose`',
    );
    expect(model({ ...figures, keyLength: 128, valueLength: 128 }).embeddingLength).toBe(4100);
  });

  test('figures of one’s own need no mark', () => {
    const figures = { ...modelFigures('llama3.1:8b'), verification: undefined };
    expect(model(figures).verification).toBeUndefined();
    expect(refusal(() => model({ ...figures, verification: 'sure' as Verification })).message).toContain(
      'model.verification = "sure": says nothing; allowed: verified, copied, rounded, unverified',
    );
  });

  test('what has no address was found as a copy only', () => {
    const nowhere = modelNames().flatMap((name) =>
      (modelFigures(name).sources ?? []).filter(({ url }) => url === undefined).map(({ title }) => title),
    );
    expect(new Set(nowhere)).toEqual(new Set(['answers of /api/tags saved in public repositories']));
  });

  test('an unknown name says how to pass figures', () => {
    expect(refusal(() => model('qwen3-coder:3b')).message).toBe(
      'model = "qwen3-coder:3b": is not in the catalogue of models and has no figures; ' +
        'allowed: qwen3-coder:30b, qwen3-coder:480b, qwen2.5-coder:32b or another listed name; ' +
        'correct the name, or give the model `figures`: bytes from `/api/tags`, the others from `ollama show --verbose`',
    );
  });

  test.each([
    ['bytes', { bytes: 0 }],
    ['blockCount', { blockCount: 1.5 }],
    ['contextLength', { contextLength: Number.NaN }],
    ['architecture', { architecture: '' }],
    ['headCountKv', { headCountKv: 64 }],
    ['keyLength', { keyLength: -1 }],
    ['slidingWindow.layers', { slidingWindow: { tokens: 128, layers: 33 } }],
    ['projectorBytes', { projectorBytes: 5_000_000_000 }],
    ['leastHeadCountKv', { leastHeadCountKv: 9 }],
    ['leastHeadCountKv', { leastHeadCountKv: -1 }],
    ['keyLength', { keyLength: undefined, embeddingLength: 4100 }],
    ['valueLength', { valueLength: undefined, embeddingLength: 4100 }],
    ['verification', { verification: 'sure' as Verification }],
  ])('figures with a wrong %s are refused', (figure, wrong) => {
    const figures = { ...modelFigures('llama3.1:8b'), ...wrong };
    expect(refusal(() => model(figures)).property).toBe(`model.${figure}`);
  });
});
