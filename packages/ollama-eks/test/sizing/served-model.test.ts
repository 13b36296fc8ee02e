import { modelFigures } from '../../src/catalogue/model';
import { type OllamaModel, servedModel } from '../../src/sizing/served-model';
import { refusal } from '../refusal';

const DIGEST = `sha256:${'0a'.repeat(32)}`;

test('the figures of a listed model are added, parallel is 1 by default', () => {
  const model = servedModel({ name: 'qwen3:8b', contextLength: 40_960, digest: DIGEST });
  expect(model).toEqual({
    name: 'qwen3:8b',
    contextLength: 40_960,
    parallel: 1,
    parallelForced: false,
    digest: DIGEST,
    figures: modelFigures('qwen3:8b'),
  });
});

test('figures of the user override the catalogue, and allow models that are not listed', () => {
  const figures = { ...modelFigures('qwen3:8b'), bytes: 9_000_000_000 };
  expect(servedModel({ name: 'qwen3:8b', contextLength: 4096, figures }).figures.bytes).toBe(9_000_000_000);
  for (const name of ['hf.co/acme/coder-GGUF:Q8_0', 'mirror.example.com:5000/library/coder:8b']) {
    expect(servedModel({ name, contextLength: 4096, figures }).name).toBe(name);
  }
});

test('embedding models and hybrid families are served one request at a time', () => {
  expect(servedModel({ name: 'nomic-embed-text', contextLength: 2048 }).parallelForced).toBe(true);
  const figures = { ...modelFigures('qwen3:30b'), architecture: 'qwen3next' };
  expect(servedModel({ name: 'qwen3-coder-next:80b', contextLength: 4096, figures }).parallelForced).toBe(true);
});

test.each<[string, string, OllamaModel, string]>([
  ['a name without a tag', 'name', { name: 'qwen3-coder', contextLength: 1 }, 'must have a tag'],
  ['the tag latest', 'name', { name: 'nomic-embed-text:latest', contextLength: 1 }, 'must not have the tag latest'],
  [
    'a cloud model',
    'name',
    { name: 'qwen3-coder:480b-cloud', contextLength: 1 },
    'is not supported: it runs in Ollama’s cloud',
  ],
  ['a token', 'name', { name: '${TfToken[TOKEN.7]}', contextLength: 1 }, 'is not the name of a model'],
  ['no name', 'name', { name: '', contextLength: 1 }, 'is not the name of a model'],
  ['an unlisted model', 'name', { name: 'qwen9:1b', contextLength: 1 }, 'has no figures'],
  [
    'context above the native one',
    'contextLength',
    { name: 'qwen3:8b', contextLength: 40_961 },
    'must not exceed the native context of qwen3:8b',
  ],
  ['no context', 'contextLength', { name: 'qwen3:8b', contextLength: 0 }, 'an integer from 1 to 40960'],
  ['half a token', 'contextLength', { name: 'qwen3:8b', contextLength: 1.5 }, 'an integer from 1 to 40960'],
  ['a context token', 'contextLength', { name: 'qwen3:8b', contextLength: -1.888e289 }, 'known at synth'],
  [
    'too little context for vision',
    'contextLength',
    { name: 'gemma3:4b', contextLength: 1024 },
    'an integer from 2048',
  ],
  ['no slots', 'parallel', { name: 'qwen3:8b', contextLength: 4096, parallel: 0 }, 'is not a valid number of requests'],
  [
    'more slots than llama.cpp supports',
    'parallel',
    { name: 'llama3.2:3b', contextLength: 4096, parallel: 257 },
    'is more than llama.cpp supports; allowed: an integer from 1 to 256, known at synth; lower it',
  ],
  [
    'an infinite number of slots',
    'parallel',
    { name: 'llama3.2:3b', contextLength: 4096, parallel: Number.POSITIVE_INFINITY },
    'models[0].parallel = Infinity: is more than llama.cpp supports',
  ],
  [
    'slots of an embedding model',
    'parallel',
    { name: 'nomic-embed-text', contextLength: 2048, parallel: 2 },
    'one request at a time',
  ],
  ['a short digest', 'digest', { name: 'qwen3:8b', contextLength: 4096, digest: 'sha256:0a' }, 'is not the digest'],
  [
    'qwen3moe at its native context × 4',
    'contextLength',
    { name: 'qwen3-coder:30b', contextLength: 262_144, parallel: 4 },
    'overflows a copy kernel of CUDA',
  ],
  [
    'gpt-oss at its native context × 8',
    'contextLength',
    { name: 'gpt-oss:20b', contextLength: 131_072, parallel: 8 },
    'at most 131071 with parallel 8',
  ],
])('%s is refused', (_, field, request, text) => {
  const error = refusal(() => servedModel(request, 'models[0]'));
  expect(error.property).toBe(`models[0].${field}`);
  expect(error.message).toContain(text);
});

test('one token less than the overflow is allowed, and more are allowed for other families', () => {
  expect(servedModel({ name: 'qwen3-coder:30b', contextLength: 262_143, parallel: 4 }).contextLength).toBe(262_143);
  expect(servedModel({ name: 'llama3.1:8b', contextLength: 131_072, parallel: 8 }).parallel).toBe(8);
});

test('256 slots are allowed', () => {
  expect(servedModel({ name: 'llama3.2:3b', contextLength: 4096, parallel: 256 }).parallel).toBe(256);
});
