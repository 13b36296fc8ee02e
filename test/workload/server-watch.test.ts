import { LLAMA, LLAMA_8K, Pod } from './emulated-pod';
import { until } from './script-run';

// Scripts start many processes; on a busy machine each takes its time.
jest.setTimeout(30_000);

const ALIAS = 'llama3.2:3b-ctx8k';
/** Longer than any test. */
const FOREVER = 600_000;

describe('the sidecar, beside a server that has held every model', () => {
  let pod: Pod;

  async function podOf(...args: ConstructorParameters<typeof Pod>): Promise<Pod> {
    pod = new Pod(...args);
    return pod.start();
  }

  const asked = () => pod.server.requestsTo('/api/generate').length;

  /** Ready not because it was a moment ago. */
  async function readyAnew(): Promise<void> {
    pod.age('ready', 121);
    await until('ready anew', () => pod.ageOf('ready') < 100);
  }

  afterEach(async () => pod.stop());

  it('loads a model again that was unloaded, and stays ready', async () => {
    await podOf([LLAMA_8K]);
    await pod.kept();
    pod.server.unload(LLAMA.name);
    await until('loaded again', () => pod.server.launches === 2);
    expect(await pod.isReady()).toBe(true);
  });

  it('leaves a server alone that loads a model for somebody else, with a full queue', async () => {
    await podOf([LLAMA_8K], { maxQueue: 1 });
    await (await pod.kept()).terminate();
    pod.server.unload(LLAMA.name);
    pod.server.faults.loadDelay = FOREVER;
    const answers = [pod.ask(ALIAS), pod.ask(ALIAS)];
    await until('loading', () => pod.server.launches === 2);
    expect(await pod.ask(ALIAS)).toBe(503);

    const before = asked();
    const run = pod.keep();
    await until('asked again and again', () => asked() > before + 2 || pod.has('restart'));
    await pod.looked();
    expect(pod.has('restart')).toBe(false);
    expect((await pod.call(['live'])).code).toBe(0);

    pod.server.faults.loadDelay = 0;
    expect(await Promise.all(answers)).toEqual([200, 200]);
    await readyAnew();
    expect(pod.server.launches).toBe(2);
    expect(run.output).not.toContain('error');
  });

  it('asks once while a model is being loaded', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept();
    const before = asked();
    pod.server.faults.loadDelay = FOREVER;
    pod.server.unload(LLAMA.name);
    await until('loading', () => pod.server.launches === 2);
    await pod.looked();
    expect(asked()).toBe(before + 1);
    pod.server.faults.loadDelay = 0;
    await readyAnew();
    expect(run.output).not.toContain('error');
  });

  it('is not ready when a model has been gone for two minutes, whatever for', async () => {
    await podOf([LLAMA_8K]);
    await pod.kept();
    pod.server.faults.loadDelay = FOREVER;
    pod.server.unload(LLAMA.name);
    await until('loading', () => pod.server.launches === 2);
    expect(await pod.isReady()).toBe(true);
    pod.age('ready', 121);
    await pod.looked();
    expect(await pod.isReady()).toBe(false);
    expect(pod.has('restart')).toBe(false);
  });

  it('is ready as soon as the model is loaded, though its own question waits behind others', async () => {
    await podOf([LLAMA_8K]);
    await pod.kept();
    pod.server.faults.answerDelay = FOREVER;
    pod.server.unload(LLAMA.name);
    await until('loaded', () => pod.server.launches === 2);
    await readyAnew();
  });

  it('takes a model under the name of its tag', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept();
    await run.terminate();
    pod.server.kill(LLAMA.name);
    expect(await pod.ask(LLAMA.name)).toBe(200);
    expect(pod.server.launches).toBe(2);

    const before = asked();
    const next = pod.keep();
    await readyAnew();
    expect(asked()).toBe(before);
    expect(pod.server.launches).toBe(2);
    expect(next.output).toBe('');
  });

  it('asks a server nothing that has all models, when it is started anew beside it', async () => {
    await podOf([LLAMA_8K]);
    await (await pod.kept()).terminate();
    pod.server.faults.answerDelay = FOREVER;
    const before = asked();
    pod.keep();
    expect(await pod.isReady()).toBe(true);
    await readyAnew();
    expect(asked()).toBe(before);
  });

  it('brings a context back that a request has changed', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept();
    expect(await pod.ask(ALIAS, { num_ctx: 2048 })).toBe(200);
    await until('noticed', () => run.output.includes('has a context of 2048 tokens, not 8192: requesting it'));
    await readyAnew();
    expect(pod.server.launches).toBe(3);
    expect(pod.has('restart')).toBe(false);
  });

  it('asks for a restart when the server has lost its GPU, and only then', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept();
    expect((await pod.call(['live'])).code).toBe(0);

    pod.server.faults.gpuShare = 0;
    pod.server.unload(LLAMA.name);
    await until('asked for a restart', () => run.output.includes('asking for a restart'));
    expect(run.output).toContain(
      `error[wrong-place]: ${ALIAS} is 100% CPU, not 100% GPU: asking for a restart of the server`,
    );
    expect(pod.has('restart')).toBe(true);
    expect(await pod.isReady()).toBe(false);
    expect((await pod.call(['live'])).code).toBe(1);

    expect((await pod.restartServer()).output).toBe('serving\n');
    expect((await run.end()).code).toBe(1);
    expect((await pod.call(['live'])).code).toBe(0);
    expect((await pod.keep().end()).code).toBe(1);
    expect(pod.has('restart')).toBe(false);
  });

  it('asks for a restart when a model does not come back for as long as a load may take', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept();
    pod.server.faults.loadError = 'llama-server process has terminated: CUDA error';
    pod.server.unload(LLAMA.name);
    const before = asked();
    await until('asked again and again', () => asked() > before + 2);
    expect(pod.has('restart')).toBe(false);

    pod.age('ready', 3600);
    await until('asked for a restart', () => run.output.includes('asking for a restart'));
    expect(run.output).toContain('did not answer within 900 s: llama-server process has terminated: CUDA error');
    expect(run.output).toContain(`error[not-loaded]: ${ALIAS} is not loaded: asking for a restart of the server`);

    pod.server.faults.loadError = undefined;
    await pod.restartServer();
    await until('ready', () => pod.has('ready'));
  });

  it('asks for no restart of a server that was restarted while it looked', async () => {
    await podOf([LLAMA_8K]);
    // Its question is answered long before it looks again.
    const run = await pod.kept({ WATCH_SECONDS: '1' });
    pod.server.faults.gpuShare = 0;
    pod.server.unload(LLAMA.name);
    pod.server.faults.whileListing = async () => {
      if (pod.server.launches === 2 && pod.has('good')) await pod.call(['serve']);
    };
    expect((await run.end()).code).toBe(1);
    expect(run.output).toContain('is not loaded: requesting it');
    expect(pod.has('restart')).toBe(false);
  });

  it('goes on when a server that did not answer does again', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept();
    pod.server.faults.hangs = true;
    await until('noticed', () => run.output.includes('waiting for the server'));
    pod.server.faults.hangs = false;
    await readyAnew();
    expect(pod.server.launches).toBe(1);
  });
});
