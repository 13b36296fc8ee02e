import { createHash } from 'node:crypto';
import { ggufFile, type GgufValue } from '@org/ollama-eks-tools/gguf-file';

/** A layer of a published model. */
export interface PublishedLayer {
  readonly type: 'model' | 'projector' | 'params' | 'draft' | 'template';
  readonly content: Buffer | string;
  /** Bytes that the manifest states. @default - those of the content */
  readonly size?: number;
}

/** Registries of models in memory, with ranges, as the storage of real ones serves files. */
export class PublishedModels {
  public readonly requests: string[] = [];
  private readonly answers = new Map<string, Buffer>();

  /** Publishes a model, in place of an earlier one of that name. @param place `registry.ollama.ai/library/qwen3:8b` */
  public publish(place: string, layers: readonly PublishedLayer[]): void {
    const [, host = '', repository = '', tag = ''] = /^([^/]+)\/(.+):([^:]+)$/.exec(place) ?? [];
    const listed = layers.map(({ type, content, size }) => {
      const bytes = Buffer.from(content);
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      this.answers.set(`${host}/v2/${repository}/blobs/${digest}`, bytes);
      return { mediaType: `application/vnd.ollama.image.${type}`, digest, size: size ?? bytes.length };
    });
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, layers: listed }));
    this.answers.set(`${host}/v2/${repository}/manifests/${tag}`, manifest);
  }

  public readonly fetch: typeof fetch = (input, init) => {
    const { host, pathname } = new URL(input instanceof Request ? input.url : input);
    this.requests.push(host + pathname);
    const bytes = this.answers.get(host + pathname);
    if (bytes === undefined) return Promise.resolve(new Response('{"errors":[]}', { status: 404 }));
    const range = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get('range') ?? '');
    if (range === null) return Promise.resolve(new Response(new Uint8Array(bytes)));
    const part = bytes.subarray(Number(range[1]), Number(range[2]) + 1);
    return Promise.resolve(new Response(new Uint8Array(part), { status: 206 }));
  };
}

/** Returns a GGUF file whose keys, but for those of `general`, have the prefix of its architecture. */
export function headerFile(architecture: string, keys: Readonly<Record<string, GgufValue>>): Buffer {
  const own = Object.entries(keys).map(([key, value]) => [
    /^(general|split)\./.test(key) ? key : `${architecture}.${key}`,
    value,
  ]);
  return ggufFile({ 'general.architecture': architecture, ...(Object.fromEntries(own) as Record<string, GgufValue>) });
}
