/** What an endpoint or a file that is broken, or hostile, does to `prove`. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Endpoint } from '../../src/endpoint/endpoint';
import type { RunningModel } from '../../src/checks/gpu-checks';
import { type EndpointFacts, readFacts } from '../../src/prove/endpoint-facts';
import { readingRate } from '../../src/prove/figures';
import { limitsOf } from '../../src/prove/limits';
import { runLoad } from '../../src/prove/load';
import { askTurn } from '../../src/prove/turn';
import type { Proof } from '../../src/prove/proof';
import { markdownOf } from '../../src/report/text';
import { EndpointEmulator, noEndpointFaults } from '../../../test/emulators/endpoint';
import { KEY, World } from './world';

const ALIAS = 'llama3.1:8b-ctx4k';
const SHORT = ['prove', '-m', ALIAS, '--turns', '2', '--clients', '1'];
const MARKUP = '<img src=x onerror=alert(1)>\u001b[31m\r\n# heading';

let world: World;
let kong: EndpointEmulator;

beforeAll(async () => {
  kong = await new EndpointEmulator({ models: [{ name: ALIAS, contextLength: 4096 }], apiKey: KEY }).start();
});

beforeEach(() => {
  world = new World();
  world.environment = { ...world.environment, OLLAMA_EKS_URL: kong.url, OLLAMA_EKS_API_KEY: KEY };
  Object.assign(kong.faults, noEndpointFaults(), { readingTime: 0, status: undefined, busy: 0 });
});

afterEach(() => world.remove());
afterAll(() => kong.stop());

const text = (name: string) => readFileSync(join(world.directory, 'proof', name), 'utf8');
const proof = () => JSON.parse(text('proof.json')) as Proof;

/** Answers requests of a path in place of the endpoint. */
function answer(path: string, with_: () => Response): void {
  world.fetch = async (input, init) =>
    new URL(input instanceof Request ? input.url : input).pathname === path ? with_() : fetch(input, init);
}

const broken = () => {
  throw new TypeError('fetch failed', { cause: new Error('other side closed') });
};

test('what was measured is written if the endpoint no longer says what it has loaded', async () => {
  answer('/api/ps', broken);
  await world.run(...SHORT);
  expect(proof().models[0]?.loads[0]).toMatchObject({ turns: 2, failures: [] });
  expect(proof().limits).toContain(`It is not known whether ${ALIAS} was in GPU memory`);
});

/** Reads the facts of an endpoint that answers each request alike. */
function factsFrom(answered: () => Response): Promise<EndpointFacts> {
  const { signal } = new AbortController();
  const sleep = (_: number, stop?: AbortSignal) =>
    new Promise<void>((_done, stopped) => stop?.addEventListener('abort', () => stopped(new Error('stopped'))));
  const clock = { now: () => 0, sleep };
  return readFacts(
    { signal },
    new Endpoint({ fetch: () => new Promise((done) => done(answered())), clock, signal }, kong.url, KEY, 1000),
  );
}

test.each([
  ['breaks the connection', broken],
  ['fails', () => new Response('{}', { status: 500 })],
  ['answers with null', () => Response.json(null)],
  ['answers with an object', () => Response.json({ models: { first: 1 }, version: { is: MARKUP } })],
  ['answers with markup', () => Response.json({ models: [null], version: MARKUP })],
])('an endpoint that %s has no known facts', async (_, answered) => {
  expect(await factsFrom(answered)).toEqual({ running: undefined, ollama: undefined });
});

test('a model whose size is not reported may or may not be in GPU memory', () => {
  const running = [{ name: ALIAS }] as unknown as readonly RunningModel[];
  const facts = { emulated: [], url: 'https://example.com', disruptive: true, cost: 'known', models: [ALIAS] } as const;
  expect(limitsOf({ ...facts, running })[0]).toBe(`It is not known whether ${ALIAS} was in GPU memory`);
});

test('every model is asked before the first is measured', async () => {
  const { length } = kong.requests;
  const { code, err } = await world.run(...SHORT, '-m', ALIAS, 'missing:1b-ctx4k', ALIAS);
  expect([code, err]).toEqual([6, expect.stringContaining('missing:1b-ctx4k cannot be measured: status 404')]);
  expect(kong.requests.slice(length).filter(({ path }) => path === '/api/chat')).toHaveLength(2);
});

test('models that the endpoint lists by names that cannot exist are not measured', async () => {
  answer('/api/tags', () => Response.json({ models: [{ name: `a${MARKUP.slice(0, 20)}:1b-ctx4k` }, { name: 5 }] }));
  const { code, err } = await world.run('prove', '--turns', '2', '--clients', '1');
  expect([code, err]).toEqual([2, expect.stringContaining('the models to use are not known')]);
  answer('/api/tags', () => Response.json({ models: [null] }));
  expect((await world.run('prove')).err).toContain('the models to use are not known');
});

test('figures that are text are not in a proof', async () => {
  let asked = 0;
  answer('/api/chat', () => {
    const count = asked++ === 0 ? 300 : 'answer-sentinel';
    return new Response(
      `${JSON.stringify({ message: { content: 'ready' }, done: true, prompt_eval_count: count, eval_count: count })}\n`,
    );
  });
  await world.run(...SHORT);
  expect(asked).toBeGreaterThan(2);
  expect(text('proof.json')).not.toContain('answer-sentinel');
  expect(proof().models[0]?.loads[0]?.byTurn[0]?.promptTokens).toBe(0);
});

test('an endless line ends a conversation before it fills the memory', async () => {
  let read = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      read += 1;
      controller.enqueue(new Uint8Array(1024 * 1024).fill(120));
      if (read === 64) controller.close();
    },
  });
  const never = (_: number, stop?: AbortSignal) =>
    new Promise<void>((_done, stopped) => stop?.addEventListener('abort', () => stopped(new Error('stopped'))));
  const { signal } = new AbortController();
  const clock = { now: () => 0, sleep: never };
  const endpoint = new Endpoint(
    { fetch: () => Promise.resolve(new Response(body)), clock, signal },
    kong.url,
    KEY,
    1000,
  );
  expect(await askTurn({ clock, signal }, endpoint, ALIAS, [])).toEqual({ reason: 'no complete answer' });
  expect(read).toBeLessThan(16);
});

const LOAD = { clients: 1, firstTokenMs: { p50: 1, p95: 2 }, allTokensPerSecond: 1, refused: 0 };
const EARLIER = { formatVersion: 1, date: '2026-11-29', models: [{ model: ALIAS, loads: [LOAD] }], checks: [] };

test.each([
  ['a list', [EARLIER]],
  ['no checks', { ...EARLIER, checks: undefined }],
  ['a model without loads', { ...EARLIER, models: [{ model: ALIAS }] }],
  ['a load that is null', { ...EARLIER, models: [{ model: ALIAS, loads: [null] }] }],
  ['a load without times', { ...EARLIER, models: [{ model: ALIAS, loads: [{ ...LOAD, firstTokenMs: undefined }] }] }],
  ['a cost that is text', { ...EARLIER, costUsd: MARKUP }],
])('an earlier proof with %s is refused before anything is asked', async (_, content) => {
  writeFileSync(join(world.directory, 'earlier.json'), JSON.stringify(content));
  const { length } = kong.requests;
  const { code, err } = await world.run(...SHORT, '--against', 'earlier.json');
  expect([code, err]).toEqual([2, expect.stringMatching(/is not a proof of this version.*leave out --against/)]);
  expect(kong.requests).toHaveLength(length);
  expect(existsSync(join(world.directory, 'proof'))).toBe(false);
});

test('an earlier proof with the figures that are compared is enough', async () => {
  writeFileSync(join(world.directory, 'earlier.json'), JSON.stringify(EARLIER));
  await world.run(...SHORT, '--against', 'earlier.json');
  expect(readdirSync(join(world.directory, 'proof'))).toHaveLength(3);
  expect(text('proof.md')).toContain('first token, p95');
});

test('a refusal is reported when it happens, not when the turn is answered', async () => {
  const states: string[] = [];
  const endpoint = {
    stream: (_: string, __: unknown, read: (response: object) => unknown) => Promise.resolve(read(BUSY)),
  };
  const { signal } = new AbortController();
  const load = await runLoad(
    { clock: { now: () => 0, sleep: () => Promise.resolve() }, signal },
    endpoint as never,
    ALIAS,
    { turns: 2, openingLines: 1, turnLines: 1 },
    1,
    ({ done, of, refused }) => states.push(`${String(done)} of ${String(of)}, ${String(refused)}`),
  );
  expect(states.slice(0, 3)).toEqual(['0 of 2, 0', '0 of 2, 1', '0 of 2, 2']);
  expect(load).toMatchObject({ refused: 90, failures: ['refused 90 times'] });
});

async function* noLines(): AsyncGenerator<string> {
  // an answer without a body
}
const BUSY = { status: 429, headers: new Headers(), lines: noLines() };

test('the rate of reading is not taken from agents that slow each other down', () => {
  const turn = { promptTokens: 1000, readMs: 500, answerTokens: 1, writeMs: 1, firstTokenMs: 1 };
  const load = { conversations: [[turn]], refused: 0, failures: [], seconds: 1 };
  expect([1, 4].map((clients) => readingRate({ clients, ...load }))).toEqual([2, undefined]);
});

test('titles and line breaks are not read as Markdown', () => {
  const page = markdownOf('title', [{ title: '<b>model|x', head: ['what'], rows: [['a\r# b\r\nc']] }]);
  expect(page).toContain('### \\<b\\>model\\|x');
  expect(page).toContain('| a \\# b c |');
});
