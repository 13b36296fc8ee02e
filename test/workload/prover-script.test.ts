import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OllamaEmulator, type RegistryModel } from '../emulators/ollama';
import { until } from '../support/until';
import { type Finished, ScriptRun, shell } from './script-run';
import { configOf, workloadSpec } from './workload-fixture';

// Scripts start many processes, which are slow on a busy machine.
jest.setTimeout(30_000);

// The sh of the image is BusyBox.
const SHELL = shell(['busybox', 'sh'], ['dash'], ['sh']);

const LLAMA: RegistryModel = { name: 'llama3.2:3b', bytes: 2_019_393_189, contextLength: 131_072 };
const EMBED: RegistryModel = {
  name: 'nomic-embed-text:latest',
  bytes: 274_302_450,
  contextLength: 2048,
  embedding: true,
};
const MODELS = [
  { name: 'llama3.2:3b', contextLength: 8192 },
  { name: 'nomic-embed-text', contextLength: 2048 },
];

describe("the prover's script", () => {
  const directory = mkdtempSync(join(tmpdir(), 'ollama-prover-'));
  let server: OllamaEmulator;

  beforeAll(() => {
    const config = configOf(workloadSpec(MODELS), 'ollama-model-prover');
    for (const [name, content] of Object.entries(config)) writeFileSync(join(directory, name), content);
  });

  beforeEach(async () => {
    server = await new OllamaEmulator({
      registry: [LLAMA, EMBED],
      modelsDirectory: mkdtempSync(join(directory, 'models-')),
    }).start();
  });

  afterEach(async () => server.stop());

  afterAll(() => rmSync(directory, { recursive: true }));

  /** Does what the sidecar of a server does. */
  function serve(model: RegistryModel, alias: string, context: number): void {
    server.store.download(model, model.bytes);
    server.store.add(model);
    const stored = server.store.find(model.name);
    if (stored !== undefined) server.store.create(alias, stored, { num_ctx: context });
  }

  function serveAll(): void {
    serve(LLAMA, 'llama3.2:3b-ctx8k', 8192);
    serve(EMBED, 'nomic-embed-text:latest-ctx2k', 2048);
  }

  function prove(env: Readonly<Record<string, string>> = {}): ScriptRun {
    return new ScriptRun([...SHELL, join(directory, 'prove.sh')], {
      PATH: process.env['PATH'] ?? '',
      CONFIG_DIR: directory,
      TMPDIR: directory,
      RESULT_FILE: join(directory, 'result'),
      NAMESPACE: 'ollama',
      SERVER_SELECTOR: 'app.kubernetes.io/name=ollama',
      SERVICE: '127.0.0.1',
      SERVERS: '127.0.0.1',
      CONTROL: '127.0.0.1',
      PORT: new URL(server.url).port,
      ANSWER_SECONDS: '2',
      RETRY_SECONDS: '0.05',
      NODE_SECONDS: '60',
      PROVE_SECONDS: '60',
      ...env,
    });
  }

  /** What Kubernetes keeps as the container's termination message. */
  const result = () => readFileSync(join(directory, 'result'), 'utf8');

  async function outcome(env?: Readonly<Record<string, string>>): Promise<Finished> {
    return prove(env).end();
  }

  it('passes if every model answers, each on the endpoint for its kind', async () => {
    serveAll();
    expect(await outcome()).toEqual({
      code: 0,
      output: 'proven: llama3.2:3b-ctx8k answers\nproven: nomic-embed-text:latest-ctx2k answers\n',
    });
    expect(result()).toBe('every model answers\n');
    expect(server.requestsTo('/api/generate')[0]?.body).toEqual({
      model: 'llama3.2:3b-ctx8k',
      prompt: 'ready?',
      stream: false,
      options: { num_predict: 1 },
    });
  });

  it('waits for a server that pulls and loads', async () => {
    await server.stop();
    const run = prove();
    await server.start();
    await until('asked', () => server.requestsTo('/api/generate').length > 0);
    serveAll();
    expect((await run.end()).code).toBe(0);
  });

  it('does not ask a model again after its answer', async () => {
    serve(LLAMA, 'llama3.2:3b-ctx8k', 8192);
    const run = prove();
    await until('asked again', () => server.requestsTo('/api/embed').length > 1);
    serve(EMBED, 'nomic-embed-text:latest-ctx2k', 2048);
    expect((await run.end()).code).toBe(0);
    expect(server.requestsTo('/api/generate')).toHaveLength(1);
  });

  it('fails, and reports each model that does not answer, with the reason', async () => {
    serve(LLAMA, 'llama3.2:3b-ctx8k', 8192);
    const { code, output } = await outcome({ PROVE_SECONDS: '0' });
    expect(code).toBe(1);
    expect(output).toContain('proven: llama3.2:3b-ctx8k answers');
    expect(output).toContain(
      'FAILED after 0 s: nomic-embed-text:latest-ctx2k (404 {"error":"model \'nomic-embed-text:latest-ctx2k\' not found"})',
    );
    expect(output).toContain('kubectl logs -n ollama -l app.kubernetes.io/name=ollama -c models');
  });

  it.each([
    ['an error of the server', { status: 500, message: 'model runner has unexpectedly stopped' }],
    ['an error with status 200', { status: 200, message: 'out of memory' }],
    ['a refusal of the gateway', { status: 503, message: 'upstream connect error' }],
  ])('does not count %s as an answer', async (_, answerError) => {
    serveAll();
    server.faults.answerError = answerError;
    const { code, output } = await outcome({ PROVE_SECONDS: '0' });
    expect(code).toBe(1);
    expect(output).toContain(answerError.message);
  });

  it('does not count an answer that is too slow', async () => {
    serveAll();
    server.faults.answerDelay = 3_000;
    const { code, output } = await outcome({ PROVE_SECONDS: '0', ANSWER_SECONDS: '0.2' });
    expect(code).toBe(1);
    expect(output).toContain('llama3.2:3b-ctx8k (curl error 28 )');
  });

  it('fails if a server has a node but does not respond', async () => {
    await server.stop();
    const { code, output } = await outcome({ NODE_SECONDS: '0', PROVE_SECONDS: '0' });
    expect(code).toBe(1);
    expect(output).toContain('llama3.2:3b-ctx8k (curl error 7 )');
  });

  it('passes with a notice if no server has a node', async () => {
    const nowhere = 'ollama-servers.invalid';
    const { code, output } = await outcome({ NODE_SECONDS: '0', SERVERS: nowhere, SERVICE: nowhere });
    expect(code).toBe(0);
    expect(output).toMatch(/^NOT PROVEN: no server has a node\./);
    expect(result()).toBe(output);
    expect(output).toContain('llama3.2:3b-ctx8k (curl error 6 )');
  });

  it('fails if names cannot be resolved, because the state of the servers is unknown', async () => {
    const nowhere = 'ollama-servers.invalid';
    const names = { SERVERS: nowhere, SERVICE: nowhere, CONTROL: 'kubernetes.invalid' };
    const { code, output } = await outcome({ NODE_SECONDS: '0', PROVE_SECONDS: '0', ...names });
    expect(code).toBe(1);
    expect(output).not.toContain('NOT PROVEN');
    expect(output).toContain('name resolution fails: kubernetes.invalid does not resolve');
  });

  it('waits for nodes to start', async () => {
    const run = prove({ SERVERS: 'ollama-servers.invalid', NODE_SECONDS: '60' });
    await until('asked', () => server.requestsTo('/api/generate').length > 0);
    serveAll();
    expect((await run.end()).output).not.toContain('NOT PROVEN');
  });
});
