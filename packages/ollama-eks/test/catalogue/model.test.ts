import { isListedModel, model, modelFigures, modelNames } from '../../src/catalogue/model';
import type { Verification } from '../../src/catalogue/model-figures';
import { kvCacheBytes } from '../../src/sizing/kv-cache';
import { fit } from '../../src/sizing/fit';
import { refusal } from '../refusal';

describe('models', () => {
  test('no listed model is removed', () => {
    expect(modelNames()).toEqual(
      expect.arrayContaining(
        [
          'llama3.2:3b llama3.1:8b llama3.1:70b llama3.1:405b llama3.3:70b qwen2.5-coder:7b qwen2.5-coder:14b qwen2.5-coder:32b',
          'qwen3:8b qwen3:14b qwen3:30b qwen3:32b qwen3:235b qwen3-coder:30b qwen3-coder:480b deepseek-r1:8b deepseek-r1:14b',
          'deepseek-r1:32b deepseek-r1:70b gpt-oss:20b gpt-oss:120b gemma3:4b gemma3:12b gemma3:27b mistral:7b mistral-small:24b',
          'devstral:24b phi4:14b codellama:7b codellama:34b nomic-embed-text',
        ]
          .join(' ')
          .split(' '),
      ),
    );
  });

  test.each(modelNames())('%s has valid figures, with their sources', (name) => {
    const figures = modelFigures(name);
    expect(model(figures)).toBe(figures);
    expect(figures.sources?.length).toBeGreaterThan(0);
  });

  test.each(modelNames())('%s says what is not known exactly', (name) => {
    const { bytes, note = '', verification } = modelFigures(name);
    const isRounded = bytes % 1_000_000 === 0;
    expect(verification === 'rounded' || note.includes('whole GB')).toBe(isRounded);
    if (verification === 'unverified') expect(note).not.toBe('');
  });

  // bytes per token in the layers with full attention, at f16
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
  ])('%s caches %i bytes for each additional token', (name, bytes) => {
    const figures = modelFigures(name);
    const use = { parallel: 1, type: 'f16', batch: 512 } as const;
    const more = kvCacheBytes(figures, { ...use, contextLength: 8192 + 256 });
    expect(more - kvCacheBytes(figures, { ...use, contextLength: 8192 })).toBe(bytes * 256);
  });

  test('the size of a head is required if it cannot be calculated', () => {
    const figures = { ...modelFigures('llama3.1:8b'), keyLength: undefined, embeddingLength: 4100 };
    expect(refusal(() => model(figures)).message).toBe(
      'model.keyLength: is required, because embeddingLength / headCount (4100 / 32) is not an integer; ' +
        'allowed: the size of a head in `attention.key_length` and `attention.value_length` of the GGUF header; ' +
        'copy bytes from `/api/tags` and the others from `ollama show --verbose`',
    );
    expect(model({ ...figures, keyLength: 128, valueLength: 128 }).embeddingLength).toBe(4100);
  });

  test('figures of the user need no verification', () => {
    const figures = { ...modelFigures('llama3.1:8b'), verification: undefined };
    expect(model(figures).verification).toBeUndefined();
    expect(refusal(() => model({ ...figures, verification: 'sure' as Verification })).message).toContain(
      'model.verification = "sure": is not supported; allowed: verified, copied, rounded, unverified',
    );
  });

  test('a source without a URL was found only as a copy', () => {
    const withoutUrl = modelNames().flatMap((name) =>
      (modelFigures(name).sources ?? []).filter(({ url }) => url === undefined).map(({ title }) => title),
    );
    expect(new Set(withoutUrl)).toEqual(
      new Set([
        'responses of /api/tags saved in public repositories',
        'responses of /api/tags from 2026, saved in public repositories',
        'headers and responses of /api/show in tests of public repositories',
        'config.json of the model in tests of public repositories',
      ]),
    );
  });

  test('a name without a tag is the same with the tag that Ollama adds', () => {
    expect(modelFigures('nomic-embed-text:latest')).toBe(modelFigures('nomic-embed-text'));
    expect(isListedModel('nomic-embed-text:latest')).toBe(true);
    expect(isListedModel('llama3.1:latest')).toBe(false);
    expect(isListedModel('llama3.1:8b:latest')).toBe(false);
    const both = ['nomic-embed-text', 'nomic-embed-text:latest'].map((name) => ({ name, contextLength: 2048 }));
    expect(refusal(() => fit(both, 'g5.xlarge')).property).toBe('models[1].name');
  });

  test('an unknown name says how to pass figures', () => {
    expect(refusal(() => model('qwen3-coder:3b')).message).toBe(
      'model = "qwen3-coder:3b": is not in the catalogue of models and has no figures; ' +
        'allowed: qwen3-coder:30b, qwen3-coder:480b or another listed name; ' +
        'did you mean qwen3-coder:30b or qwen3-coder:480b? ' +
        'Otherwise, pass `figures` of the model: bytes from `/api/tags`, the others from `ollama show --verbose`',
    );
    expect(refusal(() => model('qwen3-codre:30b')).message).toContain(
      'allowed: qwen3-coder:30b, qwen3-coder:480b or another listed name; correct the name, or pass `figures`',
    );
  });

  test.each([
    ['glm-4.7-flash:q8_0', 'did you mean glm-4.7-flash:q4_K_M? Otherwise, pass'],
    ['GPT-OSS:7b', 'did you mean gpt-oss:20b or gpt-oss:120b? Otherwise, pass'],
    ['glm-4.7-flash', 'did you mean glm-4.7-flash:q4_K_M? Add the tag'],
    ['glm-4.7-flash:latest', 'did you mean glm-4.7-flash:q4_K_M? Use a tag that states the size'],
    ['phi9', 'add the tag'],
  ])('the error for %s asks whether a listed tag of the model was meant', (name, remedy) => {
    const error = refusal(() => fit({ name, contextLength: 4096 }, 'g6e.xlarge'));
    expect(error.message).toContain(`; ${remedy}`);
  });

  test.each(['acme/qwen3:3b', 'hf.co/acme/qwen3:3b'])('%s is not a model of the library', (name) => {
    expect(refusal(() => model(name)).message).not.toContain('did you mean');
  });

  test('figures that are 0 by default may be 0', () => {
    const figures = { ...modelFigures('llama3.1:8b'), recurrentBytes: 0, nextnPredictLayers: 0, draftTokens: 0 };
    expect(fit({ name: 'own:8b', contextLength: 4096, parallel: 2, figures }, 'g5.xlarge').warnings).toEqual(
      fit({ name: 'llama3.1:8b', contextLength: 4096, parallel: 2 }, 'g5.xlarge').warnings,
    );
  });

  test.each([
    ['bytes', { bytes: 0 }],
    ['blockCount', { blockCount: 1.5 }],
    ['contextLength', { contextLength: Number.NaN }],
    ['architecture', { architecture: '' }],
    ['weightsDigest', { weightsDigest: 'sha256:A' }],
    ['headCountKv', { headCountKv: 64 }],
    ['keyLength', { keyLength: -1 }],
    ['cachedLayers', { cachedLayers: [{ layers: 20 }, { layers: 13, window: 128 }] }],
    ['cachedLayers', { cachedLayers: 32 as never }],
    ['cachedLayers[0]', { cachedLayers: [32 as never] }],
    ['cachedLayers[0].layers', { cachedLayers: [{ window: 128 } as never] }],
    ['cachedLayers[1].window', { cachedLayers: [{ layers: 1 }, { layers: 1, window: 0 }] }],
    ['cachedLayers[0].headCountKv', { cachedLayers: [{ layers: 1, headCountKv: 33 }] }],
    ['cachedLayers[0].keyLength', { cachedLayers: [{ layers: 1, keyLength: 0 }] }],
    ['cachedLayers[0].valueLength', { cachedLayers: [{ layers: 1, valueLength: -1 }] }],
    ['recurrentBytes', { recurrentBytes: 0.5 }],
    ['draftTokens', { draftTokens: -1 }],
    ['draftCachedLayers', { draftCachedLayers: 1 as never }],
    ['draftCachedLayers[0].layers', { draftCachedLayers: [{ layers: 513 }] }],
    ['nextnPredictLayers', { nextnPredictLayers: 0.5 }],
    ['projectorBytes', { projectorBytes: 0 }],
    ['valueLength', { valueLength: -1 }],
    ['projectorBytes', { projectorBytes: 5_000_000_000 }],
    ['minHeadCountKv', { minHeadCountKv: 9 }],
    ['minHeadCountKv', { minHeadCountKv: -1 }],
    ['keyLength', { keyLength: undefined, embeddingLength: 4100 }],
    ['valueLength', { valueLength: undefined, embeddingLength: 4100 }],
    ['verification', { verification: 'sure' as Verification }],
    ['embedding', { embedding: 'yes' as never }],
    ['draftToken', { draftToken: 4 }],
    ['cachedLayers[0].windows', { cachedLayers: [{ layers: 32, windows: 128 }] }],
    ['draftCachedLayers[0].headcountKv', { draftCachedLayers: [{ layers: 1, headcountKv: 4 }] }],
  ])('figures with an invalid %s are refused', (figure, wrong) => {
    const figures = { ...modelFigures('llama3.1:8b'), ...wrong };
    expect(refusal(() => model(figures)).property).toBe(`model.${figure}`);
  });
});
