import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { HEALTH_PATH, OLLAMA_ROUTES } from '@org/ollama-eks/pure';
import type { EmulatedModel } from './emulated-model';
import { noEndpointFaults, type EndpointFaults } from './faults';
import { promptOf, streamOf, tokensOf, type ToolArguments } from './forms';

/** Version that the emulator follows. */
const VERSION = '0.32.15';
/** Of a model whose size no test needs. */
const MODEL_BYTES = 18 * 1024 ** 3;

/** A received request. */
export interface EndpointRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether Kong passed it on to Ollama. */
  readonly passed: boolean;
  /** Whether the client disconnected before the answer was complete. */
  cut: boolean;
}

/** Options of the emulator. */
export interface EndpointOptions {
  readonly models: readonly EmulatedModel[];
  /** Key that Kong accepts; without one the emulator is Ollama itself. */
  readonly apiKey?: string;
  /**
   * Other keys that Kong accepts.
   * @default - none
   */
  readonly otherKeys?: readonly string[];
  /** @default - `get_weather` with Paris */
  readonly toolArguments?: ToolArguments;
}

/**
 * An exposure: Kong's answers by the configuration that we sync, with Ollama's behind them.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/server/routes.go
 */
export class EndpointEmulator {
  public readonly faults: EndpointFaults = noEndpointFaults();
  public readonly requests: EndpointRequest[] = [];
  /** Text of `/metrics`, as ztunnel reports it. */
  public metrics = '';
  /** Milliseconds that reading prompts has taken so far, by the faults alone. */
  public timeRead = 0;
  private readonly prompts: string[] = [];
  private server?: Server;

  public constructor(private readonly options: EndpointOptions) {}

  public get port(): number {
    return (this.server?.address() as AddressInfo).port;
  }

  public get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  public async start(): Promise<this> {
    const server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  public async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const { pathname: path } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const method = request.method ?? 'GET';
    const text = await bodyOf(request);
    const body = (text === '' ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>;
    const refusal = this.refusal(method, path, request.headers);
    const received = { method, path, headers: request.headers, body, passed: refusal === undefined, cut: false };
    this.requests.push(received);
    response.on('close', () => (received.cut = !response.writableEnded));
    if (refusal !== undefined) return end(response, refusal.status, { message: refusal.message });
    if (path === '/___konnect/healthz') return end(response, 200, { message: 'healthy' });
    if (path === '/metrics') return end(response, 200, this.metrics);
    if (this.faults.status !== undefined)
      return end(response, this.faults.status, { error: this.faults.message ?? 'emulated' });
    return this.ollama(path, body, response);
  }

  /** Answers as Kong does: its own routes, then the allow-list, then the key. */
  private refusal(method: string, path: string, headers: IncomingMessage['headers']) {
    const { apiKey, otherKeys = [] } = this.options;
    if (apiKey === undefined) return undefined;
    if (path === '/___konnect/healthz') {
      return this.faults.notKonnect ? { status: 404, message: 'no Route matched with those values' } : undefined;
    }
    const routed = path === HEALTH_PATH || this.faults.open || isRouted(method, path);
    if (this.faults.closed || !routed) {
      return { status: 404, message: 'no Route matched with those values' };
    }
    if (path === HEALTH_PATH) return undefined;
    if (this.faults.noKey) return undefined;
    const given = headers.authorization ?? headers['x-api-key'] ?? headers['apikey'];
    if (given === undefined) return { status: 401, message: 'No API key found in request' };
    const known = [apiKey, ...otherKeys].some((key) => given === `Bearer ${key}` || given === key);
    return known ? undefined : { status: 401, message: 'Unauthorized' };
  }

  private ollama(
    path: string,
    body: EndpointRequest['body'],
    response: ServerResponse,
  ): Promise<unknown> | ServerResponse {
    const { models } = this.options;
    switch (path) {
      case HEALTH_PATH:
      case '/api/version':
        return end(response, 200, { version: VERSION });
      case '/api/tags':
        return end(response, 200, {
          models: models.map(({ name, bytes = MODEL_BYTES }) => ({ name, size: bytes, digest: digestOf(name) })),
        });
      case '/api/ps':
        return end(response, 200, { models: models.map((model) => this.running(model)) });
    }
    const model = models.find(({ name }) => name === body['model']);
    if (model === undefined) return end(response, 404, { error: `model '${String(body['model'])}' not found` });
    if (this.faults.busy !== undefined && this.faults.busy > 0) {
      this.faults.busy -= 1;
      response.setHeader('retry-after', '10');
      return end(response, 429, 'All servers are busy. Try again later.');
    }
    if (path === '/api/embed') return end(response, 200, { model: model.name, embeddings: [[0.25, -0.5, 1]] });
    if (this.refusesLongPrompts(path, body) && tokensOf(promptOf(body)) > model.contextLength) {
      return end(response, 400, { error: 'the input length exceeds the context length' });
    }
    return this.answer(path, body, model, response);
  }

  /** Kong sets `truncate: false` where the client has not set it. Ollama reads it only at its own paths. */
  private refusesLongPrompts(path: string, { truncate }: EndpointRequest['body']): boolean {
    return ['/api/chat', '/api/generate'].includes(path) && (truncate ?? this.options.apiKey === undefined) === false;
  }

  private async answer(path: string, body: EndpointRequest['body'], model: EmulatedModel, response: ServerResponse) {
    const prompt = promptOf(body);
    const known = this.prompts.map((earlier) => earlier.slice(0, -1)).filter((start) => prompt.startsWith(start)); // without its end of list
    const leaked = this.faults.leaks ? this.prompts.at(-1) : undefined;
    this.prompts.push(prompt);
    const { readingTime = 0, forgetful } = this.faults;
    const isRead = forgetful || known.length === 0;
    if (isRead) {
      await sleep(readingTime);
      this.timeRead += readingTime;
    }
    const { toolArguments = { get_weather: { city: 'Paris' } } } = this.options;
    const cachedTokens = isRead ? 0 : Math.max(...known.map(tokensOf));
    return streamOf(path, body, model, toolArguments, { ...this.faults, leaked, cachedTokens }, response);
  }

  private running({ name, contextLength, bytes = MODEL_BYTES }: EmulatedModel) {
    const vram = Math.floor(bytes * this.faults.gpuShare);
    return { name, model: name, size: bytes, size_vram: vram, context_length: contextLength, digest: digestOf(name) };
  }
}

/** Whether the allow-list contains it. */
function isRouted(method: string, path: string): boolean {
  return OLLAMA_ROUTES.some(
    (route) =>
      (route.class === 'inference' || route.class === 'read') &&
      (route.methods as readonly string[]).includes(method) &&
      (route.path === path || (route.path.endsWith('}') && path.startsWith(route.path.replace(/\{\w+\}$/, '')))),
  );
}

function digestOf(name: string): string {
  return Buffer.from(name.padEnd(32, '.')).toString('hex').slice(0, 64);
}

function end(response: ServerResponse, status: number, body: unknown): ServerResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' });
  return response.end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
