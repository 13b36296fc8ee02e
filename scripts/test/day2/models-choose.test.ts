import { gpuInstanceTypeNames, modelNames, modelPurposes } from '@org/ollama-eks/pure';
import { fit } from '@org/ollama-eks';
import { byModel, byPrice, type Capacity, capacityOf } from '../../src/models/capacity';
import { World } from './world';

let world: World;

beforeEach(() => {
  world = new World();
  world.fetch = () => Promise.reject(new Error('no network is needed'));
});

afterEach(() => {
  world.remove();
});

async function found(...args: readonly string[]): Promise<readonly Capacity[]> {
  const { code, out, err } = await world.run('--json', 'models', ...args);
  expect([code, err]).toEqual([0, '']);
  return (JSON.parse(out) as { found: readonly Capacity[] }).found;
}

test('recommend ranks models of a purpose that fit: those that hold the context, then the larger ones', async () => {
  const ranked = await found('recommend', '--instance', 'g6e.2xlarge', '--for', 'coding');
  expect(ranked.map(({ model }) => model)).toEqual(
    expect.arrayContaining(['qwen3.6:35b', 'qwen3-coder:30b', 'devstral-small-2:24b']),
  );
  expect(ranked.map(({ model }) => model).slice(0, 2)).toEqual(['qwen3.6:35b', 'gemma4:31b']);
  expect(ranked.every(({ model }) => modelPurposes(model).includes('coding'))).toBe(true);
  const contexts = ranked.map(({ contextLength, atATime }) => (atATime > 0 ? contextLength : 0));
  expect(contexts).toEqual([...contexts].sort((a, b) => b - a));
});

test.each([
  ['qwen3-coder:30b', 'g6e.2xlarge', 65_536],
  ['llama3.1:8b', 'g5.xlarge', 16_384],
  ['gpt-oss:20b', 'g5.xlarge', 131_072],
])('%s on %s: as many requests at a time as fit, and not one more', (model, instance, contextLength) => {
  const { atATime } = capacityOf(model, instance, contextLength);
  expect(atATime).toBeGreaterThan(0);
  const fits = (parallel: number) => fit({ name: model, contextLength, parallel }, instance).fits;
  expect([fits(atATime), fits(atATime + 1)]).toEqual([true, false]);
});

test('models that Ollama serves one request at a time, and those that do not fit, say so', () => {
  expect(capacityOf('qwen3.6:35b', 'g6e.2xlarge', 4096).atATime).toBe(1);
  expect(capacityOf('llama3.1:70b', 'g5.xlarge', 4096)).toMatchObject({ atATime: 0, largestContextLength: 0 });
  expect(capacityOf('gemma3:4b', 'g5.xlarge', 1).contextLength).toBe(2048);
});

test('size ranks instance types by price, those that hold less context last', async () => {
  const ranked = await found('size', 'qwen3.6:35b');
  expect(ranked[0]).toMatchObject({ instance: 'g6e.xlarge', atATime: 1, largestContextLength: 262_144 });
  expect([...ranked].sort(byPrice)).toEqual(ranked);
  const names = ranked.map(({ instance }) => instance);
  expect(gpuInstanceTypeNames()).toEqual(expect.arrayContaining(names));
  expect(names).not.toContain('g4dn.xlarge');
});

test('size counts models that stay loaded next to it, and says what each takes', async () => {
  const alone = await found('size', 'qwen3-coder:30b', '--context', '32768');
  const small = ['--with', 'qwen2.5-coder:7b', 'nomic-embed-text'];
  const both = await found('size', 'qwen3-coder:30b', '--context', '32768', ...small);
  const on = (all: readonly Capacity[]) => all.find(({ instance }) => instance === 'g6e.xlarge');
  expect(on(both)?.atATime).toBeGreaterThan(0);
  expect(on(both)?.atATime).toBeLessThan(on(alone)?.atATime ?? 0);
  expect(on(both)?.largestContextLength).toBeLessThan(on(alone)?.largestContextLength ?? 0);
  const models = [
    { name: 'qwen3-coder:30b', contextLength: 32_768 },
    { name: 'qwen2.5-coder:7b', contextLength: 32_768 },
    { name: 'nomic-embed-text', contextLength: 2048 },
  ];
  const { usedBytes } = fit(models, 'g6e.xlarge');
  const own = fit(models.slice(0, 1), 'g6e.xlarge').usedBytes;
  const taken = (on(both)?.others ?? []).reduce((sum, other) => sum + other.usedBytes, 0);
  expect(usedBytes - own).toBeCloseTo(taken, -1);
  const { out } = await world.run('models', 'size', 'qwen3-coder:30b', ...small);
  expect(out).toMatch(/^instance .* others$/m);
  expect(out).toMatch(/^g6e.xlarge .* \d\.\d GiB$/m);
});

test('both say that as many at a time fit only with a smaller num_batch, as the program does', async () => {
  const wanted = ['size', 'glm-4.7-flash:q4_K_M', '--with', 'nomic-embed-text'];
  const on = (await found(...wanted)).find(({ instance }) => instance === 'g6e.xlarge');
  const models = [
    { name: 'glm-4.7-flash:q4_K_M', contextLength: 65_536, parallel: on?.atATime ?? 0 },
    { name: 'nomic-embed-text', contextLength: 2048 },
  ];
  const warning = fit(models, 'g6e.xlarge').warnings.find((text) => text.includes('num_batch')) ?? 'none';
  expect(warning).toMatch(/^glm-4.7-flash:q4_K_M fits only with num_batch 1024/);
  expect(on).toMatchObject({ atATime: 6, numBatches: [{ model: 'glm-4.7-flash:q4_K_M', numBatch: 1024 }] });
  expect(on?.warnings).toContain(`With 6 at a time: ${warning}`);
  expect((await world.run('models', ...wanted)).out).toMatch(
    /^g6e.xlarge .* 6\* [^]*\n\n\* only with a smaller num_batch/m,
  );
  expect((await world.run('models', ...wanted, '--markdown')).out).toMatch(/ 6\* \|[^]*\n\n\\\* only with a smaller/);
  const alone = await found('size', 'glm-4.7-flash:q4_K_M');
  expect(alone.find(({ instance }) => instance === 'g6e.xlarge')).toMatchObject({ atATime: 6, numBatches: [] });
});

test('every listed model can be sized', () => {
  const all = modelNames().map((name) => capacityOf(name, 'p5.48xlarge', 4096));
  expect(all.filter(({ atATime }) => atATime === 0).map(({ model }) => model)).toEqual([]);
  expect([...all].sort(byModel)).toHaveLength(modelNames().length);
});

test('both print tables in Markdown', async () => {
  const { out } = await world.run(
    'models',
    'recommend',
    '--instance',
    'g4dn.xlarge',
    '--for',
    'embedding',
    '--markdown',
  );
  expect(out.split('\n').slice(0, 3)).toEqual([
    'on g4dn.xlarge:',
    '',
    '| model | weights | largest context | at a time | with context | USD/h | for |',
  ]);
  expect(out).toContain('| nomic-embed-text | 0.3 GiB | 2048 | 1 | 2048 | 0.53 | embedding |');
  const { out: sizes } = await world.run('models', 'size', 'nomic-embed-text', '--markdown');
  expect(sizes).toMatch(/^\| instance \| GPUs \| .*\n\| --- /);
});

test('both mark figures that are known only approximately, and say what the mark means', async () => {
  const { out } = await world.run('models', 'recommend', '--instance', 'g6e.2xlarge');
  expect(out).toMatch(/^nemotron-3-nano:30b +~22.8 GiB +~1048576 /m);
  expect(out).toMatch(/^qwen3.6:35b +22.3 GiB +262144 /m);
  expect(out).toMatch(/\n\n~ approximately: /);
  expect((await world.run('models', 'size', 'nemotron-3-nano:30b')).out).toMatch(/ ~1048576 [^]*\n\n~ approximately: /);
  expect((await world.run('models', 'size', 'qwen3.6:35b')).out).not.toContain('~');
});

test.each([
  [
    ['size', 'llama9:8b'],
    /model = "llama9:8b": is not in the catalogue of models; allowed: .*; for any other model, run ollama-eks models inspect llama9:8b/,
  ],
  [
    ['size', 'glm-4.7-flash'],
    /allowed: glm-4.7-flash:q4_K_M or another listed name; did you mean glm-4.7-flash:q4_K_M\? For any other model, run/,
  ],
  [
    ['size', 'qwen3:8b', '--with', 'qwen3:9b'],
    /--with = "qwen3:9b": is not in the catalogue of models; allowed: .*; did you mean qwen3:8b.*\? For any other model/,
  ],
  [['size', 'qwen3:8b', '--with', 'qwen3:8b'], /--with = "qwen3:8b": is named twice; name each model once/],
  [
    ['inspect', 'qwen3:8b', '--instance', 'g5.large'],
    /--instance = "g5.large": .*; allowed: g5.xlarge, .*; choose one that ollama-eks models size NAME prints$/m,
  ],
  [
    ['size', 'codellama:7b', '--context', '65536'],
    /--context = "65536": is more than codellama:7b has; allowed: at most 16384 tokens; pass --context 16384/,
  ],
  [['size', 'qwen3:8b', '--markdown', '--json'], /--json and --markdown exclude each other/],
  [['recommend', '--instance', 'g99.huge'], /--instance/],
  [['recommend', '--for', 'poetry'], /--for/],
])('%j is refused with exit code 2', async (args, words) => {
  expect(await world.run('models', ...args)).toMatchObject({ code: 2, err: expect.stringMatching(words) });
});
