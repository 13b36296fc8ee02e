/** The command line as a process behind a proxy: CONNECT, TLS to the endpoint, and streamed answers through the tunnel. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Server as NetServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { EndpointEmulator } from '../emulators/endpoint';
import { BIN, endOf, type End } from './support/cli-site';
import { runProgram } from './support/program';
import { workDir } from './support/work-dir';

/** Resolves only behind the proxy. */
const HOST = 'llm.example.com';
const ALIAS = 'llama3.1:8b-ctx32k';
const KEY = 'oek_SENTINEL_0123456789abcdef';
const PASSWORD = 'sentinel-of-the-proxy';

const folder = workDir();
const certificate = join(folder, 'certificate.pem');
const sockets = new Set<Socket>();
let endpoint: EndpointEmulator;
let front: NetServer;
let proxy: Server;
/** What the proxy was asked for, with the credentials that it got. */
const tunnels: (readonly [host: string, credentials: string | undefined])[] = [];
/** What the proxy forwarded to the endpoint. */
let forwarded = '';

const listen = async (server: NetServer): Promise<number> => {
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
/** Connects two sockets, until one of them ends. */
const tunnel = (one: Socket, other: Socket): void => {
  one.on('error', () => other.destroy()).pipe(other);
  other.on('error', () => one.destroy()).pipe(one);
};

beforeAll(async () => {
  const key = join(folder, 'key.pem');
  await runProgram('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`, '-keyout', key, '-out', certificate],
  ]);
  endpoint = await new EndpointEmulator({ models: [{ name: ALIAS, contextLength: 32_768 }], apiKey: KEY }).start();
  front = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (socket) => {
    tunnel(socket, connect(endpoint.port, '127.0.0.1'));
  });
  const port = await listen(front);
  proxy = createServer().on('connect', ({ url = '', headers }, socket: Socket) => {
    tunnels.push([url, headers['proxy-authorization']]);
    socket.on('data', (bytes: Buffer) => (forwarded += bytes.toString('latin1')));
    const target = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    tunnel(socket, target);
  });
  await listen(proxy);
});

beforeEach(() => {
  tunnels.length = 0;
  forwarded = '';
});

afterAll(async () => {
  sockets.forEach((socket) => socket.destroy());
  front.close();
  proxy.close();
  await endpoint.stop();
});

/** Runs a command line on a machine that reaches nothing but the proxy. */
function run(environment: NodeJS.ProcessEnv, ...argv: readonly string[]): Promise<End> {
  const { PATH } = process.env;
  const address = `http://user:${PASSWORD}@127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
  const env = { PATH, HOME: folder, HTTPS_PROXY: address, OLLAMA_EKS_URL: `https://${HOST}`, OLLAMA_EKS_API_KEY: KEY };
  return endOf(
    spawn(process.execPath, [BIN, ...argv], {
      cwd: folder,
      env: { ...env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

test('a conversation of two turns, streamed, passes through it encrypted', async () => {
  const { code, out, err } = await run({ NODE_EXTRA_CA_CERTS: certificate }, 'client', 'check', 'codex', '-m', ALIAS);
  expect({ code, err }).toMatchObject({ code: 0 });
  const credentials = `Basic ${Buffer.from(`user:${PASSWORD}`).toString('base64')}`;
  expect(new Set(tunnels.map((one) => one.join(' ')))).toEqual(new Set([`${HOST}:443 ${credentials}`]));
  expect(endpoint.requests.filter(({ path, passed }) => path === '/v1/responses' && passed)).toHaveLength(2);
  expect(forwarded).not.toContain(KEY);
  expect(out + err).not.toContain(PASSWORD);
});

test('an authority that is not trusted is named, with how to trust it', async () => {
  const { code, out, err } = await run({}, 'client', 'check', 'codex', '-m', ALIAS, '--json');
  const { findings } = JSON.parse(out) as { readonly findings: readonly { readonly id: string }[] };
  expect([code, findings.find(({ id }) => id === 'tool-call')]).toEqual([
    6,
    expect.objectContaining({
      detail: expect.stringMatching(/through the proxy http:\/\/127\.0\.0\.1:\d+: self-signed certificate/),
      remedy: expect.stringMatching(/^set NODE_EXTRA_CA_CERTS to a file/),
    }),
  ]);
  expect(out + err).not.toContain(PASSWORD);
});
