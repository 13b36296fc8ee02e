/** A registry of models, as Ollama requires it: over TLS, and with blobs on another host. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runProgram } from './program';
import { tinyModel } from './tiny-model';

const REPOSITORY = 'library/tiny';
const TAG = '1b';
const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** The registry, with one tag. */
export class ModelRegistry {
  /** Paths of all requests. */
  public readonly requests: string[] = [];
  /** Number of downloads of the weights that stall in the middle, from now on. */
  public stalls = 0;
  private readonly blobs = new Map<string, Buffer>();
  private manifest: Buffer;
  private server?: Server;

  private constructor(
    private readonly key: Buffer,
    /** Path of its certificate, which clients must trust. */
    public readonly certificate: string,
  ) {
    this.manifest = this.publish(1);
  }

  public static async start(folder: string): Promise<ModelRegistry> {
    const [key, certificate] = [join(folder, 'registry-key.pem'), join(folder, 'registry.pem')];
    await runProgram('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', key, '-out', certificate],
    ]);
    const registry = new ModelRegistry(readFileSync(key), certificate);
    await registry.listen();
    return registry;
  }

  /** Name of the model, with the registry's address. */
  public get model(): string {
    return `localhost:${String(this.port)}/${REPOSITORY}:${TAG}`;
  }

  /** Digest to which the tag refers. */
  public get digest(): string {
    return sha256(this.manifest);
  }

  /** Moves the tag to other weights. */
  public move(): void {
    this.manifest = this.publish(2);
  }

  public async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private get port(): number {
    return (this.server?.address() as AddressInfo).port;
  }

  private async listen(): Promise<void> {
    const options = { key: this.key, cert: readFileSync(this.certificate) };
    const server = createServer(options, (request, response) => this.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.server = server;
  }

  private publish(seed: number): Buffer {
    const config = this.put(
      'application/vnd.docker.container.image.v1+json',
      JSON.stringify({
        model_format: 'gguf',
        model_family: 'llama',
        model_families: ['llama'],
        model_type: '1B',
        file_type: 'F32',
      }),
    );
    const layers = [
      this.put('application/vnd.ollama.image.model', tinyModel(seed)),
      this.put('application/vnd.ollama.image.template', '{{ .Prompt }}'),
      this.put('application/vnd.ollama.image.params', '{"temperature":0.6}'),
    ];
    return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers }));
  }

  private put(mediaType: string, content: string | Buffer): Blob {
    const bytes = Buffer.from(content);
    const digest = `sha256:${sha256(bytes)}`;
    this.blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  private handle({ url = '', method, headers }: IncomingMessage, response: ServerResponse): ServerResponse {
    this.requests.push(url);
    if (url === `/v2/${REPOSITORY}/manifests/${TAG}`) {
      return response
        .writeHead(200, { 'content-type': MANIFEST, 'content-length': this.manifest.length })
        .end(this.manifest);
    }
    const digest = /sha256:[0-9a-f]{64}$/.exec(url)?.[0] ?? '';
    const blob = this.blobs.get(digest);
    if (blob === undefined) return response.writeHead(404).end('{}');
    if (method === 'HEAD') return response.writeHead(200, { 'content-length': blob.length }).end();
    if (url.startsWith('/v2/')) {
      return response.writeHead(307, { location: `https://127.0.0.1:${String(this.port)}/${digest}` }).end();
    }
    const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(headers.range ?? '') ?? [];
    const part = blob.subarray(Number(from), to === '' ? undefined : Number(to) + 1);
    response.writeHead(headers.range === undefined ? 200 : 206, { 'content-length': part.length });
    if (this.stalls > 0 && part.length > 100_000) {
      this.stalls -= 1;
      response.write(part.subarray(0, part.length / 4));
      return response;
    }
    return response.end(part);
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
