import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { noFaults, type OllamaFaults } from './faults';
import { ModelStore, type StoredModel } from './model-store';
import type { RegistryModel } from './registry';

/** Version that the emulator follows. */
export const OLLAMA_VERSION = '0.32.15';

/** What the emulated server is started with. */
export interface OllamaEmulatorOptions {
  /** Models that can be pulled. */
  readonly registry: readonly RegistryModel[];
  /**
   * Directory that manifests and layers are written to, as Ollama does.
   * @default - kept in memory
   */
  readonly modelsDirectory?: string;
  /**
   * Context of a model that doesn't say.
   * @default 4096
   */
  readonly defaultContext?: number;
}

/** A request that was received. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A model in memory. */
interface LoadedModel {
  readonly model: StoredModel;
  readonly contextLength: number;
  readonly size: number;
  readonly vram: number;
}

/**
 * A server with Ollama's API, as far as the product uses it.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/server/routes.go
 */
export class OllamaEmulator {
  /** What goes wrong; change it at any time. */
  public readonly faults: OllamaFaults = noFaults();
  /** What was asked, in order. */
  public readonly requests: ReceivedRequest[] = [];
  public readonly store: ModelStore;
  /** Models that can be pulled; replace one to move its tag. */
  public registry: readonly RegistryModel[];
  /** Bytes that were sent by the registry, resumed pulls counted once. */
  public downloadedBytes = 0;

  private readonly defaultContext: number;
  private readonly loaded = new Map<string, LoadedModel>();
  private server?: Server;
  private port = 0;

  public constructor(options: OllamaEmulatorOptions) {
    this.registry = options.registry;
    this.store = new ModelStore(options.modelsDirectory);
    this.defaultContext = options.defaultContext ?? 4096;
  }

  /** `http://127.0.0.1:port`; the same after `stop` and `start`. */
  public get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  /** Starts with nothing in memory. */
  public async start(): Promise<this> {
    this.loaded.clear();
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** Stops at once, as Ollama does. */
  public async stop(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    this.server = undefined;
  }

  /** Requests to one path. */
  public requestsTo(path: string): readonly ReceivedRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<ServerResponse> {
    const { pathname: path } = new URL(request.url ?? '/', this.url);
    const method = request.method ?? 'GET';
    const body = await readJson(request);
    this.requests.push({ method, path, body });
    switch (`${method === 'HEAD' ? 'GET' : method} ${path}`) {
      case 'GET /':
        return end(response, 200, 'Ollama is running');
      case 'GET /api/version':
        return end(response, 200, { version: OLLAMA_VERSION });
      case 'GET /api/tags':
        return end(response, 200, { models: this.store.all.map((model) => this.listed(model)) });
      case 'GET /v1/models':
        return end(response, 200, {
          object: 'list',
          data: this.store.all.map(({ name }) => ({ id: name, object: 'model' })),
        });
      case 'GET /api/ps':
        return end(response, 200, { models: [...this.loaded.values()].map((loaded) => running(loaded)) });
      case 'POST /api/pull':
        return this.pull(body, response);
      case 'POST /api/create':
        return this.create(body, response);
      case 'POST /api/show':
        return this.show(body, response);
      case 'DELETE /api/delete':
        return end(response, this.store.remove(text(body['model'] ?? body['name'])) ? 200 : 404, {});
      case 'POST /api/generate':
      case 'POST /api/chat':
      case 'POST /api/embed':
        return this.answer(path, body, response);
      default:
        return end(response, 404, '404 page not found');
    }
  }

  /** Status 200 comes before anything is known; what goes wrong later is told in the stream. */
  private async pull(body: ReceivedRequest['body'], response: ServerResponse): Promise<ServerResponse> {
    const name = text(body['model'] ?? body['name']);
    const fault = this.faults.pulls.shift();
    if (fault === 'unavailable') return end(response, 503, { error: 'service unavailable' });
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const line = (value: object) => response.write(`${JSON.stringify(value)}\n`);
    line({ status: 'pulling manifest' });
    const model = this.registry.find((candidate) => candidate.name === name);
    if (model === undefined) return endLine(response, { error: 'pull model manifest: file does not exist' });
    const have = this.store.bytesOf(model);
    const upTo = fault === undefined ? model.bytes : Math.max(have, Math.ceil(model.bytes / 2));
    this.downloadedBytes += upTo - have;
    this.store.setBytes(model, upTo);
    line({ status: 'pulling layer', digest: 'sha256:layer', total: model.bytes, completed: upTo });
    if (fault === 'error') return endLine(response, { error: 'max retries exceeded: connection reset by peer' });
    if (fault === 'cut') {
      await sleep(5);
      return response.destroy();
    }
    line({ status: 'verifying sha256 digest' });
    line({ status: 'writing manifest' });
    this.store.add(model);
    return endLine(response, { status: 'success' });
  }

  private create(body: ReceivedRequest['body'], response: ServerResponse): ServerResponse {
    const from = this.store.find(text(body['from']));
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    if (from === undefined) return endLine(response, { error: `model "${text(body['from'])}" not found` });
    if (!this.store.isWhole(from.base)) return endLine(response, { error: 'open blob: no such file or directory' });
    this.store.derive(text(body['model']), from, (body['parameters'] ?? {}) as Record<string, number>);
    return endLine(response, { status: 'success' });
  }

  private show(body: ReceivedRequest['body'], response: ServerResponse): ServerResponse {
    const name = text(body['model'] ?? body['name']);
    const model = this.store.find(name);
    if (model === undefined) return end(response, 404, { error: `model '${name}' not found` });
    return end(response, 200, {
      parameters: Object.entries(model.parameters)
        .map(([key, value]) => `${key} ${String(value)}`)
        .join('\n'),
      capabilities: model.base.embedding === true ? ['embedding'] : ['completion'],
      model_info: { 'general.context_length': model.base.contextLength },
    });
  }

  private async answer(path: string, body: ReceivedRequest['body'], response: ServerResponse): Promise<ServerResponse> {
    const name = text(body['model']);
    const model = this.store.find(name);
    if (model === undefined) return end(response, 404, { error: `model '${name}' not found` });
    if ((model.base.embedding === true) !== (path === '/api/embed')) {
      return end(response, 400, { error: `"${name}" does not support ${path.slice('/api/'.length)}` });
    }
    const options = (body['options'] ?? {}) as Readonly<Record<string, number>>;
    const loaded = this.load(model, options['num_ctx']);
    await sleep(this.faults.answerDelay, undefined, { ref: false });
    if (this.faults.answerError !== undefined) {
      return end(response, this.faults.answerError.status, { error: this.faults.answerError.message });
    }
    if (path === '/api/embed') return end(response, 200, { model: name, embeddings: [[0.5, -0.5]] });
    const prompt = path === '/api/chat' ? JSON.stringify(body['messages']) : text(body['prompt']);
    const tokens = prompt.split(/\s+/).filter(Boolean).length;
    const chunks = ['ready', '.'].slice(0, options['num_predict'] ?? 2);
    const part = (content: string) =>
      path === '/api/chat' ? { message: { role: 'assistant', content } } : { response: content };
    const last = {
      model: name,
      done: true,
      done_reason: prompt === '' ? 'load' : 'stop',
      prompt_eval_count: Math.min(tokens, loaded.contextLength),
      eval_count: chunks.length,
    };
    if (body['stream'] === false) return end(response, 200, { ...part(chunks.join('')), ...last });
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (const chunk of prompt === '' ? [] : chunks) {
      response.write(`${JSON.stringify({ model: name, ...part(chunk), done: false })}\n`);
    }
    return endLine(response, { ...part(''), ...last });
  }

  /** A model is in memory once for each layer, whatever it is called; another context means loading it anew. */
  private load(model: StoredModel, requested?: number): LoadedModel {
    const wanted = requested ?? model.parameters['num_ctx'] ?? this.defaultContext;
    const contextLength = Math.min(wanted, model.base.contextLength);
    const present = this.loaded.get(model.base.name);
    if (present?.contextLength === contextLength) return present;
    this.loaded.delete(model.base.name);
    while (this.loaded.size >= this.faults.room) {
      const [oldest] = this.loaded.keys();
      if (oldest === undefined) break;
      this.loaded.delete(oldest);
    }
    const size = model.base.bytes;
    const loaded = { model, contextLength, size, vram: Math.round(size * this.faults.gpuShare) };
    this.loaded.set(model.base.name, loaded);
    return loaded;
  }

  /** Unloads a model, as memory pressure or a crash of its process does. */
  public unload(baseName: string): void {
    this.loaded.delete(baseName);
  }

  private listed({ name, digest, base }: StoredModel): object {
    return { name, model: name, digest, size: base.bytes, modified_at: '2026-11-23T00:00:00Z' };
  }
}

function running({ model, contextLength, size, vram }: LoadedModel): object {
  const { name, digest } = model;
  return { name, model: name, digest, size, size_vram: vram, context_length: contextLength };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const content = Buffer.concat(chunks).toString('utf8');
  return content === '' ? {} : (JSON.parse(content) as Record<string, unknown>);
}

function end(response: ServerResponse, status: number, body: object | string): ServerResponse {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json; charset=utf-8' });
  return response.end(isText ? body : JSON.stringify(body));
}

function endLine(response: ServerResponse, value: object): ServerResponse {
  return response.end(`${JSON.stringify(value)}\n`);
}
