/** What a pod does with the real Ollama and llama.cpp when models crash, hang and stall, its queue is full, or it is stopped. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readStart } from '../../../scripts/src/status/server-log';
import { until } from '../../support/until';
import { suite, workDir } from '../support';
import { ModelRegistry } from '../support/model-registry';
import { OllamaInstallation } from '../support/ollama-installation';
import { CONTEXT, OllamaPod, type OllamaPodOptions, PARALLEL } from '../support/ollama-pod';

jest.setTimeout(120_000);

suite('a pod with the real Ollama', ['ollama'], () => {
  const folder = workDir();
  let ollama: OllamaInstallation;
  let registry: ModelRegistry;
  let pod: OllamaPod;

  beforeAll(() => {
    ollama = new OllamaInstallation(folder);
  });

  beforeEach(async () => {
    registry = await ModelRegistry.start(folder);
  });

  afterEach(async () => {
    await pod.stop();
    await registry.stop();
    ollama.holdsLoads = false;
    ollama.hasGpu = true;
  });

  /** Creates the pod, and starts its server. */
  async function start(options: Pick<OllamaPodOptions, 'digest' | 'pull' | 'env' | 'scraped'> = {}): Promise<void> {
    pod = await OllamaPod.create({ folder: mkdtempSync(join(folder, 'pod-')), ollama, registry, ...options });
    await pod.startServer();
  }

  const short = (options: object = {}) => ({ prompt: 'hello', stream: false, options: { num_predict: 2, ...options } });
  const stream = (tokens: number) => ({ ...short({ num_predict: tokens }), stream: true });
  const isComplete = (text: string) => text.trimEnd().split('\n').at(-1)?.includes('"done":true') === true;

  describe('pull', () => {
    test('of the pinned digest: the pod is ready after one load', async () => {
      await start({ digest: registry.digest });
      const run = await pod.kept();
      expect(run.output).toContain('every model is loaded and has answered');
      expect(await pod.succeeds('ready')).toBe(true);
      expect(await pod.succeeds('live')).toBe(true);
      expect(pod.launches).toBe(1);
      expect((await pod.ask(short())).status).toBe(200);
      // What `ollama-eks status --timings` reads in the logs.
      const logged = readStart(run.output, pod.serverLog);
      expect(logged).toEqual({
        answered: expect.any(Number),
        pullSeconds: expect.any(Number),
        loadSeconds: expect.any(Number),
        isPulledByJob: false,
      });
      expect(logged.loadSeconds).toBeGreaterThan(0);
    });

    test('of a tag that has moved: nothing is downloaded', async () => {
      const { digest } = registry;
      registry.move();
      await start({ digest });
      const { code, output } = await pod.keep().end();
      expect(code).toBe(1);
      expect(output).toContain('error[digest-moved]');
      expect(registry.requests.filter((path) => path.includes('sha256'))).toEqual([]);
    });

    test('by a Job: the server takes the model when the Job has ended, also after a restart of both', async () => {
      await start({ pull: 'job', digest: registry.digest });
      const run = pod.keep();
      await until('waiting', () => run.output.includes('error[pull-awaited]'));
      expect(await pod.succeeds('live')).toBe(true);
      const { code, output } = await pod.pull().end();
      expect([code, output]).toEqual([0, expect.stringContaining('pulled')]);
      await until('ready', () => pod.has('ready'));
      expect((await pod.ask(short())).status).toBe(200);
      const { length } = registry.requests;
      await run.terminate();
      await pod.stopServer();
      await pod.startServer();
      const [again] = [await pod.pull().end(), await pod.kept()];
      expect(again.code).toBe(0);
      expect((await pod.ask(short())).status).toBe(200);
      expect(registry.requests).toHaveLength(length);
    });

    test('that stalls is ended and resumed', async () => {
      registry.stalls = 2;
      await start();
      const run = await pod.kept();
      expect(run.output).toContain('error[pull-failed]');
      expect(run.output).toContain('nothing was downloaded for 3 s');
      expect(run.output).toContain('every model is loaded and has answered');
    });
  });

  test('a model whose process was killed is loaded again, without a restart', async () => {
    await start();
    const run = await pod.kept();
    pod.signal('SIGKILL');
    await until('noticed', () => run.output.includes('its process is gone: requesting it'));
    await until('loaded again', () => pod.launches === 2);
    await pod.confirmed();
    expect((await pod.ask(short())).status).toBe(200);
    expect(pod.launches).toBe(2);
    expect(run.output).not.toContain('error[');
    expect(await pod.succeeds('live')).toBe(true);
  });

  test('a model that was loaded by another of its names after a crash is accepted', async () => {
    await start();
    await (await pod.kept()).terminate();
    pod.signal('SIGKILL');
    const isAnswered = async () => (await pod.ask({ ...short(), model: registry.model })).status === 200;
    await until('answered', isAnswered, 60_000);
    const { launches } = pod;
    const run = pod.keep();
    await pod.confirmed();
    expect(run.output).toBe('');
    expect(pod.launches).toBe(launches);
  });

  test('a context that a request has changed is restored', async () => {
    await start();
    // A sidecar that looks while the server changes the context would find no model loaded.
    await (await pod.kept()).terminate();
    expect((await pod.ask(short({ num_ctx: 2048 }))).status).toBe(200);
    const run = pod.keep();
    await until('restored', () => pod.launches === 3);
    expect(run.output).toContain(`has a context of 2048 tokens, not ${String(CONTEXT)}: requesting it`);
    await pod.confirmed();
    expect(await pod.succeeds('live')).toBe(true);
  });

  test('a model that hangs causes a restart, which does not wait for its requests', async () => {
    await start();
    const run = await pod.kept();
    const hanging = pod.ask(stream(4000)).catch(() => undefined);
    await until('working', () => pod.working > 0);
    pod.signal('SIGSTOP');
    await until('asked for a restart', () => run.output.includes('asking for a restart'));
    expect(run.output).toContain('error[runner-hung]');
    expect(await pod.succeeds('live')).toBe(false);
    expect(await pod.succeeds('ready')).toBe(false);
    await pod.stopServer();
    await hanging;
    await pod.startServer();
    await until('ready', () => pod.has('ready'));
  });

  test('a GPU that is lost causes a restart', async () => {
    await start();
    const run = await pod.kept();
    ollama.hasGpu = false;
    pod.signal('SIGKILL');
    await until('asked for a restart', () => run.output.includes('asking for a restart'));
    expect(run.output).toContain(`error[wrong-place]: ${pod.alias} is 100% CPU, not 100% GPU`);
    expect(await pod.succeeds('live')).toBe(false);
  });

  test('a full queue during a load does not cause a restart, and every accepted request is answered', async () => {
    await start({ env: { OLLAMA_MAX_QUEUE: '3' } });
    const run = await pod.kept();
    ollama.holdsLoads = true;
    pod.signal('SIGKILL');
    await until('loading', () => pod.launches === 2);
    const answers = Array.from({ length: 20 }, () => pod.ask(short()));
    const first = await Promise.race(answers);
    expect([first.status, first.text]).toEqual([503, expect.stringContaining('server busy')]);
    expect(await pod.succeeds('live')).toBe(true);
    ollama.holdsLoads = false;
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect([...new Set(statuses)].sort()).toEqual([200, 503]);
    await pod.confirmed();
    expect(pod.launches).toBe(2);
    expect(run.output).not.toContain('asking for a restart');
  });

  test('streams and waiting requests are completed before the server stops', async () => {
    await start();
    await pod.kept();
    const answers = Array.from({ length: 2 * PARALLEL }, () => pod.ask(stream(400)));
    await until('working', () => pod.working >= PARALLEL);
    await pod.stopServer();
    for (const { status, text } of await Promise.all(answers)) expect([status, isComplete(text)]).toEqual([200, true]);
  });

  test('a prompt that is longer than the context is refused if truncate is false, and cut otherwise', async () => {
    await start();
    await pod.kept();
    const prompt = 'word '.repeat(CONTEXT);
    expect((await pod.ask({ ...short(), prompt, truncate: false })).status).toBe(400);
    const { status, text } = await pod.ask({ ...short(), prompt });
    const { prompt_eval_count: read } = JSON.parse(text) as { readonly prompt_eval_count: number };
    expect(status).toBe(200);
    expect(read).toBeLessThan(CONTEXT);
    const body = { messages: [{ role: 'user', content: prompt }], max_tokens: 2 };
    for (const path of ['/v1/chat/completions', '/v1/messages']) expect((await pod.ask(body, path)).status).toBe(200);
  });

  describe('metrics', () => {
    const SENTINEL = 'unmistakable-sentinel';

    test('have alias and pool, count on after a reload, and contain no prompt', async () => {
      await start({ scraped: true });
      const [kept, exporter] = [await pod.kept(), pod.exportMetrics()];
      const answer = await pod.ask({ ...short({ num_predict: 8 }), prompt: SENTINEL });
      expect(answer.status).toBe(200);
      const before = await pod.metrics();
      expect(countOf(before, 'llamacpp_tokens_predicted_total')).toBeGreaterThanOrEqual(8);
      expect(countOf(before, 'ollama_model_context_tokens')).toBe(CONTEXT);
      expect(countOf(before, 'ollama_model_vram_bytes')).toBe(countOf(before, 'ollama_model_size_bytes'));
      pod.signal('SIGKILL');
      await until('loaded again', () => pod.launches === 2);
      await pod.confirmed();
      const after = await pod.metrics();
      expect(countOf(after, 'llamacpp_tokens_predicted_total')).toBeLessThan(
        countOf(before, 'llamacpp_tokens_predicted_total'),
      );
      expect(countOf(after, 'ollama_server_ready')).toBe(1);
      const { response } = JSON.parse(answer.text) as { readonly response: string };
      for (const text of [before, after, exporter.output, kept.output, pod.log]) {
        expect(text).not.toContain(SENTINEL);
        expect(text).not.toContain(response);
      }
    });

    test('are served while the model works, and hold up no drain', async () => {
      await start({ scraped: true, env: { DRAIN_SECONDS: '20' } });
      await pod.kept();
      pod.exportMetrics();
      await pod.metrics();
      const answer = pod.ask(stream(400));
      await until('working', () => pod.working > 0);
      const drained = pod.stopServer();
      const scrapes = await scrapesUntil(answer);
      const end = Date.now();
      await scrapesUntil(drained);
      expect(Date.now() - end).toBeLessThan(5_000);
      expect(isComplete((await answer).text)).toBe(true);
      expect(scrapes.filter((text) => countOf(text, 'llamacpp_requests_processing') === 1)).not.toEqual([]);
    });

    test.each([
      ['what fits it', '64', 0],
      ['nothing else', '1', 5],
    ])(
      'conversations that others replace on the GPU continue from the prompt cache: %s',
      async (_, mebibytes, readAgain) => {
        await start({ scraped: true, env: { LLAMA_ARG_CACHE_RAM: mebibytes } });
        await pod.kept();
        pod.exportMetrics();
        // 0.75 MiB each, for two slots
        const prompts = Array.from('abcdefgh', (letter) => letter.repeat(1500));
        const read = async (): Promise<number> => {
          for (const prompt of prompts) expect((await pod.ask({ ...short(), prompt })).status).toBe(200);
          return countOf(await pod.metrics(), 'llamacpp_prompt_tokens_total');
        };
        const first = await read();
        expect(first).toBeGreaterThan(8 * 1000);
        const again = Math.round(((await read()) - first) / (first / 8));
        expect(again).toBeGreaterThanOrEqual(readAgain);
        if (readAgain === 0) expect(again).toBe(0);
      },
    );

    /** Scrapes, far more often than Prometheus, until something has ended. The table of connections is written in between. */
    async function scrapesUntil(ends: Promise<unknown>): Promise<readonly string[]> {
      const END = 'ended';
      const texts: string[] = [];
      for (;;) {
        const next = await Promise.race([ends.then(() => END), pod.metrics()]);
        if (next === END) return texts;
        texts.push(next);
        await sleep(100);
      }
    }

    function countOf(text: string, name: string): number {
      const [, value] = new RegExp(`^${name}\\{(?:alias="${pod.alias}",)?pool="gpu"\\} (\\S+)$`, 'm').exec(text) ?? [];
      return Number(value);
    }
  });
});
