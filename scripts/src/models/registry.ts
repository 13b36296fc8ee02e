// https://github.com/ollama/ollama/blob/v0.32.15/server/images.go (pullModelManifest), https://distribution.github.io/distribution/spec/api/
import { createHash } from 'node:crypto';
import { NoAnswerError, request } from '../http/request';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';

/** Ollama's own registry. */
const REGISTRY = 'https://registry.ollama.ai';
const ACCEPT = 'application/vnd.docker.distribution.manifest.v2+json';
const TIMEOUT = 30_000;

/** `[namespace/]model[:tag]`; other registries need credentials. */
const NAME = /^(?:(?<namespace>\w[\w-]*)\/)?(?<model>\w[\w.-]*)(?::(?<tag>\w[\w.-]*))?$/;

/** A layer of a model. */
export interface Layer {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** The registry's manifest of a model. */
export interface Manifest {
  readonly name: string;
  /** `sha256:` of the manifest itself, which `digest` of a model pins. */
  readonly digest: string;
  readonly layers: readonly Layer[];
  /** Bytes of all layers. */
  readonly bytes: number;
  /** Returns the URL of a layer's blob. */
  readonly blobUrl: (layer: Layer) => string;
}

/** Reads the manifest of a tag; undefined if it does not exist. Throws UsageError for an invalid name. */
export async function findManifest(
  { fetch, clock, signal }: Pick<Context, 'fetch' | 'clock' | 'signal'>,
  name: string,
): Promise<Manifest | undefined> {
  const { namespace = 'library', model, tag = 'latest' } = NAME.exec(name)?.groups ?? {};
  if (model === undefined)
    throw new UsageError(`${JSON.stringify(name)} is not a valid name of a model in Ollama's registry`, {
      allowed: '[namespace/]model[:tag], such as qwen3-coder:30b',
    });
  const base = `${REGISTRY}/v2/${namespace}/${model}`;
  const { status, body } = await request(
    `${base}/manifests/${tag}`,
    { headers: { accept: ACCEPT } },
    { fetch, clock, signal, timeout: TIMEOUT },
  ).catch((error: unknown) => {
    if (error instanceof NoAnswerError) throw notReached(error.message, error);
    throw error;
  });
  if (status === 404) return undefined;
  if (status === 429 || status >= 500)
    throw new CommandError(ExitCode.timeout, `${REGISTRY} answers ${String(status)} for ${name}`, {
      remedy: 'try again later',
    });
  if (status !== 200)
    throw new CommandError(ExitCode.failedState, `${REGISTRY} answers ${String(status)} for ${name}`, {
      remedy: 'check the name of the model',
    });
  const { config, layers } = JSON.parse(body) as { readonly config?: Layer; readonly layers: readonly Layer[] };
  return {
    name: `${namespace === 'library' ? '' : `${namespace}/`}${model}:${tag}`,
    digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
    layers,
    bytes: layers.reduce((sum, { size }) => sum + size, config?.size ?? 0),
    blobUrl: ({ digest }) => `${base}/blobs/${digest}`,
  };
}

/** Returns the error for a registry that cannot be reached: exit code 5. */
export function notReached(reason: string, cause: unknown): NoAnswerError {
  return new NoAnswerError(`${REGISTRY} cannot be reached (${reason})`, {
    remedy: 'run the command again later',
    cause,
  });
}

/** Reads the manifest of a tag. Throws UsageError if it does not exist. */
export async function requireManifest(
  context: Pick<Context, 'fetch' | 'clock' | 'signal'>,
  name: string,
): Promise<Manifest> {
  const manifest = await findManifest(context, name);
  if (manifest === undefined) {
    throw new UsageError(`${REGISTRY} does not have ${name}`, {
      remedy: 'see the tags at https://ollama.com/library',
    });
  }
  return manifest;
}
