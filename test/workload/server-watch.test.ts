import { LLAMA, LLAMA_8K, Pod } from './emulated-pod';
import { until } from '../support/until';

// Scripts start many processes, which are slow on a busy machine.
jest.setTimeout(30_000);

const ALIAS = 'llama3.2:3b-ctx8k';
/** Longer than any test. */
const FOREVER = 600_000;

describe('the sidecar of a server that has loaded every model', () => {
  let pod: Pod;

  async function podOf(...args: ConstructorParameters<typeof Pod>): Promise<Pod> {
    pod = new Pod(...args);
    return pod.start();
  }

  const asked = () => pod.server.requestsTo('/api/generate').length;

  /** Waits until the pod is ready again, after the earlier mark is removed. */
  async function readyAnew(): Promise<void> {
    pod.age('ready', 121);
    await until('ready anew', () => pod.ageOf('ready') < 100);
  }

  afterEach(async () => pod.stop());

  it('loads an unloaded model again, and stays ready', async () => {
    await podOf([LLAMA_8K]);
    await pod.kept();
    pod.server.unload(LLAMA.name);
    await until('loaded again', () => pod.server.launches === 2);
    expect(await pod.isReady()).toBe(true);
  });

  it('does not disturb a server with a full queue that is loading a model for a client', async () => {
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

  it('is not ready after a model has been missing for two minutes, for any reason', async () => {
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

  it('is ready as soon as the model is loaded, even if its own request is still queued', async () => {
    await podOf([LLAMA_8K]);
    await pod.kept();
    pod.server.faults.answerDelay = FOREVER;
    pod.server.unload(LLAMA.name);
    await until('loaded', () => pod.server.launches === 2);
    await readyAnew();
  });

  it('loads a model again whose process is gone, before a request fails', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept();
    pod.server.kill(LLAMA.name);
    await until('loaded again', () => pod.server.launches === 2);
    await readyAnew();
    expect(run.output).toContain('a model is listed, but its process is gone: requesting it');
    expect(run.output).not.toContain('error');
    expect(pod.has('restart')).toBe(false);
  });

  it('asks for a restart when the process of a model hangs, though it is listed', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept({ HANG_SECONDS: '0.5' });
    pod.server.hang(LLAMA.name);
    await until('asked for a restart', () => run.output.includes('asking for a restart'));
    expect(run.output).toContain('error[runner-hung]: a model hangs: its process has not answered for 0.5 s');
    expect(await pod.isReady()).toBe(false);
    expect((await pod.call(['live'])).code).toBe(1);
    await pod.restartServer();
    await until('ready', () => pod.has('ready'));
  });

  it('does not take a process for a hung one that ends while it is asked', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept();
    pod.server.hang(LLAMA.name);
    await until('asked', () => pod.server.isAsked(LLAMA.name));
    pod.server.kill(LLAMA.name);
    await until('loaded again', () => pod.server.launches === 2);
    await readyAnew();
    expect(run.output).not.toContain('error');
    expect(pod.has('restart')).toBe(false);
  });

  it('asks for a restart when the first model that it loads hangs', async () => {
    await podOf([LLAMA_8K]);
    pod.server.faults.answerDelay = FOREVER;
    const run = pod.keep({ HANG_SECONDS: '0.5', LOAD_SECONDS: '2' });
    await until('loaded', () => pod.server.launches === 1);
    pod.server.hang(LLAMA.name);
    expect((await run.end()).code).toBe(1);
    expect(run.output).toContain('error[runner-hung]');
    expect((await pod.call(['live'])).code).toBe(1);
  });

  it('asks an idle server for an answer when nothing has finished for a while', async () => {
    await podOf([LLAMA_8K]);
    await (await pod.kept()).terminate();
    const before = asked();
    const run = pod.keep({ PROOF_SECONDS: '0' });
    await until('asked', () => asked() > before + 1);
    expect(run.output).toBe('');
  });

  it('asks for a restart when an idle server fails to answer twice', async () => {
    await podOf([LLAMA_8K]);
    await (await pod.kept()).terminate();
    pod.server.faults.answerError = { status: 500, message: 'CUDA error: an illegal memory access was encountered' };
    const run = pod.keep({ PROOF_SECONDS: '0' });
    await until('asked for a restart', () => run.output.includes('asking for a restart'));
    expect(run.output).toContain('error[no-answer]: a model is idle and does not answer: asking for a restart');
    expect(run.output.match(/error\[answer-failed\]/g)).toHaveLength(2);
  });

  it('asks a busy server for nothing, however long its requests take', async () => {
    await podOf([LLAMA_8K]);
    await (await pod.kept()).terminate();
    pod.server.faults.answerDelay = FOREVER;
    const answer = pod.ask(ALIAS).catch(() => undefined);
    const before = asked() + 1;
    await until('working', () => asked() === before);
    const run = pod.keep({ PROOF_SECONDS: '0', ANSWER_SECONDS: '0.2' });
    await pod.looked(5);
    expect(asked()).toBe(before);
    expect(run.output).toBe('');
    expect(await pod.isReady()).toBe(true);
    await pod.server.stop();
    await answer;
  });

  it('takes a model under any name of its weights', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept();
    await run.terminate();
    const pulled = pod.server.store.find(LLAMA.name);
    if (pulled === undefined) throw new Error('not pulled');
    pod.server.store.create('acme/llama:1', pulled, { num_ctx: 8192 });
    pod.server.kill(LLAMA.name);
    expect(await pod.ask('acme/llama:1')).toBe(200);

    const before = asked();
    const next = pod.keep();
    await readyAnew();
    expect(asked()).toBe(before);
    expect(next.output).toBe('');
  });

  it('accepts a model under the name of its tag', async () => {
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

  it('sends no request after its own restart if the server has all models', async () => {
    await podOf([LLAMA_8K]);
    await (await pod.kept()).terminate();
    pod.server.faults.answerDelay = FOREVER;
    const before = asked();
    pod.keep();
    expect(await pod.isReady()).toBe(true);
    await readyAnew();
    expect(asked()).toBe(before);
  });

  it('restores a context that a request has changed', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept();
    expect(await pod.ask(ALIAS, { num_ctx: 2048 })).toBe(200);
    await until('noticed', () => run.output.includes('has a context of 2048 tokens, not 8192: requesting it'));
    await readyAnew();
    expect(pod.server.launches).toBe(3);
    expect(pod.has('restart')).toBe(false);
  });

  it('requests a restart if the server has lost its GPU, and only then', async () => {
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

  it('requests a restart if a model stays missing for as long as a load may take', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept();
    pod.server.faults.loadError = 'llama-server process has terminated: CUDA error';
    pod.server.unload(LLAMA.name);
    const before = asked();
    await until('asked again and again', () => asked() > before + 2);
    expect(pod.has('restart')).toBe(false);

    pod.age('ready', 3600);
    await until('asked for a restart', () => run.output.includes('asking for a restart'));
    expect(run.output).toContain('failed to answer: llama-server process has terminated: CUDA error');
    expect(run.output).toContain(`error[not-loaded]: ${ALIAS} is not loaded: asking for a restart of the server`);

    pod.server.faults.loadError = undefined;
    await pod.restartServer();
    await until('ready', () => pod.has('ready'));
  });

  it('requests no restart of a server that restarted during the check', async () => {
    await podOf([LLAMA_8K]);
    // Its request is answered long before the next check.
    const run = await pod.kept({ WATCH_SECONDS: '0.4' });
    pod.server.faults.gpuShare = 0;
    pod.server.unload(LLAMA.name);
    pod.server.faults.whileListing = async () => {
      if (pod.server.launches === 2 && pod.has('good')) await pod.call(['serve']);
    };
    expect((await run.end()).code).toBe(1);
    expect(run.output).toContain('is not loaded: requesting it');
    expect(pod.has('restart')).toBe(false);
  });

  it('continues as soon as a server answers again', async () => {
    await podOf([LLAMA_8K]);
    const run = await pod.kept({ RESPONSE_SECONDS: '1' });
    pod.server.faults.hangs = true;
    await until('noticed', () => run.output.includes('waiting for the server'));
    pod.server.faults.hangs = false;
    await readyAnew();
    expect(pod.server.launches).toBe(1);
  });
});
