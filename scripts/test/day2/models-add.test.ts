import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addedModel, fit, type AddedModel } from '@org/ollama-eks';
import type { GgufValue } from '@org/ollama-eks-tools/gguf-file';
import { headerFile, PublishedModels, type PublishedLayer } from './published-models';
import { World } from './world';

const GIB = 1024 ** 3;
const SHAPE = {
  ...{ block_count: 48, context_length: 262_144, embedding_length: 2048 },
  ...{ 'attention.head_count': 32, 'attention.head_count_kv': 4 },
  ...{ 'attention.key_length': 128, 'attention.value_length': 128 },
};
const SPARSE = 'registry.ollama.ai/library/qwen3-coder:30b';

let world: World;
let registry: PublishedModels;

beforeEach(() => {
  world = new World();
  registry = new PublishedModels();
  world.fetch = registry.fetch;
  registry.publish(SPARSE, [model('qwen3moe', SHAPE)]);
});

afterEach(() => {
  world.remove();
});

function model(architecture: string, keys: Readonly<Record<string, GgufValue>>, size = 18 * GIB): PublishedLayer {
  return { type: 'model', content: headerFile(architecture, keys), size };
}

const path = () => join(world.directory, 'ollama-models.json');
const written = () => JSON.parse(readFileSync(path(), 'utf8')) as { models: Record<string, AddedModel> };
const add = (...args: readonly string[]) => world.run('models', 'add', ...args);

test('writes an entry that a program uses without network', async () => {
  const { code, out } = await add('qwen3-coder:30b');
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/^added qwen3-coder:30b in .*: 18\.0 GiB, sha256:[0-9a-f]{64}$/m),
  ]);
  expect(out).toContain('models: [{ ...addedModel("qwen3-coder:30b"), contextLength: … }]; commit the file');
  const entry = addedModel('qwen3-coder:30b', path());
  expect(entry).toMatchObject({
    name: 'qwen3-coder:30b',
    digest: expect.stringMatching(/^sha256:/),
    figures: { bytes: 18 * GIB, architecture: 'qwen3moe', weightsDigest: expect.stringMatching(/^sha256:/) },
  });
  expect(fit({ ...entry, contextLength: 65_536 }, 'g5.12xlarge').fits).toBe(true);
});

test('keeps the models that the file has, in the order of their names', async () => {
  registry.publish('registry.ollama.ai/library/llama3.1:8b', [model('llama', { ...SHAPE, block_count: 32 }, 5 * GIB)]);
  await add('qwen3-coder:30b', '--as', 'coder');
  await add('llama3.1:8b', '--as', 'a-chat');
  expect(Object.keys(written().models)).toEqual(['a-chat', 'coder']);
  const before = readFileSync(path(), 'utf8');
  expect((await add('llama3.1:8b', '--as', 'a-chat')).out).toMatch(/^found a-chat in/);
  expect(readFileSync(path(), 'utf8')).toBe(before);
});

test('a digest that has changed is replaced only if asked', async () => {
  await add('qwen3-coder:30b');
  const before = written();
  registry.publish(SPARSE, [model('qwen3moe', { ...SHAPE, block_count: 40 })]);
  const refused = await add('qwen3-coder:30b');
  expect([refused.code, refused.err]).toEqual([
    2,
    expect.stringMatching(/has the digest sha256:\w+, and the registry now has sha256:\w+; pass --replace, which/),
  ]);
  expect(written()).toEqual(before);
  expect((await add('qwen3-coder:30b', '--replace')).out).toMatch(/^replaced qwen3-coder:30b/);
  expect(written().models['qwen3-coder:30b']?.figures.blockCount).toBe(40);
});

test('an alias of another model, and weights that have another alias, are refused', async () => {
  await add('qwen3-coder:30b', '--as', 'coder');
  registry.publish('registry.ollama.ai/library/llama3.1:8b', [model('llama', SHAPE, 5 * GIB)]);
  const other = await add('llama3.1:8b', '--as', 'coder');
  expect([other.code, other.err]).toEqual([2, expect.stringContaining('"coder" is qwen3-coder:30b, not llama3.1:8b')]);
  // the same weights, with other parameters and so another manifest
  registry.publish('registry.ollama.ai/acme/copy:1', [
    model('qwen3moe', SHAPE),
    { type: 'params', content: '{"temperature":1}' },
  ]);
  const copy = await add('acme/copy:1');
  expect([copy.code, copy.err]).toEqual([
    2,
    expect.stringContaining('has the same weights as "coder"; use that alias'),
  ]);
});

test('dry run writes nothing; --json is data', async () => {
  const { code, out } = await world.run('--json', '--dry-run', 'models', 'add', 'qwen3-coder:30b', '--as', 'coder');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    alias: 'coder',
    action: 'add',
    dryRun: true,
    entry: { name: 'qwen3-coder:30b' },
  });
  expect(() => written()).toThrow(/ENOENT/);
});

test.each([
  ['a name that is none', ['not a name'], /is not a valid name of a model/],
  ['a tag that does not exist', ['qwen3-coder:31b'], /the registry does not have qwen3-coder:31b/],
  ['a name without a tag', ['qwen3-coder'], /must not have the tag latest/],
  ['an alias that is none', ['qwen3-coder:30b', '--as', '-x y'], /--as = "-x y": is not an alias/],
  ['an empty alias', ['qwen3-coder:30b', '--as', ''], /--as = "": is not an alias/],
])('%s is refused', async (_, args, message) => {
  registry.publish('registry.ollama.ai/library/qwen3-coder:latest', [model('qwen3moe', SHAPE)]);
  const { code, err } = await add(...args);
  expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  expect(() => written()).toThrow(/ENOENT/);
});

test('a file that is not one of ours is not overwritten', async () => {
  writeFileSync(path(), '{"models": "mine"}');
  const { code, err } = await add('qwen3-coder:30b');
  expect([code, err]).toEqual([2, expect.stringMatching(/ollama-models\.json: has a format that is not supported/)]);
  expect(readFileSync(path(), 'utf8')).toBe('{"models": "mine"}');
  expect(registry.requests).toEqual([]);
});

test('a file that cannot be used is refused with a remedy that works', async () => {
  mkdirSync(path());
  const { code, err } = await add('qwen3-coder:30b');
  expect([code, err]).toEqual([2, expect.stringMatching(/ollama-models\.json: cannot be read \(EISDIR\)/)]);
  rmSync(path(), { recursive: true });
  writeFileSync(path(), '{"formatVersion":1,"models":{"coder":null}}');
  expect((await add('qwen3-coder:30b')).err).toContain(
    'remove it from the file, then run `ollama-eks models add NAME --as coder`',
  );
});

/** Files of each kind: what is published, and the figures that decide their memory. */
const KINDS: readonly (readonly [string, string, readonly PublishedLayer[], object])[] = [
  [
    'a sharded, quantized model of Hugging Face',
    'hf.co/unsloth/Qwen3-Coder-GGUF:Q6_K',
    [
      model('qwen3moe', { ...SHAPE, 'general.file_type': 18, 'split.count': 2 }, 10 * GIB),
      { type: 'model', content: 'the second shard', size: 8 * GIB },
    ],
    { bytes: 18 * GIB, quantization: 'Q6_K' },
  ],
  [
    'a multimodal model',
    'registry.ollama.ai/library/gemma3:27b',
    [
      model('gemma3', { ...SHAPE, 'attention.sliding_window': 1024 }, 16 * GIB),
      { type: 'projector', content: 'a projector', size: GIB },
    ],
    { bytes: 17 * GIB, projectorBytes: GIB, cachedLayers: [{ layers: 40, window: 1024 }, { layers: 8 }] },
  ],
  [
    'a hybrid model',
    'registry.ollama.ai/library/qwen3.6:35b',
    [
      model('qwen35moe', {
        ...{ ...SHAPE, block_count: 40, full_attention_interval: 4 },
        ...{ 'ssm.conv_kernel': 4, 'ssm.inner_size': 4096, 'ssm.state_size': 128, 'ssm.group_count': 16 },
      }),
    ],
    { cachedLayers: [{ layers: 10 }], recurrentBytes: 30 * (3 * (4096 + 2 * 16 * 128) + 128 * 4096) * 4 },
  ],
  [
    'a model with multi-head latent attention (MLA)',
    'registry.ollama.ai/library/glm-4.7-flash:q4_K_M',
    [
      model('deepseek2', {
        ...{ ...SHAPE, block_count: 47, 'attention.head_count': 20, 'attention.head_count_kv': 1 },
        ...{ 'attention.key_length': 576, 'attention.value_length': 512, 'attention.kv_lora_rank': 512 },
        ...{ 'attention.key_length_mla': 256, 'attention.value_length_mla': 256 },
      }),
    ],
    { headCountKv: 1, keyLength: 576, valueLength: 0 },
  ],
  [
    'a model with a draft model that it uses',
    'hf.co/acme/drafting-GGUF:Q4_K_M',
    [
      model('qwen3moe', SHAPE),
      { type: 'draft', content: headerFile('qwen3', { ...SHAPE, block_count: 1 }), size: GIB },
      { type: 'params', content: '{"draft_num_predict":4}' },
    ],
    { draftTokens: 4, draftCachedLayers: [{ layers: 1, headCountKv: 4, keyLength: 128, valueLength: 128 }] },
  ],
  [
    'an architecture without a rule',
    'hf.co/acme/new-GGUF:Q4_K_M',
    [model('brandnew', SHAPE)],
    { note: expect.stringMatching(/^its architecture has no rule here, so all layers count/) },
  ],
];

test.each(KINDS)('add and inspect read %s', async (_, place, layers, figures) => {
  registry.publish(place, layers);
  const name = place.replace('registry.ollama.ai/library/', '');
  const { code, out, err } = await add(name, '--as', 'added');
  expect([code, err]).toEqual([0, '']);
  const entry = addedModel('added', path());
  expect(entry).toMatchObject({ name, figures });
  if (entry.figures.note !== undefined) expect(out).toContain(`note: ${entry.figures.note}`);
  const { models } = fit({ ...entry, contextLength: 8192 }, 'p4d.24xlarge');
  expect(models[0]?.largestContextLength).toBeGreaterThan(0);
  const inspected = await world.run('--json', 'models', 'inspect', name, '--instance', 'p4d.24xlarge');
  expect(JSON.parse(inspected.out)).toMatchObject({
    model: { name, digest: entry.digest, figures: entry.figures },
    fits: [{ instance: 'p4d.24xlarge', fits: true }],
  });
});

test('inspect says what drafting costs', async () => {
  registry.publish(SPARSE, [
    model('qwen3moe', { ...SHAPE, nextn_predict_layers: 1 }),
    { type: 'params', content: '{"draft_num_predict":4}' },
  ]);
  const { out } = await world.run('--json', 'models', 'inspect', 'qwen3-coder:30b', '--instance', 'g6e.2xlarge');
  const { fits } = JSON.parse(out) as { fits: { warnings: string[] }[] };
  expect(fits[0]?.warnings).toContainEqual(
    expect.stringMatching(/^qwen3-coder:30b drafts 4 tokens at a time, which takes \d\.\d GiB of GPU memory\.$/),
  );
});

test('replaces the file as a whole: a program that reads it meanwhile never finds a part of it', async () => {
  await add('qwen3-coder:30b', '--as', 'coder');
  const before = readFileSync(path(), 'utf8');
  const old = join(world.directory, 'old.json');
  linkSync(path(), old);
  registry.publish('registry.ollama.ai/library/llama3.1:8b', [model('llama', { ...SHAPE, block_count: 32 }, 5 * GIB)]);
  expect((await add('llama3.1:8b')).code).toBe(0);
  expect(readFileSync(old, 'utf8')).toBe(before);
});
