import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EndpointEmulator } from '../../../test/emulators/endpoint';
import { certificate, soundCluster } from './sound-cluster';
import { ALIAS, CONTEXT, KEY, METRICS, World } from './world';

let world: World;
let kong: EndpointEmulator;
let server: EndpointEmulator;

beforeAll(async () => {
  world = new World();
  world.synthesized();
  soundCluster(world);
  const image = { reference: 'docker.io/ollama/ollama:0.32.15', mirror: 'registry.example.com/ollama/ollama:0.32.15' };
  const deliveries = [{ charts: [], images: [{ ...image, usedBy: ['ollama'] }] }];
  const downloads = join(world.directory, 'cdktf.out/stacks/infra/downloads.json');
  writeFileSync(downloads, JSON.stringify({ formatVersion: 1, deliveries }));
  world.tools.fields.set('secret/ollama-gateway-tls', certificate(365));
  const models = [{ name: ALIAS, contextLength: CONTEXT }];
  kong = await new EndpointEmulator({ models, apiKey: KEY }).start();
  server = await new EndpointEmulator({ models }).start();
  server.metrics = METRICS;
  world.tools.ports.set('*', server.port);
  world.tools.aws.set('eks update-nodegroup-config', () => ({}));
  world.tools.exec.set('df', (args) => (args.includes('--output=pcent') ? 'Use%\n40%\n' : 'size avail\n100 60\n'));
  world.environment = { ...world.environment, OLLAMA_EKS_URL: kong.url, OLLAMA_EKS_API_KEY: KEY };
});

afterAll(async () => {
  await Promise.all([kong.stop(), server.stop()]);
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

const COMMANDS = [
  ...[
    'verify --tools',
    'diagnose',
    'audit',
    'scale status',
    'scale zero --no-wait',
    'scale resume --no-wait',
    'models list',
    'mirror list',
    'mirror script',
    'completion bash',
  ],
  ...[
    'client claude',
    'client codex',
    'client continue',
    'client opencode',
    'client env',
    'client status',
    'client off',
  ],
  ...['init new --delivery helm', 'scale zero --dry-run', 'client claude --dry-run', 'client off --dry-run'],
];

test.each(COMMANDS)('%s --json prints one JSON document, and the key nowhere', async (command) => {
  const { code, out, err } = await world.run('--json', '--verbose', ...command.split(' '));
  expect(code).toBe(0);
  expect(typeof JSON.parse(out)).toBe('object');
  expect(out + err).not.toContain(KEY);
});

test('after all of them the key is in no file and in no argument of a child', () => {
  const files = readdirSync(world.root, { recursive: true, encoding: 'utf8' })
    .map((name) => join(world.root, name))
    .filter((file) => statSync(file).isFile());
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((file) => readFileSync(file, 'utf8').includes(KEY))).toEqual([]);
  expect(JSON.stringify(world.tools.calls.map(({ args, options }) => [args, options.env]))).not.toContain(KEY);
});
