import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { OLLAMA_ROUTES } from '@org/ollama-eks/pure';
import { EndpointEmulator, type EndpointFaults } from '../../../test/emulators/endpoint';
import type { Findings } from '../../src/checks/findings';
import { judgeResidency } from '../../src/checks/gpu-checks';
import { parseAlias } from '../../src/endpoint/served-model';
import { Masker } from '../../src/program/masker';
import { Reporter } from '../../src/program/reporter';
import { Kubectl } from '../../src/systems/kubectl';
import { verifyEndpoint } from '../../src/verify/verify';
import { ALIAS, CONTEXT, KEY, meshObjects, METRICS, serverPod, World } from './world';

let world: World;
let kong: EndpointEmulator;
let server: EndpointEmulator;

beforeEach(async () => {
  world = new World();
  const models = [{ name: ALIAS, contextLength: CONTEXT }];
  kong = await new EndpointEmulator({ models, apiKey: KEY }).start();
  server = await new EndpointEmulator({ models }).start();
  server.metrics = METRICS;
  world.synthesized();
  world.tools.objects = [serverPod(), ...meshObjects()];
  world.tools.ports.set('*', server.port);
  world.environment = { ...world.environment, OLLAMA_EKS_URL: kong.url, OLLAMA_EKS_API_KEY: KEY };
});

afterEach(async () => {
  await Promise.all([kong.stop(), server.stop()]);
  world.remove();
});

async function verify(...args: string[]): Promise<{ code: number; err: string; findings: Findings }> {
  const { code, out, err } = await world.run('--json', 'verify', ...args);
  return { code, err, findings: JSON.parse(out) as Findings };
}

test('a healthy endpoint passes every check, outside and inside, with tools and the full context', async () => {
  const { code, findings, err } = await verify('--tools', '--context');
  expect(err).toBe('');
  expect(findings.findings.filter(({ status }) => status !== 'ok').map(({ id }) => id)).toEqual([`overflow ${ALIAS}`]);
  expect(code).toBe(0);
  expect(findings.findings.map(({ id }) => id.split(' ')[0])).toEqual([
    'kong-liveness',
    'health',
    'key-required',
    'key',
    'allow-list',
    'tags',
    'chat',
    'anthropic-messages',
    'openai-chat',
    'openai-responses',
    'openai-tools',
    'anthropic-tools',
    'responses-tools',
    'context',
    'overflow',
    'gpu',
    'servers',
    'mesh-enrolled',
    'mesh-strict',
    'mesh-mtls',
  ]);
  const context = findings.findings.find(({ id }) => id.startsWith('context'));
  expect(context?.evidence?.['readTokens']).toBeGreaterThan(CONTEXT * 0.97);
});

test('shows which APIs cut a prompt that is longer than the context', async () => {
  const { findings } = await verify('--context', '--no-inside');
  const overflow = findings.findings.find(({ id }) => id.startsWith('overflow'));
  expect(overflow?.status).toBe('warn');
  expect(overflow?.detail).toMatch(
    /^\/v1\/messages, \/v1\/chat\/completions, \/v1\/responses cut a prompt of \d+ tokens and answered with status 200$/,
  );
  expect(overflow?.evidence?.['refused']).toEqual(['/api/chat']);
  expect(overflow?.evidence?.['sentTokens']).toBeGreaterThan(CONTEXT);
});

test('tries every route that is not for users, and none of them reaches Ollama', async () => {
  await verify('--no-inside');
  const forbidden = OLLAMA_ROUTES.filter(({ class: kind }) => kind === 'admin' || kind === 'refused');
  const tried = kong.requests.filter(({ passed, headers }) => !passed && headers.authorization !== undefined);
  expect(tried).toHaveLength(forbidden.length);
});

const FAULTS: readonly (readonly [string, Partial<EndpointFaults>, string, RegExp])[] = [
  ['the stream is cut', { cutAfter: 1 }, 'chat', /connection broke|ended before/],
  ['an error comes in the stream', { streamError: 'model runner has stopped' }, 'chat', /model runner has stopped/],
  ['the prompt is truncated', { readTokens: 4096 }, 'context', /4096 of \d+ tokens were read/],
  ['the context is tiny', { readTokens: 64 }, 'context', /truncated/],
  ['the model spills to the CPU', { gpuShare: 0.6 }, 'gpu', /60 % in GPU memory, the rest on the CPU/],
  ['a tool call arrives as text', { toolCall: 'text' }, 'openai-tools', /the call arrived as text/],
  ['a tool call loses its end', { toolCall: 'broken' }, 'anthropic-tools', /arguments "\{\\"city/],
  ['a tool call loses its end', { toolCall: 'broken' }, 'responses-tools', /arguments "\{\\"city/],
  ['Kong refuses nothing', { open: true }, 'allow-list', /not refused: POST \/api\/copy \(\d+\)/],
  ['Kong requires no key', { noKey: true }, 'key-required', /without a key returns 200/],
  ['no server is ready', { status: 503 }, 'health', /answers 503/],
  ['the address is not a data plane', { notKonnect: true }, 'kong-liveness', /answers 404/],
];

test.each(FAULTS)('%s: the check fails, exit code 6', async (_, faults, id, words) => {
  Object.assign(kong.faults, faults);
  const asked = ['tools', 'context'].filter((option) => id.includes(option)).map((option) => `--${option}`);
  const { code, findings, err } = await verify(...asked, '--no-inside');
  const found = findings.findings.find((finding) => finding.id.startsWith(id));
  expect(found?.status).toBe('fail');
  expect(found?.detail).toMatch(words);
  expect(found?.remedy).toBeDefined();
  expect(code).toBe(6);
  expect(err).toMatch(/^error: verify failed: /);
});

test('a stream that stalls ends after the longest request', async () => {
  kong.faults.stall = '/api/chat';
  const { code, findings } = await verify('--no-inside', '--request-timeout', '1');
  const chat = findings.findings.find(({ id }) => id.startsWith('chat'));
  expect(chat?.detail).toMatch(/no complete answer within 1 s/);
  expect(code).toBe(6);
});

const BROKEN: readonly (readonly [string, (objects: typeof world.tools.objects) => object[], string, RegExp])[] = [
  [
    'no server',
    (objects) => objects.filter(({ metadata }) => metadata.name !== 'ollama-0'),
    'servers',
    /no server exists/,
  ],
  ['none is ready', (objects) => [...objects.slice(1), serverPod('ollama-0', false)], 'servers', /0 of 1 server ready/],
  [
    'the namespace is not in the mesh',
    (objects) => [
      ...objects.filter(({ kind }) => kind !== 'Namespace'),
      { kind: 'Namespace', metadata: { name: 'ollama' } },
    ],
    'mesh-enrolled',
    /no label istio.io\/dataplane-mode=ambient/,
  ],
  [
    'plaintext is allowed',
    (objects) => objects.filter(({ kind }) => kind !== 'PeerAuthentication'),
    'mesh-strict',
    /is missing/,
  ],
  [
    'a policy of the namespace is weaker',
    (objects) => [
      ...objects,
      {
        kind: 'PeerAuthentication',
        metadata: { name: 'soft', namespace: 'ollama' },
        spec: { selector: {}, mtls: { mode: 'PERMISSIVE' } },
      },
    ],
    'mesh-strict',
    /soft in ollama allows plaintext/,
  ],
];

test.each(BROKEN)('inside, %s: exit code 6', async (_, change, id, words) => {
  world.tools.objects = change(world.tools.objects) as typeof world.tools.objects;
  const { code, findings } = await verify('--no-outside');
  const found = findings.findings.find((finding) => finding.id === id);
  expect(found).toMatchObject({ status: 'fail', detail: expect.stringMatching(words) });
  expect(code).toBe(6);
});

test.each([
  [ALIAS, 'ok'],
  ['qwen3-coder:30b', 'ok'],
  ['qwen3-coder:30b-ctx8k', 'fail'],
])('a model that was loaded as %s: %s', (name, status) => {
  const model = parseAlias(ALIAS);
  const running = [{ name, digest: 'ab'.repeat(32), size: 1, size_vram: 1, context_length: CONTEXT }];
  expect(model && judgeResidency(model, running)).toMatchObject({ status });
});

test.each([
  ['by default', []],
  ['that are asked for', ['--tools', '--context', '--isolation']],
])('shows and counts as skipped all checks that need a key without one: those that run %s', async (_, flags) => {
  const asked = ['--no-inside', '--model', ALIAS, ...flags];
  const all = (await verify(...asked)).findings.findings.map(({ id }) => id);
  delete world.environment['OLLAMA_EKS_API_KEY'];
  const { findings } = (await verify(...asked)).findings;
  expect(findings.map(({ id }) => id)).toEqual(all);
  const run = findings.filter(({ status }) => status !== 'skipped').map(({ id }) => id);
  expect(run).toEqual(['kong-liveness', 'health', 'key-required']);
  const reasons = findings.filter(({ status }) => status === 'skipped').map(({ detail }) => detail);
  expect(new Set(reasons)).toEqual(new Set(['no key: set OLLAMA_EKS_API_KEY']));
});

test.each(['--tools', '--context', '--isolation'])('refuses %s without the path that it goes through', async (flag) => {
  const { code, err } = await world.run('verify', '--no-outside', flag);
  expect([code, err]).toEqual([2, expect.stringContaining(`${flag} must not be combined with --no-outside`)]);
  expect(kong.requests).toEqual([]);
});

test('warns if the models that should answer are not known', async () => {
  const silent = { write: () => undefined };
  const context = {
    fetch,
    clock: {
      now: () => Date.now(),
      sleep: (milliseconds: number, signal?: AbortSignal) => setTimeout(milliseconds, undefined, signal && { signal }),
    },
    signal: new AbortController().signal,
    reporter: new Reporter({ out: silent, err: silent }, new Masker()),
  };
  const { findings } = await verifyEndpoint(context, {
    models: [],
    outside: { url: kong.url, kong: true, apiKey: KEY },
    inside: { kubectl: new Kubectl({ runner: world.tools }), nodeGroups: () => Promise.resolve([]) },
    requestTimeoutSeconds: 60,
  });
  const found = findings.filter(({ id }) => ['tags', 'servers'].includes(id));
  expect(found.map(({ status, detail }) => [status, detail])).toEqual([
    ['warn', `listed: ${ALIAS}; the models that should answer are not known`],
    ['warn', '1 server ready; the models that should answer are not known'],
  ]);
});

test('without a project, uses the models that the endpoint lists with their context', async () => {
  world.remove();
  world = new World();
  world.environment = { ...world.environment, OLLAMA_EKS_URL: kong.url, OLLAMA_EKS_API_KEY: KEY };
  const { code, findings } = await verify('--no-inside');
  expect(code).toBe(0);
  expect(findings.findings.some(({ id }) => id === `gpu ${ALIAS}`)).toBe(true);
});

test('without a cluster, verifies only the path of the callers, and warns', async () => {
  world.remove();
  world = new World();
  world.environment = { ...world.environment, OLLAMA_EKS_URL: kong.url, OLLAMA_EKS_API_KEY: KEY };
  const { code, err, findings } = await verify();
  expect([code, err]).toEqual([0, expect.stringMatching(/no cluster is named/)]);
  expect(findings.findings.some(({ id }) => id === 'servers')).toBe(false);
  expect(world.tools.calls).toEqual([]);
});

test('a wrong call ends with exit code 2 and shows the right one', async () => {
  const { code, err } = await world.run('verify', '--model', 'qwen3-coder:30b', '--no-inside');
  expect([code, err]).toEqual([2, expect.stringMatching(/must end with its context.*qwen3-coder:30b-ctx64k/)]);
  delete world.environment['OLLAMA_EKS_URL'];
  expect(await world.run('verify')).toMatchObject({ code: 2, err: expect.stringMatching(/OLLAMA_EKS_URL/) });
});

test('does not pass if nothing is verified', async () => {
  const refused = { code: 2, out: '', err: expect.stringContaining('nothing is left to verify') };
  expect(await world.run('verify', '--no-outside', '--no-inside')).toMatchObject(refused);
  world.remove();
  world = new World();
  expect(await world.run('verify', '--no-outside', '--model', ALIAS)).toMatchObject(refused);
});

test('prints a table, and never prints the key or passes it as an argument', async () => {
  const { out, err } = await world.run('--verbose', 'verify');
  expect(out).toMatch(/^ok +kong-liveness/m);
  expect(out).toMatch(/\d+ ok, 0 warn, 0 fail, 0 skipped/);
  expect(out + err + JSON.stringify(world.tools.calls)).not.toContain(KEY);
});

describe('a project without Kong', () => {
  beforeEach(() => {
    const path = join(world.directory, 'cdktf.out/stacks/infra/cdk.tf.json');
    const file = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(
      path,
      JSON.stringify({ ...file, output: { internal_gateway_hostname: { value: 'ollama.internal' } } }),
    );
    delete world.environment['OLLAMA_EKS_API_KEY'];
  });

  test('verifies the servers, and says how the load balancer is verified', async () => {
    delete world.environment['OLLAMA_EKS_URL'];
    const { code, findings, err } = await verify();
    expect(code).toBe(0);
    expect(findings.findings.map(({ id }) => id)).toEqual(['servers', 'mesh-enrolled', 'mesh-strict', 'mesh-mtls']);
    expect(err).toContain('with --proxy-url set to https:// and the output load_balancer_dns_name');
  });

  test('refuses checks of the path without its address', async () => {
    delete world.environment['OLLAMA_EKS_URL'];
    expect(await world.run('verify', '--no-inside')).toMatchObject({
      code: 2,
      err: expect.stringContaining('nothing is left to verify'),
    });
    const { code, err } = await world.run('verify', '--tools');
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('--tools must be combined with --proxy-url'),
    });
  });

  test('verifies the path of its callers without a key, and not what only Kong does', async () => {
    const gateway = createServer((request, response) => {
      const route = OLLAMA_ROUTES.find(({ path }) => path === request.url);
      const isOpen = route !== undefined && route.class !== 'admin' && route.class !== 'refused';
      const path = request.url === '/healthz' ? '/api/version' : isOpen ? request.url : undefined;
      const forwarded = path === undefined ? undefined : `${server.url}${path}`;
      if (forwarded === undefined) response.writeHead(404).end();
      else response.writeHead(307, { location: forwarded }).end();
    });
    gateway.listen(0, '127.0.0.1');
    await once(gateway, 'listening');
    const { port } = gateway.address() as AddressInfo;
    world.fetch = (input, init) => fetch(input, { ...init, redirect: 'follow' });
    world.environment['OLLAMA_EKS_URL'] = `http://127.0.0.1:${String(port)}`;
    const { code, findings } = await verify('--no-inside');
    gateway.close();
    expect(findings.findings.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(code).toBe(0);
    expect(findings.findings.map(({ id }) => id.split(' ')[0])).toEqual(
      expect.arrayContaining(['health', 'allow-list', 'chat']),
    );
    expect(findings.findings.map(({ id }) => id)).not.toEqual(expect.arrayContaining(['kong-liveness']));
  });
});

test.each(['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])(
  'a certificate that is not trusted (%s) is named as the cause, with its remedy',
  async (code) => {
    world.fetch = (input, init) =>
      (input as string).startsWith(kong.url)
        ? Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('certificate'), { code }) }))
        : fetch(input, init);
    const { findings } = await verify('--no-inside');
    const failed = findings.findings.filter(({ status }) => status === 'fail');
    expect(failed.length).toBeGreaterThan(3);
    failed.forEach(({ remedy }) => expect(remedy).toContain('NODE_EXTRA_CA_CERTS'));
  },
);

test('a check that crashes is a finding, and the other checks run', async () => {
  world.tools.other.set('kubectl', () => {
    throw new TypeError('x is not a function');
  });
  const { code, findings, err } = await verify('--verbose');
  expect(code).toBe(6);
  expect(findings.findings.find(({ id }) => id === 'servers')).toMatchObject({
    status: 'fail',
    detail: 'the check itself failed: x is not a function',
    remedy: expect.stringContaining('defect'),
  });
  expect(findings.findings.map(({ id }) => id)).toContain('mesh-mtls');
  expect(err).toContain('TypeError: x is not a function\n    at ');
});
