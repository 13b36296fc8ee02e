/** What commands print with `--json` on the machine of a developer: the world holds it to their schemas. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EndpointEmulator } from '../../../test/emulators/endpoint';
import { OllamaEmulator } from '../../../test/emulators/ollama';
import { MACHINE_LINES } from '../support/json-lines';
import { unprintedResults } from '../support/published-schemas';
import { headerFile, PublishedModels } from './published-models';
import { certificate, soundCluster } from './sound-cluster';
import { ALIAS, CONTEXT, KEY, METRICS, World } from './world';

const GIB = 1024 ** 3;
const PUBLISHED = 'llama3.1:8b';
const SHAPE = {
  ...{ block_count: 32, context_length: 131_072, embedding_length: 4096 },
  ...{ 'attention.head_count': 32, 'attention.head_count_kv': 8 },
};

let world: World;
let kong: EndpointEmulator;
let server: EndpointEmulator;
let ollama: OllamaEmulator;

function put(name: string, text: string): void {
  const file = join(world.directory, 'cdktf.out/stacks/infra', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

beforeAll(async () => {
  world = new World();
  world.synthesized();
  soundCluster(world);
  const image = { reference: 'docker.io/ollama/ollama:0.32.15', mirror: 'registry.example.com/ollama/ollama:0.32.15' };
  const deliveries = [{ charts: [], images: [{ ...image, usedBy: ['ollama'] }] }];
  put('downloads.json', JSON.stringify({ formatVersion: 1, deliveries }));
  put('assets/tree/0123456789abcdef/Chart.yaml', 'name: ollama-applications\n');
  put('assets/tree/0123456789abcdef/values.yaml', 'path: argocd/ollama\n');
  put('assets/tree/0123456789abcdef/templates/ollama.yaml', 'kind: Application\nmetadata: { name: ollama }\n');
  put('assets/tree/0123456789abcdef/manifests/ollama/service.yaml', 'one\n');
  const { tools } = world;
  tools.fields.set('secret/ollama-gateway-tls', certificate(365));
  const argocd = { kind: 'Deployment', metadata: { name: 'argocd-server', namespace: 'argocd' }, spec: {} };
  tools.objects.push(argocd);
  const models = [{ name: ALIAS, contextLength: CONTEXT }];
  kong = await new EndpointEmulator({ models, apiKey: KEY }).start();
  server = await new EndpointEmulator({ models }).start();
  server.metrics = METRICS;
  const published = { name: PUBLISHED, bytes: 5 * GIB, contextLength: 131_072 };
  ollama = await new OllamaEmulator({ registry: [published], modelsDirectory: join(world.root, 'models') }).start();
  tools.aws.set('eks update-nodegroup-config', () => ({}));
  tools.exec.set('df', (args) =>
    args.includes('--output=pcent') ? 'Use%\n40%\n' : `size avail\n${String(100 * GIB)} ${String(60 * GIB)}\n`,
  );
  const registry = new PublishedModels();
  registry.publish(`registry.ollama.ai/library/${PUBLISHED}`, [
    { type: 'model', content: headerFile('llama', SHAPE), size: 5 * GIB },
  ]);
  world.fetch = (input, init) => {
    const { host } = new URL(input instanceof Request ? input.url : input);
    return host === 'registry.ollama.ai' ? registry.fetch(input, init) : fetch(input, init);
  };
  world.now = () => kong.timeRead;
  world.environment = { ...world.environment, OLLAMA_EKS_URL: kong.url, OLLAMA_EKS_API_KEY: KEY };
});

afterAll(async () => {
  await Promise.all([kong.stop(), server.stop(), ollama.stop()]);
  world.remove();
});

// Servers end while a command waits for it; the next command finds them again.
let objects: typeof world.tools.objects;
beforeEach(() => {
  objects = [...world.tools.objects];
  world.onWait = () => {
    world.tools.objects = objects.filter(({ kind }) => kind !== 'Pod');
  };
});
afterEach(() => {
  world.tools.objects = objects;
});

test.each(MACHINE_LINES)('$line --json prints one document, and the key nowhere', async (expected) => {
  const { line, properties, exitCode = 0 } = expected;
  const isOfModels = /^models (list|pull|remove)/.test(line);
  world.tools.ports.set('*', isOfModels ? Number(new URL(ollama.url).port) : server.port);
  if (line.startsWith('open')) world.interruptWhenReady();
  const { code, out, err } = await world.run('--json', '--verbose', ...line.split(' '));
  expect([code, code === exitCode ? '' : err]).toEqual([exitCode, '']);
  const found = Object.keys(JSON.parse(out) as object).sort();
  expect(found.join()).toBe(properties ?? found.join());
  expect(out + err).not.toContain(KEY);
});

test('together they print every kind of result that a schema allows', () => {
  expect(unprintedResults(MACHINE_LINES.map(({ line }) => line.split(' ')))).toEqual([]);
});

test('after all of them the key is in no file and in no argument of a child', () => {
  const files = readdirSync(world.root, { recursive: true, encoding: 'utf8' })
    .map((name) => join(world.root, name))
    .filter((file) => statSync(file).isFile());
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((file) => readFileSync(file, 'utf8').includes(KEY))).toEqual([]);
  expect(JSON.stringify(world.tools.calls.map(({ args, options }) => [args, options.env]))).not.toContain(KEY);
});
