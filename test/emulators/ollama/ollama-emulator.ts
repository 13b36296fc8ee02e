import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { noFaults, type OllamaFaults } from './faults';
import { ModelStore, type StoredModel } from './model-store';
import { manifestOf, type Parameters, type RegistryModel } from './registry';
import { SocketTable } from './runner-process';
import { BUSY, type Runner, Scheduler } from './scheduler';

/** Version that the emulator follows. */
export const OLLAMA_VERSION = '0.32.15';

/** Options of the emulated server. */
export interface OllamaEmulatorOptions {
  /** Models of the registry. */
  readonly registry: readonly RegistryModel[];
  /** Folder of manifests and layers (`OLLAMA_MODELS`). */
  readonly modelsDirectory: string;
  /**
   * Default context of a model (`OLLAMA_CONTEXT_LENGTH`).
   * @default 4096
   */
  readonly defaultContext?: number;
  /**
   * Requests that may wait for a load (`OLLAMA_MAX_QUEUE`).
   * @default 512
   */
  readonly maxQueue?: number;
  /**
   * Whether files that no model uses are kept (`OLLAMA_NOPRUNE`).
   * @default false
   */
  readonly noPrune?: boolean;
  /**
   * File in which the connections of models' processes are listed, as in `/proc/net/tcp`.
   * @default - none
   */
  readonly connectionsFile?: string;
}

/** A received request. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * A server with the part of Ollama's API that the product uses.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/server/routes.go
 */
export class OllamaEmulator {
  /** Faults, which can be changed at any time. */
  public readonly faults: OllamaFaults = noFaults();
  /** Requests, in order. */
  public readonly requests: ReceivedRequest[] = [];
  public readonly store: ModelStore;
  /** Models of the registry; replace one to move its tag. */
  public registry: readonly RegistryModel[];
  /** Bytes that the registry sent; resumed pulls count once. */
  public downloadedBytes = 0;

  private scheduler: Scheduler;
  private launched = 0;
  private server?: Server;
  private port = 0;

  public constructor(private readonly options: OllamaEmulatorOptions) {
    this.registry = options.registry;
    this.store = new ModelStore(options.modelsDirectory, options.noPrune);
    this.scheduler = this.newScheduler();
  }

  /** Number of models that were loaded so far. */
  public get launches(): number {
    return this.launched + this.scheduler.launches;
  }

  /** `http://127.0.0.1:port`; the same after `stop` and `start`. */
  public get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  /** Starts with no model in memory. */
  public async start(): Promise<this> {
    this.launched = this.launches;
    this.scheduler = this.newScheduler();
    this.store.prune();
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
    this.scheduler.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    this.server = undefined;
  }

  /** Returns the requests to one path. */
  public requestsTo(path: string): readonly ReceivedRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<ServerResponse> {
    const { pathname: path } = new URL(request.url ?? '/', this.url);
    const method = request.method ?? 'GET';
    const body = await readJson(request);
    this.requests.push({ method, path, body });
    if (this.faults.hangs) return response;
    switch (`${method === 'HEAD' ? 'GET' : method} ${path}`) {
      case 'GET /':
        return end(response, 200, 'Ollama is running');
      case 'GET /api/version':
        return end(response, 200, { version: OLLAMA_VERSION });
      case 'GET /api/tags':
        return end(response, 200, { models: this.store.all.map((model) => listed(model)) });
      case 'GET /v1/models':
        return end(response, 200, {
          object: 'list',
          data: this.store.all.map(({ name }) => ({ id: name, object: 'model' })),
        });
      case 'GET /api/ps':
        await this.faults.whileListing?.();
        return end(response, 200, { models: this.scheduler.runners.map((runner) => running(runner)) });
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

  /** Sends status 200 before the result is known; later errors are in the stream. */
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
    this.store.download(model, upTo);
    line({ status: 'pulling layer', digest: 'sha256:layer', total: model.bytes, completed: upTo });
    if (fault === 'stall') return response;
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
    if (from === undefined) return endLine(response, { error: 'pull model manifest: file does not exist' });
    try {
      this.store.create(text(body['model']), from, (body['parameters'] ?? {}) as Parameters);
    } catch (error) {
      return endLine(response, { error: (error as Error).message });
    }
    return endLine(response, { status: 'success' });
  }

  private show(body: ReceivedRequest['body'], response: ServerResponse): ServerResponse {
    const name = text(body['model'] ?? body['name']);
    const model = this.store.open(name);
    if (model === undefined) return end(response, 404, { error: `model '${name}' not found` });
    return end(response, 200, {
      parameters: Object.entries(model.parameters)
        .map(([key, value]) => `${key} ${String(value)}`)
        .join('\n'),
      capabilities: model.weights.embedding === true ? ['embedding'] : ['completion'],
      model_info: { 'general.context_length': model.weights.contextLength },
    });
  }

  private async answer(path: string, body: ReceivedRequest['body'], response: ServerResponse): Promise<ServerResponse> {
    const name = text(body['model']);
    const model = this.store.open(name);
    if (model === undefined) return end(response, 404, { error: `model '${name}' not found` });
    if ((model.weights.embedding === true) !== (path === '/api/embed')) {
      return end(response, 400, { error: `"${name}" does not support ${path.slice('/api/'.length)}` });
    }
    const options = { ...model.parameters, ...(body['options'] as Parameters | undefined) };
    const runner = await this.scheduler
      .runner({ model, options, gone: () => response.destroyed })
      .catch((error: unknown) => (error as Error).message);
    if (typeof runner === 'string') return end(response, runner === BUSY ? 503 : 500, { error: runner });
    const disconnect = runner.process.connect();
    response.on('close', disconnect);
    if (runner.process.isHung) return response;
    await sleep(this.faults.answerDelay, undefined, { ref: false });
    disconnect();
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
      prompt_eval_count: Math.min(tokens, runner.contextLength),
      eval_count: chunks.length,
    };
    if (body['stream'] === false) return end(response, 200, { ...part(chunks.join('')), ...last });
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (const chunk of prompt === '' ? [] : chunks) {
      response.write(`${JSON.stringify({ model: name, ...part(chunk), done: false })}\n`);
    }
    return endLine(response, { ...part(''), ...last });
  }

  /** Unloads a model, as memory pressure does. */
  public unload(name: string): void {
    this.scheduler.unload(this.keyOf(name));
  }

  /** Kills the process of a model, which the server notices at the next request. */
  public kill(name: string): void {
    this.scheduler.kill(this.keyOf(name));
  }

  /** Makes the process of a model hang: it accepts requests and answers none. */
  public hang(name: string): void {
    this.scheduler.hang(this.keyOf(name));
  }

  /** Whether someone waits for the main loop of a model that hangs. */
  public isAsked(name: string): boolean {
    return this.scheduler.runners.some(({ model, process }) => model.key === this.keyOf(name) && process.isAsked);
  }

  /** Manifest of a tag as the registry shows it to any client; undefined if it does not. */
  public published(repository: string, tag: string): string | undefined {
    const found = this.registry.find(({ name }) => `library/${name}` === `${repository}:${tag}`);
    return found === undefined || this.faults.hidesManifests ? undefined : manifestOf(found);
  }

  private keyOf(name: string): string {
    const model = this.store.open(name);
    if (model === undefined) throw new Error(`no model ${name}`);
    return model.key;
  }

  private newScheduler(): Scheduler {
    const { maxQueue = 512, defaultContext = 4096, connectionsFile } = this.options;
    return new Scheduler(this.faults, maxQueue, defaultContext, new SocketTable(connectionsFile));
  }
}

function listed({ name, digest, manifest: { config, layers } }: StoredModel): object {
  const size = [config, ...layers].reduce((sum, layer) => sum + layer.size, 0);
  return { name, model: name, digest, size, modified_at: '2026-11-23T00:00:00Z' };
}

function running({ model: { name, digest }, contextLength, size, vram }: Runner): object {
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
