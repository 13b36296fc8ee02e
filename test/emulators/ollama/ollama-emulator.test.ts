import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/until';
import { OllamaEmulator, type RegistryModel } from '.';

const LLAMA: RegistryModel = { name: 'llama3.2:3b', bytes: 2_019_393_189, contextLength: 131_072 };
const ALIAS = 'llama3.2:3b-ctx8k';

/** Longer than any test. */
const FOREVER = 600_000;

/** Observed behavior of the command and the API of Ollama 0.32.15, with llama.cpp b10488. */
describe('the emulator behaves like Ollama:', () => {
  let directory: string;
  let server: OllamaEmulator;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'ollama-emulator-'));
    server = await new OllamaEmulator({ registry: [LLAMA], modelsDirectory: directory, maxQueue: 1 }).start();
    await post('/api/pull', { model: LLAMA.name });
  });

  afterEach(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  async function post(path: string, body: object, signal?: AbortSignal): Promise<{ status: number; text: string }> {
    const response = await fetch(`${server.url}${path}`, { method: 'POST', body: JSON.stringify(body), signal });
    return { status: response.status, text: await response.text() };
  }

  const create = async (model: string) =>
    post('/api/create', { model, from: LLAMA.name, parameters: { num_ctx: 8192 } });
  const ask = async (model: string, signal?: AbortSignal) => post('/api/generate', { model, prompt: 'hello' }, signal);
  const manifest = (name: string) =>
    readFileSync(join(directory, 'manifests/registry.ollama.ai/library', name.replace(':', '/')), 'utf8');
  const blobs = () => readdirSync(join(directory, 'blobs')).length;

  async function listed(path: '/api/ps' | '/v1/models'): Promise<string> {
    return (await fetch(`${server.url}${path}`)).text();
  }

  async function launched(times: number): Promise<void> {
    await until('launched', () => server.launches >= times);
  }

  it('create gives an alias and its tag equal manifests, and deletes the pulled config and parameters', async () => {
    const pulled = manifest(LLAMA.name);
    await create(ALIAS);
    expect(blobs()).toBe(5);
    await create(LLAMA.name);
    expect(manifest(LLAMA.name)).toBe(manifest(ALIAS));
    expect(manifest(LLAMA.name)).not.toBe(pulled);
    expect(blobs()).toBe(3);
  });

  it('names with the same weights and options share a runner, reported under the name that it was loaded by', async () => {
    await create(ALIAS);
    await ask(ALIAS);
    await ask(LLAMA.name);
    expect(server.launches).toBe(2);
    await create(LLAMA.name);
    await ask(ALIAS);
    await ask(LLAMA.name);
    expect(server.launches).toBe(3);
    expect(await listed('/api/ps')).toContain(`"name":"${ALIAS}"`);
    expect(await listed('/v1/models')).toContain(`"id":"${LLAMA.name}"`);
  });

  it('a model is not listed while it is being loaded, and requests beyond the queue get 503', async () => {
    server.faults.loadDelay = FOREVER;
    const first = ask(LLAMA.name);
    await launched(1);
    expect(await listed('/api/ps')).toBe('{"models":[]}');
    const second = ask(LLAMA.name);
    await until('asked', () => server.requestsTo('/api/generate').length >= 2);
    expect(await ask(LLAMA.name)).toEqual({
      status: 503,
      text: '{"error":"server busy, please try again.  maximum pending requests exceeded"}',
    });
    server.faults.loadDelay = 0;
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    expect(server.launches).toBe(1);
  });

  it('a load is aborted when the client that it is for disconnects', async () => {
    server.faults.loadDelay = FOREVER;
    const client = new AbortController();
    const first = ask(LLAMA.name, client.signal).catch(() => 'hung up');
    await launched(1);
    const second = ask(LLAMA.name);
    client.abort();
    expect(await first).toBe('hung up');
    await launched(2);
    server.faults.loadDelay = 0;
    expect((await second).status).toBe(200);
  });

  it('a dead runner is listed until the next request', async () => {
    await ask(LLAMA.name);
    server.kill(LLAMA.name);
    expect(await listed('/api/ps')).toContain(LLAMA.name);
    expect((await ask(LLAMA.name)).status).toBe(200);
    expect(server.launches).toBe(2);
  });

  it('files that no manifest refers to are pruned at startup if they are an hour old', async () => {
    rmSync(join(directory, 'manifests'), { recursive: true });
    await server.stop();
    await server.start();
    expect(blobs()).toBe(3);
    for (const file of readdirSync(join(directory, 'blobs'))) utimesSync(join(directory, 'blobs', file), 0, 0);
    await server.stop();
    await server.start();
    expect(blobs()).toBe(0);
  });

  it('a missing layer makes create fail, a missing config does not', async () => {
    const { config, layers } = JSON.parse(manifest(LLAMA.name)) as Record<string, never> & {
      config: { digest: string };
      layers: { digest: string }[];
    };
    const remove = (digest = '') => rmSync(join(directory, 'blobs', digest.replace(':', '-')));
    remove(config.digest);
    expect((await create(ALIAS)).text).toContain('success');
    remove(layers.at(-1)?.digest);
    expect((await create(ALIAS)).text).toMatch(/stat .*: no such file or directory/);
    expect(existsSync(join(directory, 'manifests/registry.ollama.ai/library/llama3.2/3b-ctx8k'))).toBe(true);
  });
});
