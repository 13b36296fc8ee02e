// https://github.com/ollama/ollama/blob/v0.32.15/server/download.go
import { gguf } from '@huggingface/gguf';
import type { HeaderValues } from '../gguf/header';
import { reasonOf } from '../http/request';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import { parse } from '../program/json';
import { type Layer, type Manifest, notReached, requireSuccess } from './registry';

/** Longest request for a part of a file, in milliseconds. */
const TIMEOUT = 60_000;

/** What the beginning of a GGUF file says. */
export interface FileHeader {
  readonly values: HeaderValues;
  /** Tensors with their offsets in bytes. */
  readonly tensors: readonly { readonly name: string; readonly offset: number }[];
  /** Bytes of all tensors. */
  readonly tensorBytes: number;
}

/** Reads the keys of the GGUF header, and where its tensors are: a few megabytes of a file of many gigabytes. */
export async function readFileHeader(
  context: Pick<Context, 'fetch' | 'signal'>,
  manifest: Manifest,
  layer: Layer,
): Promise<FileHeader> {
  let received = 0;
  const refuse = (reason: string, cause?: unknown): never => {
    throw new UsageError(`the file of ${manifest.name} is not a GGUF file that can be read: ${reason}`, {
      remedy: 'choose another tag',
      cause,
    });
  };
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const part = await read(context, manifest, layer, init);
    received += part.byteLength;
    return new Response(part);
  };
  const parsed = await gguf(manifest.blobUrl(layer), { fetch }).catch((error: unknown) => {
    if (error instanceof CommandError || context.signal.aborted) throw error;
    return refuse(reasonOf(error), error);
  });
  // What the file does not have is read as zeros.
  if (parsed.tensorDataOffset > received) refuse('it ends within its header');
  return {
    values: parsed.metadata as unknown as HeaderValues,
    tensors: parsed.tensorInfos.map(({ name, offset }) => ({ name, offset: Number(offset) })),
    tensorBytes: layer.size - Number(parsed.tensorDataOffset),
  };
}

/** Reads a small file that contains a JSON object. */
export async function readJson(
  context: Pick<Context, 'fetch' | 'signal'>,
  manifest: Manifest,
  layer: Layer,
): Promise<Readonly<Record<string, unknown>>> {
  const value = parse<unknown>(new TextDecoder().decode(await read(context, manifest, layer)));
  if (typeof value === 'object' && value !== null) return { ...value };
  throw new CommandError(
    ExitCode.failedState,
    `${manifest.registry} answers without JSON for a file of ${manifest.name}`,
    {
      remedy: 'check whether a proxy answers in its place',
    },
  );
}

/** Reads a file, or the part of it that the `range` header names. Storage to which the registry redirects is followed. */
async function read(
  { fetch, signal }: Pick<Context, 'fetch' | 'signal'>,
  { name, registry, blobUrl }: Manifest,
  layer: Layer,
  init: RequestInit = {},
): Promise<ArrayBuffer> {
  const late = AbortSignal.timeout(TIMEOUT);
  try {
    const response = await fetch(blobUrl(layer), { ...init, signal: AbortSignal.any([signal, late]) });
    if (response.status === 416) return new ArrayBuffer(0); // the file ends before that part
    requireSuccess(registry, response.status, `a file of ${name}`);
    if (new Headers(init.headers).has('range') && response.status !== 206) {
      await response.body?.cancel();
      throw new CommandError(ExitCode.failedState, `${registry} does not answer requests for a part of a file`, {
        remedy: `set the figures of ${name} yourself`,
      });
    }
    return await response.arrayBuffer();
  } catch (error) {
    if (error instanceof CommandError || signal.aborted) throw error;
    throw notReached(registry, late.aborted ? `no answer within ${String(TIMEOUT / 1000)} s` : reasonOf(error), error);
  }
}
