import { EndpointEmulator } from '../../../test/emulators/endpoint';
import type { Finding, Findings } from '../../src/checks/findings';
import { ALIAS, CONTEXT, KEY, World } from './world';

const OTHER_KEY = 'key-of-another-team-0123456789abcdef';

let world: World;
let kong: EndpointEmulator;

beforeEach(async () => {
  world = new World();
  kong = await new EndpointEmulator({
    models: [{ name: ALIAS, contextLength: CONTEXT }],
    apiKey: KEY,
    otherKeys: [OTHER_KEY],
  }).start();
  world.now = () => kong.timeRead; // whatever else a busy machine takes time for
  world.synthesized();
  world.environment = { ...world.environment, OLLAMA_EKS_URL: kong.url, OLLAMA_EKS_API_KEY: KEY };
});

afterEach(async () => {
  await kong.stop();
  world.remove();
});

async function verify(
  ...flags: string[]
): Promise<{ code: number; out: string; found: (id: string) => Finding | undefined }> {
  const { code, out } = await world.run('--json', 'verify', '--no-inside', ...flags);
  const { findings } = JSON.parse(out) as Findings;
  return { code, out, found: (id) => findings.find((finding) => finding.id.startsWith(id)) };
}

test('asks with two keys, consecutively and concurrently, and finds nothing of another prompt', async () => {
  world.environment = { ...world.environment, OLLAMA_EKS_SECOND_API_KEY: OTHER_KEY };
  const { code, out, found } = await verify('--isolation');
  expect(code).toBe(0);
  expect(found('isolation')).toMatchObject({ status: 'ok', evidence: { answers: 24, leaks: 0, keys: 2 } });
  expect(found('timing')).toMatchObject({ status: 'ok' });
  expect(kong.requests.filter(({ headers }) => headers.authorization === `Bearer ${OTHER_KEY}`)).toHaveLength(14);
  expect(out).not.toContain(OTHER_KEY);
});

test('fails when an answer contains text of another prompt, and shows no prompt', async () => {
  kong.faults.leaks = true;
  const { code, out, found } = await verify('--isolation');
  expect(code).toBe(6);
  expect(found('isolation')?.detail).toMatch(/^\d+ of 24 answers contain text of another prompt$/);
  expect(out).not.toContain('The code word is');
});

test('warns if no answer repeats its own code word: then none could show that of another', async () => {
  kong.faults.ignores = true;
  const { code, found } = await verify('--isolation');
  expect(code).toBe(0);
  expect(found('isolation')).toMatchObject({
    status: 'warn',
    detail: expect.stringMatching(/^no answer repeats the code word of its own prompt/) as string,
    evidence: { answers: 24, leaks: 0 },
  });
});

test.each([
  ['without an answer', 0],
  ['within the answer', 1],
])('takes no stream that ends %s for evidence', async (_, endAfter) => {
  kong.faults.endAfter = endAfter;
  const { code, found } = await verify('--isolation');
  expect(code).toBe(6);
  for (const check of ['isolation', 'timing']) {
    expect(found(check)).toMatchObject({
      status: 'fail',
      detail: '/v1/chat/completions: the stream ended before the answer was complete',
    });
  }
});

test('takes a difference of less than 100 ms for that of the network', async () => {
  kong.faults.readingTime = 90;
  const { found } = await verify('--isolation');
  expect(found('timing')).toMatchObject({ status: 'ok' });
});

test('warns that the time of an answer reveals what another key has sent', async () => {
  kong.faults.readingTime = 220;
  const { code, found } = await verify('--isolation');
  expect(code).toBe(0);
  expect(found('timing')).toMatchObject({
    status: 'warn',
    remedy: expect.stringContaining('a cluster for each group of teams') as string,
  });
});

test('sends no canaries unless asked to', async () => {
  const { found } = await verify();
  expect(found('isolation')).toBeUndefined();
  expect(found('timing')).toBeUndefined();
});
