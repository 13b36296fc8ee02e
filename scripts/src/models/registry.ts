// https://github.com/ollama/ollama/blob/v0.32.15/server/images.go (pullModelManifest), https://distribution.github.io/distribution/spec/api/
import { createHash } from 'node:crypto';
import {
  DEFAULT_NAMESPACE,
  DEFAULT_REGISTRY,
  MODEL_NAME_FORM,
  parseModelName,
  suggestTags,
} from '@org/ollama-eks/pure';
import { NoAnswerError, request } from '../http/request';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import { parse } from '../program/json';

const ACCEPT = 'application/vnd.docker.distribution.manifest.v2+json';
const TIMEOUT = 30_000;

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
  /** URL of its registry. */
  readonly registry: string;
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
  const parsed = parseModelName(name);
  if (parsed === undefined)
    throw new UsageError(`${JSON.stringify(name)} is not a valid name of a model`, {
      allowed: `${MODEL_NAME_FORM}, such as qwen3-coder:30b or hf.co/unsloth/Qwen3-8B-GGUF:Q4_K_M`,
    });
  const { host, namespace, model, tag } = parsed;
  const registry = `https://${host}`;
  const base = `${registry}/v2/${namespace}/${model}`;
  const { status, body } = await request(
    `${base}/manifests/${tag}`,
    { headers: { accept: ACCEPT } },
    { fetch, clock, signal, timeout: TIMEOUT },
  ).catch((error: unknown) => {
    if (error instanceof NoAnswerError) throw notReached(registry, error.message, error);
    throw error;
  });
  if (status === 404) return undefined;
  requireSuccess(registry, status, name);
  const { config, layers } = contentOf(body) ?? {};
  if (layers === undefined)
    throw new CommandError(ExitCode.failedState, `${registry} answers without a manifest for ${name}`, {
      remedy: 'check the name of the model, and whether a proxy answers in place of the registry',
    });
  return {
    name: `${place(host, namespace)}${model}:${tag}`,
    registry,
    digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
    layers,
    bytes: layers.reduce((sum, { size }) => sum + size, config?.size ?? 0),
    blobUrl: ({ digest }) => `${base}/blobs/${digest}`,
  };
}

/** Returns what a manifest lists; undefined if the body is not a manifest of a model. */
function contentOf(body: string): { readonly config?: Layer; readonly layers: readonly Layer[] } | undefined {
  const manifest = parse<{ readonly config?: Layer; readonly layers?: unknown } | null>(body);
  const { config, layers } = manifest ?? {};
  if (!Array.isArray(layers) || !layers.every(isLayer)) return undefined;
  return { layers, ...(isLayer(config) && { config }) };
}

function isLayer(value: unknown): value is Layer {
  const { mediaType, digest, size } = (value ?? {}) as Partial<Record<keyof Layer, unknown>>;
  return (
    typeof mediaType === 'string' && typeof digest === 'string' && Number.isSafeInteger(size) && (size as number) >= 0
  );
}

/** Throws an error for the status of an answer that has no content. @param wanted what was requested */
export function requireSuccess(registry: string, status: number, wanted: string): void {
  if (status >= 200 && status < 300) return;
  const isBusy = status === 429 || status >= 500;
  const needsAccount = status === 401 || status === 403;
  throw new CommandError(
    isBusy ? ExitCode.timeout : ExitCode.failedState,
    `${registry} answers ${String(status)} for ${wanted}`,
    {
      remedy: isBusy
        ? 'try again later'
        : needsAccount
          ? 'use a model that can be pulled without an account'
          : 'check the name of the model',
    },
  );
}

/** Returns registry and namespace as a prefix of names, without those that Ollama assumes. */
function place(host: string, namespace: string): string {
  if (host !== DEFAULT_REGISTRY) return `${host}/${namespace}/`;
  return namespace === DEFAULT_NAMESPACE ? '' : `${namespace}/`;
}

/** Returns the error for a registry that cannot be reached: exit code 5. */
export function notReached(registry: string, reason: string, cause: unknown): NoAnswerError {
  return new NoAnswerError(`${registry} cannot be reached (${reason})`, {
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
  if (manifest === undefined) throw unknownTag(name);
  return manifest;
}

/** Returns the error for a tag that does not exist, with those of the catalogue that it may be. */
export function unknownTag(name: string): UsageError {
  return new UsageError(`the registry does not have ${name}`, {
    remedy: suggestTags(name, 'see the tags at https://ollama.com/library'),
  });
}
