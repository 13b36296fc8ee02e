import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EndpointEmulator } from '../../../test/emulators/endpoint';
import { TOOLS } from '../../src/client/tools';
import type { Findings } from '../../src/checks/findings';
import { ClientWorld, OTHER } from './client-world';
import { ALIAS, CONTEXT, KEY } from './world';

let world: ClientWorld;
let kong: EndpointEmulator;

beforeEach(async () => {
  kong = await new EndpointEmulator({ models: [{ name: ALIAS, contextLength: CONTEXT }], apiKey: KEY }).start();
  world = new ClientWorld(kong.url);
  world.now = () => kong.timeRead; // whatever else a busy machine takes time for
});

afterEach(async () => {
  await kong.stop();
  world.remove();
});

async function check(tool: string) {
  const { code, out } = await world.run('--json', 'client', 'check', tool);
  const { findings } = JSON.parse(out) as Findings;
  return { code, found: Object.fromEntries(findings.map((finding) => [finding.id, finding])) };
}

const PATHS = { chat: '/v1/chat/completions', messages: '/v1/messages', responses: '/v1/responses' };

test.each(TOOLS)('$name: holds a conversation of two turns as the tool does', async ({ name, form, sessionHeader }) => {
  await world.run('client', name);
  const { code, found } = await check(name);
  expect(code).toBe(0);
  expect(Object.values(found).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
  expect(found['second-turn']?.detail).toMatch(/too short to see/);
  expect(kong.requests.map(({ path, passed }) => [path, passed])).toEqual([
    [PATHS[form], true],
    [PATHS[form], true],
  ]);
  const sessions = new Set(kong.requests.map(({ headers }) => headers[sessionHeader?.toLowerCase() ?? '']));
  expect([...sessions]).toEqual([sessionHeader === undefined ? undefined : expect.stringMatching(/^[\da-f-]{36}$/)]);
});

test('distinguishes a warm cache from a lost one', async () => {
  kong.faults.readingTime = 400;
  expect(await check('claude')).toMatchObject({ code: 0, found: { 'second-turn': { status: 'ok' } } });
  kong.faults.forgetful = true;
  expect(await check('claude')).toMatchObject({
    code: 0,
    found: { 'second-turn': { status: 'warn', detail: expect.stringMatching(/the prompt was read again/) } },
  });
});

test('a model that prints its tool call as text fails the check with exit code 6, and the second turn is skipped', async () => {
  kong.faults.toolCall = 'text';
  expect(await check('codex')).toMatchObject({
    code: 6,
    found: {
      'tool-call': { status: 'fail', detail: expect.stringMatching(/the call arrived as text/) },
      'second-turn': { status: 'skipped' },
    },
  });
});

test('reports a missing or changed configuration as a warning', async () => {
  expect(await check('qwen')).toMatchObject({ code: 0, found: { file: { status: 'warn' } } });
  await world.run('client', 'qwen');
  expect(await check('qwen')).toMatchObject({ code: 0, found: { file: { status: 'ok' } } });
});

test('an argument that is not a tool, and no argument, exit with code 2', async () => {
  expect((await world.run('client', 'check')).code).toBe(2);
  expect((await world.run('client', 'check', 'emacs')).code).toBe(2);
});

test('reports a configuration for another model as a warning, and does not count one of another project', async () => {
  await world.run('client', 'qwen', '--model', OTHER);
  expect(await check('qwen')).toMatchObject({
    code: 0,
    found: { file: { status: 'warn', detail: expect.stringMatching(/is configured for llama3.1:8b-ctx32k at http/) } },
  });
  const other = join(world.root, 'other');
  mkdirSync(other);
  await world.run('--project', other, 'client', 'claude', '--scope', 'project', '--model', ALIAS);
  expect(await check('claude')).toMatchObject({
    code: 0,
    found: { file: { status: 'warn', detail: 'the tool is not configured here' } },
  });
});
