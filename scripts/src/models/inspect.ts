// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md and https://github.com/ollama/ollama/blob/main/fs/ggml/ggml.go
import { gguf } from '@huggingface/gguf';
import {
  fit,
  gpuInstanceType,
  gpuInstanceTypeNames,
  type Fit,
  type ModelFigures,
  type OllamaModel,
} from '@org/ollama-eks/pure';
import { reasonOf } from '../http/request';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { print, table } from '../program/output';
import { notReached, requireManifest, type Layer, type Manifest } from './registry';

/** Media types of layers. @see https://github.com/ollama/ollama/blob/v0.32.15/manifest/layer.go */
const LAYER = { model: 'application/vnd.ollama.image.model', projector: 'application/vnd.ollama.image.projector' };

/** Options of `models inspect`. */
export interface InspectFlags {
  /** Tokens of one request. */
  readonly context?: number;
  readonly parallel?: number;
  readonly instance?: readonly string[];
}

/** Context for coding agents. @see https://docs.ollama.com/context-length */
const AGENT_CONTEXT = 65_536;

type Header = Readonly<Record<string, unknown>>;

/** Prints a model's figures as a catalog entry, and whether it fits each instance type. Downloads only its header. */
export async function inspectModel(context: Context, name: string, flags: InspectFlags): Promise<void> {
  const instances = (flags.instance ?? gpuInstanceTypeNames()).map((type) => gpuInstanceType(type).name);
  const manifest = await requireManifest(context, name);
  const figures = figuresOf(manifest, await readHeader(context, manifest));
  const served: OllamaModel = {
    name: manifest.name,
    contextLength: Math.min(flags.context ?? AGENT_CONTEXT, figures.contextLength),
    parallel: flags.parallel ?? 1,
    digest: manifest.digest,
    figures,
  };
  const fits = instances.map((instance) => fit(served, instance));
  const rows = fits.map(rowOf);
  print(context, { model: served, fits: rows }, () => {
    const { name: model, contextLength, parallel, digest } = served;
    const entry = JSON.stringify({ name: model, contextLength, parallel, digest, figures }, undefined, 2);
    return [
      'entry for models of OllamaGpuCluster (figures are optional for models in the catalog):',
      entry,
      '',
      table(
        ['instance', 'fits', 'GPUs', 'largest context', 'USD/h', ''],
        rows.map((row) => [
          row.instance,
          row.fits ? 'yes' : 'no',
          row.gpus,
          row.largestContextLength === 0 ? '-' : String(row.largestContextLength),
          row.pricePerHour === undefined ? '?' : row.pricePerHour.toFixed(2),
          row.reason ?? row.warnings.join(' '),
        ]),
      ),
    ].join('\n');
  });
}

function rowOf({ instance, fits, gpus, models, reason, warnings }: Fit) {
  return {
    instance: instance.name,
    fits,
    gpus: `${String(gpus)} of ${String(instance.gpuCount)} ${instance.gpu.name}`,
    largestContextLength: models[0]?.largestContextLength ?? 0,
    pricePerHour: instance.pricePerHour,
    reason,
    warnings,
  };
}

/** Wraps `fetch` so that it throws NoAnswerError if the registry cannot be reached. */
function reaching(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return (...request) =>
    fetch(...request).catch((cause: unknown) => {
      throw notReached(reasonOf(cause), cause);
    });
}

/** Reads the keys of the GGUF header: a few megabytes of a file of many gigabytes. */
async function readHeader({ fetch }: Pick<Context, 'fetch'>, manifest: Manifest): Promise<Header> {
  const layer = manifest.layers.find(({ mediaType }) => mediaType === LAYER.model);
  if (layer === undefined) {
    throw new UsageError(`${manifest.name} has no GGUF file: it is for Ollama's cloud or for other hardware`, {
      remedy: 'choose another tag',
    });
  }
  const { metadata } = await gguf(manifest.blobUrl(layer), { fetch: reaching(fetch) });
  return metadata as unknown as Header;
}

/** Builds a catalog entry from manifest and header. Throws UsageError if the header has no key that sizing needs. */
export function figuresOf(
  { name, bytes, layers }: Pick<Manifest, 'name' | 'bytes' | 'layers'>,
  header: Header,
): ModelFigures {
  const architecture = header['general.architecture'];
  if (typeof architecture !== 'string') throw new UsageError(`the header of ${name} does not name its architecture`);
  const optional = (key: string) => numberOf(header[`${architecture}.${key}`]);
  const required = (key: string) => {
    const value = optional(key);
    if (value === undefined)
      throw new UsageError(`the header of ${name} has no ${architecture}.${key}`, {
        remedy: 'set its figures yourself',
      });
    return value;
  };
  const projector = layers
    .filter(({ mediaType }) => mediaType === LAYER.projector)
    .reduce((sum, { size }: Layer) => sum + size, 0);
  const headCount = required('attention.head_count');
  const [keyLength, valueLength] = [optional('attention.key_length'), optional('attention.value_length')];
  const window = slidingWindow(header, architecture);
  return {
    bytes,
    architecture,
    blockCount: required('block_count'),
    contextLength: required('context_length'),
    embeddingLength: required('embedding_length'),
    headCount,
    // Ollama assumes one head if the key is missing.
    headCountKv: optional('attention.head_count_kv') ?? 1,
    ...(keyLength !== undefined && { keyLength }),
    ...(valueLength !== undefined && { valueLength }),
    ...(window !== undefined && { slidingWindow: window }),
    ...(projector > 0 && { projectorBytes: projector }),
    ...(header[`${architecture}.pooling_type`] !== undefined && { embedding: true }),
  };
}

/** Reads the layers that attend to a window from a pattern of booleans; undefined without one. */
function slidingWindow(header: Header, architecture: string): ModelFigures['slidingWindow'] {
  const tokens = numberOf(header[`${architecture}.attention.sliding_window`]);
  const pattern = header[`${architecture}.attention.sliding_window_pattern`];
  if (tokens === undefined || tokens === 0 || !Array.isArray(pattern)) return undefined;
  return { tokens, layers: pattern.filter(Boolean).length };
}

/** Returns a number, or the largest one if layers differ. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  const numbers = Array.isArray(value) ? value.map(numberOf).filter((number) => number !== undefined) : [];
  return numbers.length > 0 ? Math.max(...numbers) : undefined;
}
