import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { proxyOf } from '../../src/program/proxy';
import { ZxRunner } from '../../src/program/process';
import { Masker } from '../../src/program/masker';
import { EndpointEmulator } from '../../../test/emulators/endpoint';
import { ALIAS, CONTEXT, KEY, World } from '../day2/world';

const URL_OF = 'http://proxy.example.com:3128';

test.each([
  ['https://us.api.konghq.com', undefined, true],
  ['https://us.api.konghq.com', '', true],
  ['https://us.api.konghq.com', 'konghq.com', false],
  ['https://us.api.konghq.com', 'example.com, .konghq.com', false],
  ['https://us.api.konghq.com', 'example.com *.konghq.com', false],
  ['https://us.api.konghq.com', 'KongHQ.com', false],
  ['https://notkonghq.com', 'konghq.com', true],
  ['https://us.api.konghq.com', '*', false],
  ['https://us.api.konghq.com', 'konghq.com:443', false],
  ['https://us.api.konghq.com:8443', 'konghq.com:443', true],
  ['https://10.1.2.3', '10.0.0.0/8', false],
  ['https://11.1.2.3', '10.0.0.0/8', true],
  ['https://us.api.konghq.com', '10.0.0.0/8', true],
  ['https://10.1.2.3', '10.0.0.0/99', true],
  ['https://10.1.2.3', '10.0.0.0/', true],
  ['https://10.1.2.3', '10.0.0.0/8.5', true],
  ['https://10.1.2.3', '10.1.2.3', false],
  ['https://10.1.2.3:8443', '10.1.2.3:443', true],
  ['https://[fd00::17]', 'fd00::/8', false],
  ['https://[fe00::17]', 'fd00::/8', true],
  ['https://[fd00::17]', 'fd00::/129', true],
  ['https://[fd00::17]', 'fd00::17', false],
  ['https://[fd00::17]', '[fd00::17]', false],
  ['https://[fd00::17]', 'FD00:0:0:0:0:0:0:17', false],
  ['https://[fd00::17]', '[fd00::17]:443', false],
  ['https://[fd00::17]:8443', '[fd00::17]:443', true],
  ['https://[fd00::17]:8443', '[fd00::17]:8443', false],
  ['https://[fd00::18]', 'fd00::17', true],
  ['https://[fd00::17]', '10.0.0.0/8', true],
  ['https://10.1.2.3', 'fd00::/8', true],
  ['https://[::ffff:10.1.2.3]', '10.0.0.0/8', false],
  ['https://us.api.konghq.com', 'fd00::/8 ::1', true],
  ['https://us.api.konghq.com', '[', true],
  ['http://127.0.0.1:11434', undefined, false],
  ['https://127.0.0.1:8443', undefined, false],
  ['https://localhost:8443', undefined, false],
  ['https://[::1]:8443', undefined, false],
])('%s with NO_PROXY %s: %s', (target, except, expected) => {
  const proxy = proxyOf({ HTTPS_PROXY: URL_OF, NO_PROXY: except });
  expect(proxy?.isFor(new URL(target))).toBe(expected);
});

test('the lowercase variable wins, an empty one is none, and a scheme may be left out', () => {
  expect(proxyOf({})).toBeUndefined();
  expect(proxyOf({ HTTPS_PROXY: ' ' })).toBeUndefined();
  expect(proxyOf({ HTTPS_PROXY: 'http://other.example.com', https_proxy: URL_OF })?.url).toBe(`${URL_OF}/`);
  expect(proxyOf({ HTTPS_PROXY: 'proxy.example.com:3128' })?.url).toBe(`${URL_OF}/`);
  const both = proxyOf({ HTTPS_PROXY: URL_OF, no_proxy: '', NO_PROXY: 'konghq.com' });
  expect(both?.isFor(new URL('https://us.api.konghq.com'))).toBe(false);
});

describe('behind a proxy', () => {
  let world: World;
  let proxy: Server;
  let address: string;
  /** Hosts to which a tunnel was requested. */
  let tunnels: string[];
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    world = new World();
    world.synthesized();
    tunnels = [];
    proxy = createServer().on('connect', ({ url = '' }, socket: Socket) => {
      tunnels.push(url);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    proxy.on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
    world.environment = { ...world.environment, HTTPS_PROXY: address };
    world.fetch = () => Promise.reject(new Error('not through the proxy'));
  });
  afterEach(() => {
    world.remove();
    sockets.forEach((socket) => socket.destroy());
    proxy.close();
  });

  test.each([
    ['the registry', ['models', 'check', 'llama3.1:8b'], {}, 'registry.ollama.ai:443'],
    ['a registry of a company', ['models', 'check', 'models.example.com/library/a:b'], {}, 'models.example.com:443'],
    ['Konnect', ['konnect', 'status'], { KONNECT_TOKEN: 'kpat_SENTINEL' }, 'us.api.konghq.com:443'],
    [
      'the endpoint',
      ['client', 'check', 'codex', '-m', ALIAS],
      { OLLAMA_EKS_URL: 'https://llm.example.com', OLLAMA_EKS_API_KEY: KEY },
      'llm.example.com:443',
    ],
  ])('%s is reached through it', async (_, argv, environment, host) => {
    world.environment = { ...world.environment, ...environment };
    const { out, err } = await world.run(...argv);
    expect([...new Set(tunnels)]).toEqual([host]);
    expect(out + err).toContain(`through the proxy ${address}`);
    expect(out + err).not.toContain('not through the proxy');
  });

  test('what NO_PROXY names is not', async () => {
    world.environment = { ...world.environment, NO_PROXY: 'ollama.ai' };
    const { err } = await world.run('models', 'check', 'llama3.1:8b');
    expect([tunnels, err]).toEqual([[], expect.stringContaining('not through the proxy')]);
  });

  test('a forwarded port is not', async () => {
    const endpoint = await new EndpointEmulator({ models: [{ name: ALIAS, contextLength: CONTEXT }] }).start();
    world.environment = { ...world.environment, OLLAMA_EKS_URL: endpoint.url, OLLAMA_EKS_API_KEY: KEY };
    world.fetch = fetch;
    const { code } = await world.run('client', 'env', '-m', ALIAS);
    await endpoint.stop();
    expect([code, tunnels]).toEqual([0, []]);
  });

  test('a tunnel carries the request', async () => {
    const endpoint = await new EndpointEmulator({ models: [{ name: ALIAS, contextLength: CONTEXT }] }).start();
    const { port } = new URL(endpoint.url);
    let hello: Buffer = Buffer.alloc(0);
    proxy.removeAllListeners('connect');
    proxy.on('connect', (_, socket: Socket) => {
      const target = connect(Number(port), '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      sockets.add(target);
      socket.once('data', (data: Buffer) => {
        hello = data;
        socket.destroy();
      });
    });
    world.environment = { ...world.environment, OLLAMA_EKS_URL: 'https://llm.example.com', OLLAMA_EKS_API_KEY: KEY };
    await world.run('client', 'check', 'codex', '-m', ALIAS);
    await endpoint.stop();
    expect(hello[0]).toBe(0x16); // the first byte of TLS: the proxy sees neither the request nor the key
    expect(hello.includes('llm.example.com')).toBe(true);
  });

  test.each([
    ['socks5://user:secret@proxy.example.com', 'socks5://…@proxy.example.com'],
    ['http://', 'http://'],
  ])('%s is refused', async (value, shown) => {
    world.environment = { ...world.environment, HTTPS_PROXY: value };
    const { code, err } = await world.run('models', 'check', 'llama3.1:8b');
    expect([code, err]).toEqual([
      2,
      `error: HTTPS_PROXY = "${shown}": is not the address of an HTTP proxy; allowed: http://HOST:PORT or https://HOST:PORT; correct it, or unset the variable\n`,
    ]);
  });
});

test('a child with a clean environment knows the proxy, and nothing else', async () => {
  const { PATH, HOME } = process.env;
  const environment = { PATH, HOME, HTTPS_PROXY: URL_OF, no_proxy: 'example.com', KONNECT_TOKEN: 'stray' };
  const runner = new ZxRunner(new Masker(), new AbortController().signal, environment);
  const { stdout } = await runner.run('node', ['-p', 'Object.keys(process.env).join()'], { cleanEnv: true });
  const names = stdout.trim().split(',');
  expect(names).toEqual(expect.arrayContaining(['HTTPS_PROXY', 'no_proxy', 'PATH']));
  expect(names).not.toContain('KONNECT_TOKEN');
});
