import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../emulators/ollama';
import { CODER, CODER_32K, LLAMA, LLAMA_8K, Pod } from './emulated-pod';
import { until } from '../support/until';
import { workloadSpec } from './workload-fixture';

// Scripts start many processes, which are slow on a busy machine.
jest.setTimeout(30_000);

const ALIAS = 'llama3.2:3b-ctx8k';
const PINNED = { ...LLAMA_8K, digest: `sha256:${digestOf(LLAMA)}` };

describe('the names that a server lists', () => {
  let pod: Pod;

  async function podOf(...args: ConstructorParameters<typeof Pod>): Promise<Pod> {
    pod = new Pod(...args);
    return pod.start();
  }

  /** Starts a new pod on the same volume, with other models. */
  async function redeploy(models: Parameters<Pod['configure']>[0], env: Readonly<Record<string, string>> = {}) {
    pod.configure(models);
    makeOld();
    await pod.restartServer(env);
  }

  /** Ages the files on the volume, so that they can be pruned. */
  function makeOld(): void {
    const blobs = join(pod.directory, 'models', 'blobs');
    for (const file of readdirSync(blobs)) utimesSync(join(blobs, file), 0, 0);
  }

  const listed = () => pod.server.store.all.map(({ name }) => name).sort();
  const parametersOf = (name: string) => pod.server.store.open(name)?.parameters;
  const weightsOf = (name: string) => pod.server.store.find(name)?.manifest.layers[0]?.digest.replace(':', '-') ?? '';

  afterEach(async () => pod.stop());

  it('have the promised context, although the largest of the pool differs', async () => {
    await podOf([LLAMA_8K, CODER_32K], { defaultContext: 32_768 });
    await pod.kept();
    expect(Object.fromEntries(listed().map((name) => [name, parametersOf(name)?.['num_ctx']]))).toEqual({
      'llama3.2:3b': 8192,
      [ALIAS]: 8192,
      'qwen3-coder:30b': 32_768,
      'qwen3-coder:30b-ctx32k': 32_768,
    });
  });

  it('share one model in memory: alias, tag and alias again cause no load', async () => {
    await podOf([LLAMA_8K, CODER_32K], { defaultContext: 32_768 });
    await pod.kept();
    for (const model of [ALIAS, LLAMA.name, ALIAS]) expect(await pod.ask(model)).toBe(200);
    expect(pod.server.launches).toBe(2);
  });

  it('have the parameters and config of the pulled model', async () => {
    await podOf([LLAMA_8K]);
    await pod.kept();
    expect(parametersOf(LLAMA.name)).toEqual({ num_ctx: 8192, temperature: 0.6 });
    expect(pod.server.store.open(LLAMA.name)?.config).toMatchObject({ renderer: LLAMA.name });
  });

  it.each([
    ['pinned', PINNED],
    ['not pinned', LLAMA_8K],
  ])('need no pull on a volume with their models, %s', async (_, model) => {
    await podOf([model]);
    await (await pod.kept()).terminate();
    pod.server.registry = [];

    for (const attempt of ['once', 'and again']) {
      await redeploy([model]);
      const { output } = await (await pod.kept()).terminate();
      expect([attempt, output]).toEqual([attempt, expect.stringContaining('every model is loaded')]);
      expect(pod.server.store.open(LLAMA.name)?.config).toMatchObject({ renderer: LLAMA.name });
    }
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(1);
  });

  it('are checked against the pulled digest, not against that of the tag with its context', async () => {
    await podOf([LLAMA_8K]);
    await (await pod.kept()).terminate();
    await redeploy([{ ...LLAMA_8K, digest: `sha256:${'0'.repeat(64)}` }]);
    const { output } = await pod.keep().end();
    expect(output).toContain(`llama3.2:3b has digest ${digestOf(LLAMA)} instead of 000`);
    expect(output).toContain('the tag llama3.2:3b no longer refers to the pinned digest');
  });

  it('have a new digest as soon as it is pinned', async () => {
    await podOf([PINNED]);
    await (await pod.kept()).terminate();
    const moved = { ...LLAMA, parameters: { temperature: 1 } };
    pod.server.registry = [moved];
    await redeploy([{ ...LLAMA_8K, digest: `sha256:${digestOf(moved)}` }]);
    await pod.kept();
    expect(parametersOf(ALIAS)).toEqual({ num_ctx: 8192, temperature: 1 });
    expect(pod.server.downloadedBytes).toBe(LLAMA.bytes);
  });

  it('lose a parameter that is no longer set', async () => {
    await podOf([LLAMA_8K]);
    const { fit } = workloadSpec([LLAMA_8K]).pools[0] ?? {};
    if (fit === undefined) throw new Error('no pool');
    pod.configure([LLAMA_8K], { fit: { ...fit, models: fit.models.map((model) => ({ ...model, numBatch: 512 })) } });
    await (await pod.kept()).terminate();
    expect(parametersOf(LLAMA.name)).toMatchObject({ num_batch: 512 });

    await redeploy([LLAMA_8K]);
    await pod.kept();
    for (const name of [ALIAS, LLAMA.name]) expect(parametersOf(name)).toEqual({ num_ctx: 8192, temperature: 0.6 });
  });

  it('do not include old contexts or models that are no longer served', async () => {
    await podOf([LLAMA_8K, CODER_32K]);
    await (await pod.kept()).terminate();
    const coder = weightsOf(CODER.name);
    await redeploy([{ ...LLAMA_8K, contextLength: 4096 }]);
    await pod.kept();
    expect(listed()).toEqual(['llama3.2:3b', 'llama3.2:3b-ctx4k']);
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(2);
    expect(existsSync(join(pod.directory, 'models', 'blobs', coder))).toBe(false);
  });

  it('are hidden, not deleted, if nothing can be pulled again', async () => {
    const offline = { MODEL_PULL: 'offline' };
    await podOf([LLAMA_8K, CODER_32K], { noPrune: true });
    await (await pod.kept()).terminate();

    await redeploy([LLAMA_8K], offline);
    await (await pod.kept(offline)).terminate();
    expect(listed()).toEqual(['llama3.2:3b', ALIAS]);

    await redeploy([CODER_32K], offline);
    await pod.kept(offline);
    expect(listed()).toEqual(['qwen3-coder:30b', 'qwen3-coder:30b-ctx32k']);
    expect(parametersOf(CODER.name)).toEqual({ num_ctx: 32_768, temperature: 0.6 });
  });

  it('work with a volume that was filled manually', async () => {
    await podOf([PINNED], { noPrune: true });
    for (const model of [LLAMA, CODER]) {
      pod.server.store.download(model, model.bytes);
      pod.server.store.add(model);
    }
    await redeploy([PINNED], { MODEL_PULL: 'offline' });
    await pod.kept({ MODEL_PULL: 'offline' });
    expect(listed()).toEqual(['llama3.2:3b', ALIAS]);
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(0);
  });

  it('get their context back after a manual pull, and stay ready', async () => {
    await podOf([LLAMA_8K]);
    await pod.kept();
    pod.server.store.add(LLAMA);
    expect(parametersOf(LLAMA.name)).not.toHaveProperty('num_ctx');
    await until('the context is back', () => parametersOf(LLAMA.name)?.['num_ctx'] === 8192);
    expect(await pod.ask(LLAMA.name)).toBe(200);
    expect(pod.server.launches).toBe(1);
    expect(await pod.isReady()).toBe(true);
  });

  it('are not ready after a manual pull of weights that are not pinned, until the server restarts', async () => {
    await podOf([PINNED]);
    const run = await pod.kept();
    const moved = { ...LLAMA, revision: 'moved' };
    pod.server.registry = [moved];
    pod.server.store.download(moved, moved.bytes);
    pod.server.store.add(moved);
    await until('noticed', () => run.output.includes('llama3.2:3b-ctx8k differs from its tag'));
    pod.age('ready', 121);
    await pod.looked();
    expect(await pod.isReady()).toBe(false);
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(1);

    await pod.restartServer();
    await until('ready', () => pod.has('ready'));
    expect(weightsOf(LLAMA.name)).toBe(weightsOf(ALIAS));
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(1);
  });
});
