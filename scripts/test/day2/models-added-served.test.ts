/** From `models add` to a pod that answers: the same registry is read by the command and pulled from by the server. */
import { join } from 'node:path';
import { addedModel } from '@org/ollama-eks';
import { digestOf, type RegistryModel } from '../../../test/emulators/ollama';
import { manifestOf } from '../../../test/emulators/ollama/registry';
import { Pod } from '../../../test/workload/emulated-pod';
import { until } from '../../../test/support/until';
import { headerFile } from './published-models';
import { World } from './world';

jest.setTimeout(30_000);

const MODEL: RegistryModel = { name: 'llama3.2:1b', bytes: 1_300_000_000, contextLength: 131_072 };
const HEADER = headerFile('llama', {
  ...{ block_count: 16, context_length: 131_072, embedding_length: 2048 },
  ...{ 'attention.head_count': 32, 'attention.head_count_kv': 8 },
});

let world: World;
let pod: Pod;

afterEach(async () => {
  await pod.stop();
  world.remove();
});

/** Answers as the registry does, with ranges. */
function answer(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  if (pathname.includes('/manifests/')) return Promise.resolve(new Response(manifestOf(MODEL)));
  const [, from, to] = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get('range') ?? '') ?? [];
  if (from === undefined) return Promise.resolve(new Response('{}'));
  const part = new Uint8Array(HEADER.subarray(Number(from), Number(to) + 1));
  return Promise.resolve(new Response(part, { status: 206 }));
}

test('a model with an alias is added, read by a program, pulled with its digest, and answers under its own name', async () => {
  world = new World();
  world.fetch = answer;
  const { code, out } = await world.run('models', 'add', MODEL.name, '--as', 'small-chat');
  expect([code, out]).toEqual([0, expect.stringMatching(/^added small-chat in /)]);
  const entry = addedModel('small-chat', join(world.directory, 'ollama-models.json'));

  pod = await new Pod([{ ...entry, contextLength: 8192 }], { registry: [MODEL] }).start();
  const run = pod.keep();
  await until('ready', () => pod.has('ready'));

  expect(run.output).toContain(`pulled ${MODEL.name} with digest ${digestOf(MODEL)}`);
  expect(pod.server.requestsTo('/api/create').map(({ body }) => body)).toContainEqual(
    expect.objectContaining({ model: 'llama3.2:1b-ctx8k', from: MODEL.name }),
  );
});

test('a tag that has moved since it was added is not served', async () => {
  world = new World();
  world.fetch = answer;
  await world.run('models', 'add', MODEL.name, '--as', 'small-chat');
  const entry = addedModel('small-chat', join(world.directory, 'ollama-models.json'));
  const moved = { ...MODEL, revision: 'moved' };
  pod = await new Pod([{ ...entry, contextLength: 8192 }], { registry: [moved] }).start();
  const { code, output } = await pod.keep().end();
  expect([code, output]).toEqual([1, expect.stringContaining('no longer refers to the pinned digest')]);
});
