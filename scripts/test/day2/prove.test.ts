import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EndpointEmulator, noEndpointFaults } from '../../../test/emulators/endpoint';
import type { Proof } from '../../src/prove/proof';
import { sectionsOf } from '../../src/prove/sections';
import { KEY, type Run, World } from './world';

const ALIAS = 'llama3.1:8b-ctx4k';
/** What the emulated model answers with, besides `ready`. */
const SENTINEL = 'answer-sentinel-4711';
const SHORT = ['prove', '-m', ALIAS, '--turns', '3', '--clients', '2', '1'];

let world: World;
let kong: EndpointEmulator;
/** The run that most tests look at. */
let first: Run;

beforeAll(async () => {
  world = new World();
  kong = await new EndpointEmulator({
    models: [{ name: ALIAS, contextLength: 4096 }],
    apiKey: KEY,
    toolArguments: { get_weather: { city: SENTINEL } },
  }).start();
  world.now = () => kong.timeRead;
  world.synthesized();
  world.environment = { ...world.environment, OLLAMA_EKS_URL: kong.url, OLLAMA_EKS_API_KEY: KEY };
  Object.assign(kong.faults, { readingTime: 5, gpuShare: 0 });
  first = await world.run(...SHORT, '--emulated', 'Kong', 'the model');
});

beforeEach(() => {
  Object.assign(kong.faults, noEndpointFaults(), { readingTime: 0, status: undefined, busy: 0 });
  world.fetch = fetch;
});

afterAll(async () => {
  await kong.stop();
  world.remove();
});

const file = (name: string, folder = 'proof') => readFileSync(join(world.directory, folder, name), 'utf8');
const proof = (folder?: string) => JSON.parse(file('proof.json', folder)) as Proof;

test('measures conversations of one and of several agents, and writes them as data and as pages', () => {
  const { code, out, err } = first;
  expect([code, err]).toEqual([0, expect.stringContaining('checks: tool calls, context, isolation')]);
  expect(readdirSync(join(world.directory, 'proof')).sort()).toEqual(['proof.html', 'proof.json', 'proof.md']);
  const { models, checks, versions, cluster } = proof();
  expect(models).toMatchObject([
    {
      model: ALIAS,
      contextLength: 4096,
      loads: [
        { clients: 1, turns: 3, cacheHits: { hits: 2, of: 2 }, tokensPerSecond: 50, refused: 0, failures: [] },
        { clients: 2, turns: 6, cacheHits: { hits: 4, of: 4 } },
      ],
    },
  ]);
  const byTurn = models[0]?.loads[0]?.byTurn ?? [];
  expect(byTurn.map(({ cachedShare }) => cachedShare)).toEqual([0, expect.closeTo(0.8, 1), expect.closeTo(0.83, 1)]);
  expect(byTurn.map(({ firstTokenMs }) => firstTokenMs)).toEqual([5, 0, 0]);
  expect(new Set(checks.map(({ status }) => status))).toEqual(new Set(['ok', 'warn']));
  expect(checks.find(({ id }) => id.startsWith('context'))?.figures).toMatchObject({ promisedTokens: 4096 });
  expect(versions).toMatchObject({ ollama: '0.32.15', kubernetes: '1.35' });
  expect(cluster).toMatchObject({ name: 'ollama', pools: [{ instanceType: 'g5.12xlarge' }] });
  expect(out).toMatch(/llama3\.1:8b-ctx4k +2 +0\.0/);
  for (const page of ['proof.html', 'proof.md']) expect(file(page)).toMatch(/100\u00a0%/);
});

test('each conversation has a session of its own, and continues what the model has answered', () => {
  const chats = kong.requests.filter(
    ({ path, headers }) => path === '/api/chat' && 'x-claude-code-session-id' in headers,
  );
  const sessions = chats.map(({ headers }) => headers['x-claude-code-session-id']);
  const turnsOf = (session: unknown) => sessions.filter((other) => other === session).length;
  expect([...new Set(sessions)].map(turnsOf)).toEqual([3, 3, 3]);
  const last = chats.at(-1)?.body['messages'] as { role: string; content: string }[];
  expect(last.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
  expect(last[1]?.content).toBe('ready');
  expect(new Set(chats.map(({ body }) => (body['messages'] as { content: string }[])[0]?.content)).size).toBe(3);
});

test('nothing of a prompt or an answer, no key and no address is in a file or in the output', async () => {
  kong.faults.toolCall = 'text';
  const failed = await world.run(...SHORT, '--out', 'text', '--verbose');
  expect(failed.code).toBe(6);
  const texts = [first, failed].flatMap(({ out, err }) => [out, err]);
  for (const folder of ['proof', 'text'])
    texts.push(...readdirSync(join(world.directory, folder)).map((name) => file(name, folder)));
  expect(texts).toHaveLength(10);
  const prompts = kong.requests.flatMap(({ body }) => linesOf(body['messages'] ?? body['input']));
  expect(prompts.length).toBeGreaterThan(1000);
  const secrets = [SENTINEL, KEY, kong.url, 'Paris', ...new Set(prompts)];
  expect(secrets.filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
});

function pathOf(input: string | URL | Request): string {
  return new URL(input instanceof Request ? input.url : input).pathname;
}

/** Lines of a prompt that could not be in a page by chance. */
function linesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split('\n').filter((line) => line.length > 12);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(linesOf) : [];
}

test('tries again when all servers are busy, and counts the refusals and their waits', async () => {
  let asked = 0;
  world.fetch = (input, init) => {
    if (pathOf(input) === '/api/chat' && ++asked === 3) kong.faults.busy = 2;
    return fetch(input, init);
  };
  expect((await world.run(...SHORT, '--out', 'busy')).code).toBe(0);
  const [busy] = proof('busy').models[0]?.loads ?? [];
  expect(busy).toMatchObject({ turns: 3, refused: 2, firstTokenMs: { p95: expect.closeTo(20_000, -3) } });
});

test('a conversation that fails ends with its reason, and with exit code 6 after the files are written', async () => {
  let asked = 0;
  world.fetch = (input, init) => {
    if (pathOf(input) === '/api/chat' && ++asked === 4) kong.faults.status = 500;
    return fetch(input, init);
  };
  const { code, err } = await world.run(...SHORT, '--out', 'failed');
  expect(code).toBe(6);
  expect(err).toMatch(/not proven: .*llama3\.1:8b-ctx4k × 1 \(status 500\), llama3\.1:8b-ctx4k × 2 \(status 500\)/);
  const [one, two] = proof('failed').models[0]?.loads ?? [];
  expect(one).toMatchObject({ turns: 2, failures: ['status 500'] });
  expect(two).toMatchObject({ turns: 0, failures: ['status 500', 'status 500'], allTokensPerSecond: 0 });
  expect(proof('failed').checks.every(({ status }) => status === 'fail')).toBe(true);
});

test('the page says what was emulated, and what was not part of the run', () => {
  const limits = proof().limits.join('\n');
  expect(limits).toContain('Emulated: Kong;');
  expect(limits).toContain('Emulated: the model;');
  expect(limits).toContain('The requests did not leave this machine');
  expect(limits).toContain('only 0 % in GPU memory');
  expect(limits).toContain('--disruptive');
  expect(limits).toContain('The cost is not known: an instance type of the cluster has no list price in the catalogue');
  expect(file('proof.html')).toContain('Emulated: Kong;');
});

test('the page says how many developers can work, from the tokens per second that were measured', () => {
  const [most = 0] = proof()
    .models.flatMap(({ loads }) => loads.map(({ allTokensPerSecond }) => allTokensPerSecond))
    .sort((one, other) => other - one);
  // By the rule of docs/performance.md: one for each 10 tokens/s; the cluster has one server on 4 GPUs.
  const people = Math.floor(most / 10);
  expect(people).toBeGreaterThan(0);
  const row = file('proof.md')
    .split('\n')
    .find((line) => line.includes('18,000 tokens'));
  expect(
    row
      ?.split('|')
      .map((cell) => cell.trim())
      .slice(1, 6),
  ).toEqual([ALIAS, most.toFixed(1), expect.stringMatching(/^[12]$/), String(people), (people / 4).toFixed(1)]);
});

describe('the GPUs of a second pool', () => {
  const perGpu = (second: object) => {
    const one = proof();
    const other = { name: 'b', instanceType: 'x', gpu: 'x', replicas: 1, gpusPerReplica: 8, ...second };
    const first = (one.cluster?.pools ?? []).map((pool) => ({ ...pool, models: [ALIAS] }));
    const cluster = { name: 'ollama', region: 'us-west-2', pools: [...first, other] };
    const [row = []] = sectionsOf({ ...one, cluster }).find(({ title }) => title.startsWith('Developers'))?.rows ?? [];
    const [people, ratio] = [Number(row[3]), row[4]];
    return ratio === 'unknown' ? ratio : Math.round(people / Number(ratio));
  };

  test('count if it serves the model, too', () => {
    expect(proof().cluster?.pools).toMatchObject([{ gpusPerReplica: 4, models: ['qwen3-coder:30b-ctx64k'] }]);
    expect(perGpu({ models: [ALIAS] })).toBe(12);
    expect(perGpu({ models: ['other'] })).toBe(4);
    expect(perGpu({ models: [ALIAS], replicas: 0 })).toBe(4);
  });

  test('are unknown in the proof of an earlier version, which does not name its models', () => {
    expect(perGpu({})).toBe('unknown');
  });
});

test('compares with an earlier run', async () => {
  kong.faults.forgetful = true;
  const { out } = await world.run('--json', ...SHORT, '--out', 'after', '--against', 'proof/proof.json');
  const { changes, files } = JSON.parse(out) as {
    changes: { figure: string; before: number; now: number }[];
    files: string[];
  };
  expect(files).toHaveLength(3);
  expect(changes).toContainEqual({
    figure: `${ALIAS}, 2 at once: turns with a cached prompt`,
    unit: '%',
    before: 100,
    now: 0,
  });
  expect(file('proof.md', 'after')).toMatch(/2 at once: turns with a cached prompt \| 100 % \| 0 % \| -100 %/);
});

test('dry run: asks no model, and writes nothing', async () => {
  const { length } = kong.requests;
  const { code, out } = await world.run('prove', '-m', ALIAS, '--dry-run', '--out', 'dry');
  expect(code).toBe(0);
  expect(out).toMatch(/would ask llama3\.1:8b-ctx4k 580 times: conversations of 20 turns with 1, 4, 8, 16 at once/);
  expect(kong.requests).toHaveLength(length);
  expect(readdirSync(world.directory)).not.toContain('dry');
});

describe('refuses, before it asks a model,', () => {
  test.each([
    [
      'a folder that has a proof',
      ['--out', 'proof'],
      /proof\/proof\.md must not exist; choose another folder with --out/,
    ],
    [
      'a file that is not a proof',
      ['--against', 'ollama.json', '--out', 'new'],
      /ollama\.json is not a proof of this version/,
    ],
    ['a proof that does not exist', ['--against', 'none.json', '--out', 'new'], /none\.json does not exist/],
    [
      'a number of clients that is not one',
      ['--clients', 'many', '--out', 'new'],
      /--clients = "many": must be a whole number from 1 to 64/,
    ],
    [
      'one turn, which shows no cache',
      ['--turns', '1', '--out', 'new'],
      /--turns = "1": must be a whole number from 2 to 100/,
    ],
  ])('%s', async (_, flags, message) => {
    const { length } = kong.requests;
    writeFileSync(join(world.directory, 'ollama.json'), '{"models":[]}');
    const { code, err } = await world.run('prove', '-m', ALIAS, ...flags);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(kong.requests).toHaveLength(length);
  });

  test('a missing key', async () => {
    const { environment } = world;
    world.environment = { ...environment, OLLAMA_EKS_API_KEY: '' };
    const { code, err } = await world.run(...SHORT, '--out', 'new');
    world.environment = environment;
    expect([code, err]).toEqual([2, expect.stringContaining('OLLAMA_EKS_API_KEY')]);
  });
});

test('more turns than the context holds are refused', async () => {
  const { code, err } = await world.run('prove', '-m', ALIAS, '--turns', '100', '--out', 'many');
  expect(code).toBe(2);
  expect(err).toContain('a conversation of 100 turns does not fit 4096 tokens');
});

describe('a folder that another run writes to', () => {
  const lock = (folder: string) => join(world.directory, folder, '.proof.lock');

  test('is refused before anything is measured', async () => {
    mkdirSync(lock('used'), { recursive: true });
    const before = kong.requests.filter(({ path }) => path === '/api/chat').length;
    expect(await world.run(...SHORT, '--out', 'used')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/used is in use by another run of ollama-eks prove; wait until it ends, or choose/),
    });
    expect(kong.requests.filter(({ path }) => path === '/api/chat')).toHaveLength(before);
    expect(readdirSync(join(world.directory, 'used'))).toEqual(['.proof.lock']);
  });

  test('is taken if that run was killed, and is free afterward', async () => {
    mkdirSync(lock('killed'), { recursive: true });
    const { mtimeMs } = statSync(lock('killed'));
    const { now } = world;
    world.now = () => mtimeMs + 10_001 + kong.timeRead;
    expect(await world.run(...SHORT, '--out', 'killed')).toMatchObject({ code: 0 });
    world.now = now;
    expect(readdirSync(join(world.directory, 'killed')).sort()).toEqual(['proof.html', 'proof.json', 'proof.md']);
  });
});
