import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FAULT_EFFECTS, type FaultName } from './faults';
import { DroppedConnection, type KonnectEmulator } from './konnect-emulator';

/** A clock that runs faster than real time, and can be advanced. */
export class ScaledClock {
  readonly #start = Date.now();
  #ahead = 0;

  /** @param speed virtual seconds per real second */
  public constructor(private readonly speed = 1) {}

  public now(): number {
    return this.#start + (Date.now() - this.#start) * this.speed + this.#ahead;
  }

  public async sleep(milliseconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds / this.speed).unref());
  }

  public advance(milliseconds: number): void {
    this.#ahead += milliseconds;
  }
}

/** The emulator over HTTP, for child processes, with routes that control it. */
export interface KonnectServer {
  /** For `KONNECT_GLOBAL_URL` and `KONNECT_REGION_URL`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves on the loopback interface.
 *
 * - `GET /_emulator/state`, `GET /_emulator/journal`, `GET /_emulator/misses`, `GET /_emulator/attachments`
 * - `POST /_emulator/advance {"seconds": 60}`
 * - `POST /_emulator/accept {"attachmentId": "tgw-attach-…"}`
 * - `POST /_emulator/faults {"fault": "serverError", "method": "GET", "route": "/v2/…/:id", "after": 0, "times": 1}`
 * - `POST /_emulator/behaviour {"acceptance": "manual", …}`
 */
export async function serve(emulator: KonnectEmulator, clock: ScaledClock, port = 0): Promise<KonnectServer> {
  const server = createServer((request, response) => {
    answer(emulator, clock, request, response).catch((error: unknown) => {
      if (!(error instanceof DroppedConnection)) emulator.contract.misses.push(String(error));
      request.socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: chosen } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(chosen)}`, close: () => close(server) };
}

async function answer(
  emulator: KonnectEmulator,
  clock: ScaledClock,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const body = await readJson(request);
  if (url.pathname.startsWith('/_emulator/')) {
    send(response, 200, steer(emulator, clock, url.pathname.slice('/_emulator/'.length), body) ?? {});
    return;
  }
  const headers = new Headers(
    Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  const {
    status,
    headers: extra,
    body: answered,
  } = await emulator.handle({ method: request.method ?? 'GET', url, headers, body });
  send(response, status, answered, extra);
}

function steer(emulator: KonnectEmulator, clock: ScaledClock, what: string, body: unknown): unknown {
  const options = (body ?? {}) as Readonly<Record<string, unknown>>;
  switch (what) {
    case 'state':
      return emulator.snapshot();
    case 'journal':
      return emulator.journal;
    case 'attachments':
      return emulator.attachments();
    case 'misses':
      return emulator.contract.misses;
    case 'advance':
      clock.advance(Number(options['seconds']) * 1000);
      return undefined;
    case 'accept':
      emulator.acceptAttachment(String(options['attachmentId']));
      return undefined;
    case 'faults': {
      const { fault, ...when } = options as { readonly fault: FaultName };
      emulator.faults.add({ ...when, effect: FAULT_EFFECTS[fault] });
      return undefined;
    }
    case 'behaviour':
      Object.assign(emulator.world.behaviour, options);
      return undefined;
    default:
      throw new Error(`unknown: /_emulator/${what}`);
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : (JSON.parse(Buffer.concat(chunks).toString()) as unknown);
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  if (body === undefined) response.end();
  else response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
    server.closeAllConnections();
  });
}
