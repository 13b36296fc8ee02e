import { digestOf } from '../emulators/ollama';
import { CODER_32K, LLAMA, LLAMA_8K, Pod } from './emulated-pod';
import { until } from '../support/until';

// Scripts start many processes, which are slow on a busy machine.
jest.setTimeout(30_000);

describe("the server's script, as sidecar", () => {
  let pod: Pod;

  async function podOf(...args: ConstructorParameters<typeof Pod>): Promise<Pod> {
    pod = new Pod(...args);
    return pod.start();
  }

  afterEach(async () => pod.stop());

  it('pulls, sets the context of alias and tag, loads the alias, and gets an answer before the pod is ready', async () => {
    await podOf([LLAMA_8K]);
    expect(await pod.isReady()).toBe(false);

    const run = pod.keep();
    await until('ready', () => pod.has('ready'));

    expect(await pod.isReady()).toBe(true);
    expect(pod.server.requestsTo('/api/create').map(({ body }) => body)).toEqual([
      { model: 'llama3.2:3b-ctx8k', from: 'llama3.2:3b', parameters: { num_ctx: 8192 } },
      { model: 'llama3.2:3b', from: 'llama3.2:3b', parameters: { num_ctx: 8192 } },
    ]);
    expect(pod.server.requestsTo('/api/generate')[0]?.body).toMatchObject({ model: 'llama3.2:3b-ctx8k' });
    expect(run.output).toContain(`pulled llama3.2:3b with digest ${digestOf(LLAMA)}`);
    expect(run.output).toContain('every model is loaded and has answered');
  });

  it('serves an embedding model next to another one', async () => {
    await podOf([LLAMA_8K, { name: 'nomic-embed-text', contextLength: 2048 }]);
    pod.keep();
    await until('ready', () => pod.has('ready'));
    expect(pod.server.requestsTo('/api/embed')).toHaveLength(1);
  });

  it('retries a pull that failed with an error in a stream of status 200', async () => {
    await podOf([LLAMA_8K]);
    pod.server.faults.pulls = ['error'];
    const run = pod.keep();
    await until('ready', () => pod.has('ready'));
    expect(run.output).toContain('pull of llama3.2:3b failed: max retries exceeded: connection reset by peer');
  });

  it('resumes a pull that was cut', async () => {
    await podOf([LLAMA_8K]);
    pod.server.faults.pulls = ['cut', 'unavailable'];
    const run = pod.keep();
    await until('ready', () => pod.has('ready'));
    expect(run.output).toContain('unexpected EOF');
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(3);
    expect(pod.server.downloadedBytes).toBe(LLAMA.bytes);
  });

  it('ends a pull that stalls, and resumes it', async () => {
    await podOf([LLAMA_8K]);
    pod.server.faults.pulls = ['stall', 'stall'];
    const run = pod.keep({ STALL_SECONDS: '1' });
    await until('ready', () => pod.has('ready'));
    expect(run.output.match(/error\[pull-failed\]: .* nothing was downloaded for 1 s/g)).toHaveLength(2);
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(3);
    expect(pod.server.downloadedBytes).toBe(LLAMA.bytes);
  });

  it('fails, with the reason, if every pull fails', async () => {
    await podOf([LLAMA_8K]);
    pod.server.faults.pulls = ['error', 'error', 'error'];
    const { code, output } = await pod.keep().end();
    expect(code).toBe(1);
    expect(output).toContain('error[pull-gave-up]: gave up on llama3.2:3b after 3 attempts: max retries exceeded');
    expect(await pod.isReady()).toBe(false);
  });

  it('fails if the model does not exist', async () => {
    await podOf([LLAMA_8K], { registry: [] });
    const { code, output } = await pod.keep().end();
    expect(code).toBe(1);
    expect(output).toContain('pull model manifest: file does not exist');
  });

  it('accepts the pinned digest', async () => {
    await podOf([{ ...LLAMA_8K, digest: `sha256:${digestOf(LLAMA)}` }]);
    pod.keep();
    await until('ready', () => pod.has('ready'));
  });

  it('refuses a digest that is not the pinned one', async () => {
    const moved = { ...LLAMA, revision: 'moved' };
    await podOf([{ ...LLAMA_8K, digest: `sha256:${digestOf(LLAMA)}` }], { registry: [moved] });
    const { code, output } = await pod.keep().end();
    expect(code).toBe(1);
    expect(output).toContain(`llama3.2:3b has digest ${digestOf(moved)} instead of ${digestOf(LLAMA)}`);
    expect(output).toContain('the tag llama3.2:3b no longer refers to the pinned digest');
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(0);
  });

  it('refuses another digest than the pinned one after the pull, if the registry does not show it before', async () => {
    const moved = { ...LLAMA, revision: 'moved' };
    await podOf([{ ...LLAMA_8K, digest: `sha256:${digestOf(LLAMA)}` }], { registry: [moved] });
    pod.server.faults.hidesManifests = true;
    const { code, output } = await pod.keep().end();
    expect(code).toBe(1);
    expect(output).toContain('error[digest-moved]: the tag llama3.2:3b no longer refers to the pinned digest');
    expect(pod.server.requestsTo('/api/generate')).toHaveLength(0);
  });

  it('pulls the pinned digest if the volume has another one', async () => {
    await podOf([{ ...LLAMA_8K, digest: `sha256:${digestOf(LLAMA)}` }]);
    pod.server.store.add({ ...LLAMA, revision: 'old' });
    pod.keep();
    await until('ready', () => pod.has('ready'));
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(1);
  });

  it('waits for a slow answer', async () => {
    await podOf([LLAMA_8K]);
    pod.server.faults.answerDelay = 300;
    await pod.kept();
  });

  it('gives up on an answer that is too slow', async () => {
    await podOf([LLAMA_8K]);
    pod.server.faults.answerDelay = 60_000;
    const { code, output } = await pod.keep({ LOAD_SECONDS: '1' }).end();
    expect(code).toBe(1);
    expect(output).toContain('error[no-answer]: llama3.2:3b-ctx8k did not answer within 1 s');
  });

  it('fails on an answer that is an error', async () => {
    await podOf([LLAMA_8K]);
    pod.server.faults.answerError = { status: 500, message: 'model runner has unexpectedly stopped' };
    const { code, output } = await pod.keep().end();
    expect(code).toBe(1);
    expect(output).toContain('error[answer-failed]: llama3.2:3b-ctx8k failed to answer: ');
    expect(output).toContain('model runner has unexpectedly stopped');
    expect(output).not.toContain('within 900 s');
  });

  it.each([
    [0.6, '40%/60% CPU/GPU'],
    [0, '100% CPU'],
  ])('is not ready with %d of the model in GPU memory', async (share, place) => {
    await podOf([LLAMA_8K]);
    pod.server.faults.gpuShare = share;
    const { code, output } = await pod.keep().end();
    expect(code).toBe(1);
    expect(output).toContain(`error[wrong-place]: llama3.2:3b-ctx8k is ${place}, not 100% GPU`);
    expect(pod.has('restart')).toBe(false);
  });

  it('is ready with a part in main memory if that is allowed', async () => {
    await podOf([LLAMA_8K], {}, { allowCpu: true });
    pod.server.faults.gpuShare = 0.6;
    pod.keep();
    await until('ready', () => pod.has('ready'));
  });

  it('is not ready with less context than promised', async () => {
    await podOf([LLAMA_8K], { registry: [{ ...LLAMA, contextLength: 4096 }] });
    const { code, output } = await pod.keep().end();
    expect(code).toBe(1);
    expect(output).toContain('has a context of 4096 tokens, not 8192');
  });

  it('is not ready if one model has evicted another', async () => {
    await podOf([LLAMA_8K, CODER_32K]);
    pod.server.faults.room = 1;
    const { code, output } = await pod.keep().end();
    expect(code).toBe(1);
    expect(output).toContain('error[not-loaded]: llama3.2:3b-ctx8k is not loaded');
  });

  it('restores everything after a restart of the server, without a download', async () => {
    await podOf([LLAMA_8K, CODER_32K]);
    await pod.kept();
    const { launches } = pod.server;

    await pod.restartServer();
    expect(await pod.isReady()).toBe(false);
    await until('ready again', () => pod.has('ready'));

    expect(pod.server.launches).toBe(launches + 2);
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(2);
  });

  it('restores everything for a new pod on the same volume', async () => {
    await podOf([LLAMA_8K]);
    await (await pod.kept()).terminate();
    await pod.restartServer();

    await pod.kept();
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(1);
  });

  it('pulls the missing files of a model whose manifest exists', async () => {
    await podOf([LLAMA_8K]);
    pod.server.store.add(LLAMA);
    const run = pod.keep();
    await until('ready', () => pod.has('ready'));
    expect(run.output).toContain('error[alias-failed]: cannot create llama3.2:3b-ctx8k from llama3.2:3b: stat ');
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(1);
  });

  it('pulls nothing offline', async () => {
    await podOf([LLAMA_8K]);
    const { code, output } = await pod.keep({ MODEL_PULL: 'offline' }).end();
    expect(code).toBe(1);
    expect(output).toContain(
      'error[pull-offline]: llama3.2:3b is missing from the volume or has a different digest, and pulls are off',
    );
    expect(pod.server.requestsTo('/api/pull')).toHaveLength(0);
  });

  describe('if a Job pulls', () => {
    const job = { MODEL_PULL: 'job' };
    const pulls = () => pod.server.requestsTo('/api/pull').length;

    it('waits for the Job, which ends when every model is complete', async () => {
      await podOf([LLAMA_8K]);
      const run = pod.keep(job);
      await until('waiting', () => run.output.includes('error[pull-awaited]: llama3.2:3b is missing from the volume'));
      expect([pulls(), pod.has('ready')]).toEqual([0, false]);
      expect((await pod.call(['bring'])).code).toBe(0);
      await until('ready', () => pod.has('ready'));
      expect(pulls()).toBe(1);
      expect((await pod.call(['bring'])).code).toBe(0);
      expect(pulls()).toBe(1);
    });

    it('does not take a model before the Job has written its copy', async () => {
      await podOf([LLAMA_8K]);
      pod.server.store.add(LLAMA);
      const run = pod.keep(job);
      await until('waiting', () => run.output.includes('waiting for the Job'));
      expect(pod.server.requestsTo('/api/create')).toHaveLength(0);
    });

    it('has the Job pull the missing files of a model whose manifest exists', async () => {
      await podOf([LLAMA_8K]);
      pod.server.store.add(LLAMA);
      expect((await pod.call(['bring'])).code).toBe(0);
      expect(pulls()).toBe(1);
    });

    it('has the Job fail if the registry does not have the model', async () => {
      await podOf([{ ...LLAMA_8K, digest: `sha256:${'0'.repeat(64)}` }]);
      const { code, output } = await pod.call(['bring']);
      expect(code).toBe(1);
      expect(output).toContain('error[digest-moved]');
    });
  });

  it('waits for a server that has not started yet', async () => {
    await podOf([LLAMA_8K]);
    await pod.server.stop();
    const run = pod.keep();
    await pod.server.start();
    await until('ready', () => pod.has('ready'));
    expect((await run.terminate()).code).toBe(0);
  });
});
