import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { modelFigures } from '@org/ollama-eks/pure';
import { digestOf, OllamaEmulator, type RegistryModel } from '../../../test/emulators/ollama';
import { manifestOf, sizeOf } from '../../../test/emulators/ollama/registry';
import { ggufFile, type GgufTensor, type GgufValue } from '@org/ollama-eks-tools/gguf-file';
import type { KubernetesObject } from '../../src/systems/kubectl';
import { serverPod, World } from './world';

const GIB = 1024 ** 3;
const SERVED: RegistryModel = { name: 'qwen3-coder:30b', bytes: 18 * GIB, contextLength: 262_144 };
const OTHER: RegistryModel = { name: 'llama3.1:8b', bytes: 5 * GIB, contextLength: 131_072 };

let world: World;
let server: OllamaEmulator;
/** Answers of the registry by path. */
let registry: Map<string, string | Buffer>;

beforeEach(async () => {
  world = new World();
  world.synthesized();
  server = await new OllamaEmulator({
    registry: [SERVED, OTHER],
    modelsDirectory: join(world.directory, 'models'),
  }).start();
  world.tools.objects = [serverPod('ollama-0', false)] as KubernetesObject[];
  world.tools.ports.set('*', Number(new URL(server.url).port));
  world.tools.exec.set('df', () => `   1B-blocks        Avail\n${String(100 * GIB)} ${String(60 * GIB)}\n`);
  registry = new Map(
    [SERVED, OTHER].map((model) => [`/v2/library/${model.name.replace(':', '/manifests/')}`, manifestOf(model)]),
  );
  world.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return ['registry.ollama.ai', 'hf.co'].includes(url.hostname)
      ? Promise.resolve(fromRegistry(url.pathname, init))
      : fetch(input, init);
  };
});

afterEach(async () => {
  await server.stop();
  world.remove();
});

/** Does what a server's sidecar does: sets the context of alias and tag. */
function serve(alias: string, contextLength: number): void {
  server.store.download(SERVED, SERVED.bytes);
  server.store.add(SERVED);
  for (const name of [alias, SERVED.name]) {
    const from = server.store.find(SERVED.name);
    if (from !== undefined) server.store.create(name, from, { num_ctx: contextLength });
  }
}

/** With ranges, as the registry's storage serves blobs. */
function fromRegistry(path: string, init: RequestInit | undefined): Response {
  const content = registry.get(path);
  if (content === undefined) return new Response('{"errors":[]}', { status: 404 });
  const bytes = new Uint8Array(Buffer.from(content));
  const range = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get('range') ?? '');
  return range === null
    ? new Response(bytes)
    : new Response(bytes.subarray(Number(range[1]), Number(range[2]) + 1), { status: 206 });
}

test.each(['check', 'inspect'])('%s ends with exit code 5 if the registry cannot be reached', async (verb) => {
  world.fetch = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }));
  expect(await world.run('models', verb, 'llama3.1:8b')).toMatchObject({
    code: 5,
    err: expect.stringMatching(
      /registry.ollama.ai cannot be reached \(fetch failed: getaddrinfo ENOTFOUND\); run the command again/,
    ),
  });
});

test('check prints size and digest of a tag, and ends with exit code 2 if it does not exist', async () => {
  const { code, out } = await world.run('--json', 'models', 'check', 'llama3.1:8b');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    exists: true,
    name: OTHER.name,
    bytes: sizeOf(OTHER),
    digest: `sha256:${digestOf(OTHER)}`,
  });
  expect(await world.run('models', 'check', 'llama3.1:9b')).toMatchObject({
    code: 2,
    out: 'llama3.1:9b: no such tag\n',
    err: expect.stringMatching(/did you mean llama3.1:8b, .*\? See the tags at https:\/\/ollama.com\/library/),
  });
  expect((await world.run('models', 'check', 'not a name')).code).toBe(2);
  expect(server.requests).toEqual([]);
});

test('pull pulls a model, warns that the cluster was not sized for it, and does nothing the second time', async () => {
  const { code, out, err } = await world.run('models', 'pull', 'llama3.1:8b');
  expect([code, out]).toEqual([0, 'ollama-0: pulled llama3.1:8b\n']);
  expect(err).toMatch(/the cluster was not sized for llama3.1:8b/);
  expect((await world.run('models', 'pull', 'llama3.1:8b')).out).toBe('ollama-0: already has llama3.1:8b\n');
  expect(server.requestsTo('/api/pull')).toHaveLength(1);
});

test('pull does not touch a tag that the server serves, though its digest differs', async () => {
  serve('qwen3-coder:30b-ctx64k', 65_536);
  world.tools.exec.set('df', () => `1B-blocks Avail\n${String(100 * GIB)} ${String(GIB)}\n`);
  const { code, out } = await world.run('models', 'pull', SERVED.name);
  expect([code, out]).toEqual([0, 'ollama-0: already has qwen3-coder:30b\n']);
  expect(server.requestsTo('/api/pull')).toEqual([]);
});

test.each([
  ['error', /max retries exceeded/],
  ['cut', /connection broke|ended before the pull was complete/],
  ['unavailable', /answers 503/],
] as const)(
  'a pull that ends with %s fails though Ollama answered 200, and a second run continues it',
  async (fault, words) => {
    server.faults.pulls = [fault];
    const { code, err } = await world.run('models', 'pull', 'llama3.1:8b');
    expect(code).not.toBe(0);
    expect(err).toMatch(words);
    expect((await world.run('models', 'pull', 'llama3.1:8b')).code).toBe(0);
  },
);

test('pull changes nothing if the tag does not exist or the disk has no space', async () => {
  expect((await world.run('models', 'pull', 'llama3.1:9b')).code).toBe(2);
  world.tools.exec.set('df', () => `1B-blocks Avail\n${String(100 * GIB)} ${String(GIB)}\n`);
  expect(await world.run('models', 'pull', 'llama3.1:8b')).toMatchObject({
    code: 6,
    err: expect.stringMatching(/has 1.0 GiB of free disk space, llama3.1:8b needs 5.0 GiB/),
  });
  expect(server.requestsTo('/api/pull')).toEqual([]);
});

test('list prints models, where they are loaded, their context, and the disk usage', async () => {
  await world.run('models', 'pull', 'llama3.1:8b');
  await fetch(`${server.url}/api/generate`, {
    method: 'POST',
    body: JSON.stringify({ model: 'llama3.1:8b', prompt: 'x' }),
  });
  const { out } = await world.run('models', 'list');
  expect(out).toMatch(/^ollama-0: 40 % of 100.0 GiB used/);
  expect(out).toMatch(/llama3.1:8b +5.0 GiB +100 % GPU +4096 +sha256:[0-9a-f]{12}$/m);
  server.faults.gpuShare = 0.5;
  const { servers } = JSON.parse((await world.run('--json', 'models', 'list')).out) as { servers: object[] };
  expect(servers).toMatchObject([{ server: 'ollama-0', models: [{ name: 'llama3.1:8b', bytes: sizeOf(OTHER) }] }]);
});

test('list shows alias and tag as loaded once, under either name', async () => {
  serve('qwen3-coder:30b-ctx64k', 65_536);
  await fetch(`${server.url}/api/generate`, {
    method: 'POST',
    body: JSON.stringify({ model: SERVED.name, prompt: 'x' }),
  });
  const { out } = await world.run('models', 'list');
  expect(out).toMatch(/qwen3-coder:30b +18.0 GiB +100 % GPU +65536 /);
  expect(out).toMatch(/qwen3-coder:30b-ctx64k +18.0 GiB +100 % GPU +65536 /);
});

test('remove asks, and refuses what the cluster serves or no server has', async () => {
  await world.run('models', 'pull', 'llama3.1:8b');
  expect(await world.run('models', 'remove', 'llama3.1:8b')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/pass --yes/),
  });
  expect(server.requestsTo('/api/delete')).toEqual([]);
  expect((await world.run('--dry-run', 'models', 'remove', 'llama3.1:8b')).out).toMatch(
    /would remove llama3.1:8b from ollama-0/,
  );
  expect((await world.run('--yes', 'models', 'remove', 'llama3.1:8b')).out).toBe('removed llama3.1:8b from ollama-0\n');
  expect(await world.run('--yes', 'models', 'remove', 'llama3.1:8b')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/no server has/),
  });
  for (const name of ['qwen3-coder:30b', 'qwen3-coder:30b-ctx64k']) {
    expect(await world.run('--yes', 'models', 'remove', name)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/served by the cluster/),
    });
  }
});

test('ends with exit code 6 without a running server', async () => {
  world.tools.objects = [];
  expect(await world.run('models', 'list')).toMatchObject({
    code: 6,
    err: expect.stringMatching(/no server is running; run ollama-eks scale resume/),
  });
});

describe('inspect', () => {
  const HEADER: Record<string, GgufValue> = {
    'general.architecture': 'qwen3moe',
    'qwen3moe.block_count': 48,
    'qwen3moe.context_length': 262_144,
    'qwen3moe.embedding_length': 2048,
    'qwen3moe.attention.head_count': 32,
    'qwen3moe.attention.head_count_kv': 4,
    'qwen3moe.attention.key_length': 128,
    'qwen3moe.attention.value_length': 128,
  };

  /** Serves the files of the model: its header with tensors, and its parameters. */
  function blob(header: Record<string, GgufValue>, tensors: readonly GgufTensor[] = [], parameters: object = {}): void {
    const { layers } = JSON.parse(manifestOf(SERVED)) as { layers: { digest: string }[] };
    registry.set(`/v2/library/qwen3-coder/blobs/${layers[0]?.digest ?? ''}`, ggufFile(header, tensors));
    registry.set(`/v2/library/qwen3-coder/blobs/${layers[1]?.digest ?? ''}`, JSON.stringify(parameters));
  }

  function tensor(name: string, elements: number): GgufTensor {
    return { name, dimensions: [elements], weights: new Float32Array(elements) };
  }

  /** Serves a model of another registry, whose manifest has these layers. */
  function foreign(
    path: string,
    layers: readonly { type: string; content: Buffer }[],
    sizes: readonly number[] = [],
  ): void {
    const listed = layers.map(({ type, content }, index) => {
      const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
      registry.set(`/v2/${path}/blobs/${digest}`, content);
      return { mediaType: `application/vnd.ollama.image.${type}`, digest, size: sizes[index] ?? content.length };
    });
    registry.set(`/v2/${path}/manifests/Q4_K_M`, JSON.stringify({ schemaVersion: 2, layers: listed }));
  }

  async function figuresOf(name: string): Promise<Record<string, unknown>> {
    const { out, err } = await world.run('--json', 'models', 'inspect', name, '--instance', 'g5.12xlarge');
    expect(err).toBe('');
    return (JSON.parse(out) as { model: { figures: Record<string, unknown> } }).model.figures;
  }

  test('reads the figures that the catalog has, from the header alone', async () => {
    blob(HEADER);
    const { code, out } = await world.run(
      '--json',
      'models',
      'inspect',
      'qwen3-coder:30b',
      '--instance',
      'g5.xlarge',
      'g5.12xlarge',
    );
    expect(code).toBe(0);
    const { model, fits } = JSON.parse(out) as {
      model: { figures: object; contextLength: number };
      fits: { instance: string; fits: boolean }[];
    };
    const { architecture, blockCount, contextLength, embeddingLength, headCount, headCountKv, keyLength, valueLength } =
      modelFigures('qwen3-coder:30b');
    expect(model.figures).toEqual({
      bytes: sizeOf(SERVED),
      weightsDigest: expect.stringMatching(/^sha256:/),
      ...{ architecture, blockCount, contextLength, embeddingLength, headCount, headCountKv, keyLength, valueLength },
    });
    expect(fits.map(({ instance, fits: does }) => [instance, does])).toEqual([
      ['g5.xlarge', false],
      ['g5.12xlarge', true],
    ]);
  });

  test('names the quantization, and counts tokens that the parameters draft', async () => {
    blob({ ...HEADER, 'general.file_type': 15 }, [], { draft_num_predict: 3, temperature: 0.7 });
    expect(await figuresOf('qwen3-coder:30b')).toMatchObject({ quantization: 'Q4_K_M', draftTokens: 3 });
  });

  test('counts the tensors of a projector in the file itself, whatever their order', async () => {
    blob(HEADER, [tensor('v.patch.weight', 8), tensor('blk.0.attn_q.weight', 64), tensor('mm.0.weight', 16)]);
    // the file is longer than what is served: the last tensor ends with it
    const { projectorBytes } = await figuresOf('qwen3-coder:30b');
    const { layers } = JSON.parse(manifestOf(SERVED)) as { layers: { size: number }[] };
    const served = [...registry.values()].find((content) => content instanceof Buffer);
    const beyond = (layers[0]?.size ?? 0) - (served?.length ?? 0);
    expect(projectorBytes).toBe(8 * 4 + 16 * 4 + beyond);
  });

  test('reads a quantized, sharded model with a projector from Hugging Face, and not a draft model that it does not use', async () => {
    const head = ggufFile({ ...HEADER, 'general.file_type': 18, 'split.count': 2 });
    foreign(
      'unsloth/Qwen3-Coder-GGUF',
      [
        { type: 'model', content: head },
        { type: 'model', content: Buffer.from('the second shard') },
        { type: 'projector', content: Buffer.from('a projector') },
        { type: 'draft', content: Buffer.from('a draft') },
      ],
      [10 * GIB, 8 * GIB, GIB, GIB],
    );
    expect(await figuresOf('hf.co/unsloth/Qwen3-Coder-GGUF:Q4_K_M')).toMatchObject({
      bytes: 20 * GIB,
      projectorBytes: GIB,
      quantization: 'Q6_K',
    });
    expect(await figuresOf('hf.co/unsloth/Qwen3-Coder-GGUF:Q4_K_M')).not.toHaveProperty('draftCachedLayers');
    const { out } = await world.run('models', 'check', 'hf.co/unsloth/Qwen3-Coder-GGUF:Q4_K_M');
    expect(out).toMatch(/^hf.co\/unsloth\/Qwen3-Coder-GGUF:Q4_K_M: 20.0 GiB, sha256:/);
  });

  test('says what to do if a registry wants an account', async () => {
    world.fetch = () => Promise.resolve(new Response('', { status: 401 }));
    expect(await world.run('models', 'inspect', 'hf.co/acme/secret:Q4_K_M')).toMatchObject({
      code: 6,
      err: expect.stringMatching(/hf.co answers 401 .*; use a model that can be pulled without an account/),
    });
  });

  describe('of a registry whose answers are wrong', () => {
    const MANIFEST = '/v2/library/qwen3-coder/manifests/30b';
    const { layers } = JSON.parse(manifestOf(SERVED)) as { layers: { digest: string }[] };
    const [FILE = '', PARAMETERS = ''] = layers.map(({ digest }) => `/v2/library/qwen3-coder/blobs/${digest}`);

    const pathOf = (input: string | URL | Request) => new URL(input instanceof Request ? input.url : input).pathname;
    const file = (change: (bytes: Buffer) => Buffer): Buffer => change(Buffer.from(ggufFile(HEADER)));

    test.each<[string, string, string | Buffer, number, RegExp]>([
      ['a page', MANIFEST, '<html>sign in</html>', 6, /answers without a manifest for qwen3-coder:30b; check/],
      ['null', MANIFEST, 'null', 6, /answers without a manifest/],
      ['an index', MANIFEST, '{"manifests":[]}', 6, /answers without a manifest/],
      ['no layer', MANIFEST, '{"layers":[null]}', 6, /answers without a manifest/],
      ['no size', MANIFEST, '{"layers":[{"mediaType":"a","digest":"b"}]}', 6, /answers without a manifest/],
      ['a page', FILE, '<html>sign in</html>', 2, /is not a GGUF file that can be read: .*; choose another tag/],
      ['an empty file', FILE, '', 2, /is not a GGUF file that can be read/],
      ['half a header', FILE, file((bytes) => bytes.subarray(0, 120)), 2, /it ends within its header/],
      ['8 bytes', FILE, file((bytes) => bytes.subarray(0, 8)), 2, /it ends within its header/],
      ['version 9', FILE, file((bytes) => (bytes.writeUInt32LE(9, 4), bytes)), 2, /unsupported version/],
      ['a page', PARAMETERS, '<html>sign in</html>', 6, /answers without JSON for a file of qwen3-coder:30b/],
      ['null', PARAMETERS, 'null', 6, /answers without JSON for a file/],
    ])('%s for %s', async (_, path, content, code, words) => {
      blob(HEADER);
      registry.set(path, content);
      expect(await world.run('models', 'inspect', 'qwen3-coder:30b')).toMatchObject({
        code,
        out: '',
        err: expect.stringMatching(words),
      });
    });

    test.each([
      [401, 6, /answers 401 for a file of qwen3-coder:30b; use a model that can be pulled without an account/],
      [404, 6, /answers 404 for a file of qwen3-coder:30b/],
      [416, 2, /is not a GGUF file that can be read/],
      [429, 5, /answers 429 for a file of qwen3-coder:30b; try again later/],
      [503, 5, /answers 503 for a file of qwen3-coder:30b; try again later/],
      [200, 6, /does not answer requests for a part of a file; set the figures/],
    ])('status %i for the file', async (status, code, words) => {
      world.fetch = (input) =>
        Promise.resolve(
          pathOf(input) === MANIFEST ? new Response(manifestOf(SERVED)) : new Response('the whole file', { status }),
        );
      expect(await world.run('models', 'inspect', 'qwen3-coder:30b')).toMatchObject({
        code,
        err: expect.stringMatching(words),
      });
    });

    test('that never answers: the request ends after a time', async () => {
      const late = new AbortController();
      const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(late.signal);
      world.fetch = (input, init) => {
        if (pathOf(input) === MANIFEST) return Promise.resolve(new Response(manifestOf(SERVED)));
        setImmediate(() => late.abort());
        return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
      };
      expect(await world.run('models', 'inspect', 'qwen3-coder:30b')).toMatchObject({
        code: 5,
        err: expect.stringMatching(/registry.ollama.ai cannot be reached \(no answer within 60 s\)/),
      });
      timeout.mockRestore();
    });
  });

  test('refuses an architecture whose cache it does not know: exit code 2', async () => {
    const keys = Object.entries(HEADER).map(([key, value]) => [key.replace('qwen3moe', 'deepseek4'), value]);
    blob({ ...(Object.fromEntries(keys) as typeof HEADER), 'general.architecture': 'deepseek4' });
    expect(await world.run('models', 'inspect', 'qwen3-coder:30b')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/the KV cache of deepseek4 has no rule here; set its figures yourself/),
    });
  });

  test('names a key that sizing needs and the header does not have: exit code 2', async () => {
    blob(Object.fromEntries(Object.entries(HEADER).filter(([key]) => key !== 'qwen3moe.block_count')));
    expect(await world.run('models', 'inspect', 'qwen3-coder:30b')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/has no qwen3moe.block_count; set its figures yourself/),
    });
  });

  test('prints a line for every supported instance type', async () => {
    blob(HEADER);
    const { out } = await world.run('models', 'inspect', 'qwen3-coder:30b');
    expect(out).toMatch(/^p4d.24xlarge +yes/m);
    expect(out).toMatch(/^g5.xlarge +no/m);
  });
});
