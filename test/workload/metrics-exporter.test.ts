/** The exporter of a server's pod, with a server and a process of a model that answer as the real ones do. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createNetServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { until } from '../support/until';
import { ScriptRun } from './script-run';
import { configOf, workloadSpec } from './workload-fixture';

const ALIAS = 'llama3.2:3b-ctx8k';
const LABELS = `alias="${ALIAS}",pool="gpu"`;
const WEIGHTS = 'ab'.repeat(32);
const LISTED = {
  name: 'llama3.2:3b',
  model: 'llama3.2:3b',
  size: 3_000,
  details: { families: ['llama'] },
  size_vram: 2_000,
  context_length: 8192,
};
const RUNNER_METRICS = `# HELP llamacpp:prompt_tokens_total Number of prompt tokens
# TYPE llamacpp:prompt_tokens_total counter
llamacpp:prompt_tokens_total 16
# HELP llamacpp:prompt_tokens_seconds Average
# TYPE llamacpp:prompt_tokens_seconds gauge
llamacpp:prompt_tokens_seconds 126.333
# HELP llamacpp:requests_deferred Number
# TYPE llamacpp:requests_deferred gauge
llamacpp:requests_deferred 0
`;

const folder = mkdtempSync(join(tmpdir(), 'metrics-'));
const runnerClients: string[] = [];
const servers: Server[] = [];
let models: object[] = [LISTED];
let exporter: ScriptRun;
let port: number;

beforeAll(async () => {
  const ollama = await listen((path) => (path === '/api/ps' ? JSON.stringify({ models }) : undefined));
  for (const name of ['config', 'state']) mkdirSync(join(folder, name));
  const spec = workloadSpec(undefined, {}, { scraper: { namespace: 'monitoring', serviceAccount: 'prometheus' } });
  for (const [name, content] of Object.entries(configOf(spec, 'ollama')))
    writeFileSync(join(folder, 'config', name), content);
  for (const name of ['3b', '3b-ctx8k']) {
    write(`models/manifests/registry.ollama.ai/library/llama3.2/${name}`, manifestText());
  }
  await loaded('runner');
  port = await freePort();
  exporter = new ScriptRun(['perl', '-w', join(folder, 'config/metrics.pl'), join(folder, 'tcp')], {
    PATH: process.env['PATH'] ?? '',
    CONFIG_DIR: join(folder, 'config'),
    STATE_DIR: join(folder, 'state'),
    OLLAMA_MODELS: join(folder, 'models'),
    OLLAMA_HOST: `127.0.0.1:${String(ollama)}`,
    POOL: 'gpu',
    METRICS_PORT: String(port),
    PAGE_SECONDS: '1',
    READY_SECONDS: '120',
  });
  await until('listening', () => scrape().then(Boolean, () => false));
});

afterAll(async () => {
  await exporter.terminate();
  servers.forEach((server) => {
    server.closeAllConnections();
    server.close();
  });
  rmSync(folder, { recursive: true });
});

test('metrics of a model have its alias and its pool; what is useless or harmful is left out', async () => {
  const text = await scrape();
  expect(text).toContain(`# TYPE llamacpp_prompt_tokens_total counter\nllamacpp_prompt_tokens_total{${LABELS}} 16\n`);
  expect(text).not.toMatch(/tokens_seconds|deferred/);
  expect(text).toContain(`ollama_model_loaded{${LABELS}} 1\n`);
  expect(text).toContain(`ollama_model_size_bytes{${LABELS}} 3000\n`);
  expect(text).toContain(`ollama_model_vram_bytes{${LABELS}} 2000\n`);
  expect(text).toContain(`ollama_model_context_tokens{${LABELS}} 8192\n`);
  expect(text).toMatch(/^ollama_models_volume_available_bytes\{pool="gpu"\} \d{6,}$/m);
  expect(exporter.output).toBe('');
});

test('a model that is loaded again is found at its new port', async () => {
  await loaded('another', RUNNER_METRICS.replace(' 16', ' 3'));
  expect(await scrape()).toContain(`llamacpp_prompt_tokens_total{${LABELS}} 3\n`);
});

test('a process that hangs is left out, the rest is not', async () => {
  await loaded('hung', undefined);
  const text = await scrape();
  expect(text).not.toContain('llamacpp_');
  expect(text).toContain('ollama_up{pool="gpu"} 1\n');
  await loaded('recovered');
});

test('a model that is not listed is not loaded', async () => {
  models = [];
  expect(await scrape()).toContain(`ollama_model_loaded{${LABELS}} 0\n`);
  models = [LISTED];
});

test('a pod is ready as long as the sidecar says so', async () => {
  expect(await scrape()).toContain('ollama_server_ready{pool="gpu"} 0\n');
  for (const mark of ['good', 'ready', 'proven']) write(`state/${mark}`, '');
  const text = await scrape();
  expect(text).toContain('ollama_server_ready{pool="gpu"} 1\n');
  expect(text).toMatch(/^ollama_server_last_answer_timestamp_seconds\{pool="gpu"\} \d{10}$/m);
  const then = Date.now() / 1000 - 300;
  utimesSync(join(folder, 'state/ready'), then, then);
  expect(await scrape()).toContain('ollama_server_ready{pool="gpu"} 0\n');
});

test('its connections differ from those of requests, for the sidecar and the drain', async () => {
  await loaded('observed');
  await scrape();
  expect(new Set(runnerClients)).toEqual(new Set(['127.0.0.2']));
});

test('there is nothing but metrics', async () => {
  expect((await fetch(`http://127.0.0.1:${String(port)}/api/ps`)).status).toBe(404);
});

async function scrape(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
}

/** Loads the model in another process, which hangs without metrics. */
async function loaded(
  name: string,
  metrics: string | undefined = name === 'hung' ? undefined : RUNNER_METRICS,
): Promise<void> {
  const id = JSON.stringify({ data: [{ id: `/models/blobs/sha256-${WEIGHTS}` }] });
  const runner = await listen((path) => (metrics === undefined ? 'never' : path === '/metrics' ? metrics : id), true);
  const row = (address: string, state: string) => `   0: ${address} 00000000:0000 ${state}`;
  const hex = runner.toString(16).toUpperCase().padStart(4, '0');
  write('tcp', ['  sl', row(`0100007F:${hex}`, '0A'), row('00000000:2CAB', '0A'), ''].join('\n'));
}

async function listen(answer: (path: string) => string | undefined, isRunner = false): Promise<number> {
  const server = createServer((request, response) => {
    if (isRunner) runnerClients.push(request.socket.remoteAddress ?? '');
    const text = answer(request.url ?? '');
    if (text !== 'never') response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createNetServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return free;
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function manifestText(): string {
  const layer = (mediaType: string, digest: string) => ({ mediaType, digest: `sha256:${digest}` });
  return JSON.stringify({
    layers: [
      layer('application/vnd.ollama.image.model', WEIGHTS),
      layer('application/vnd.ollama.image.params', 'cd'.repeat(32)),
    ],
  });
}
