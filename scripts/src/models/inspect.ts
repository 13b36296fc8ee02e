// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md and https://github.com/ollama/ollama/blob/main/fs/ggml/ggml.go
import { GGMLFileQuantizationType, gguf } from '@huggingface/gguf';
import {
  fit,
  gpuInstanceType,
  gpuInstanceTypeNames,
  type Fit,
  type ModelFigures,
  type OllamaModel,
} from '@org/ollama-eks/pure';
import { headerFigures } from '../gguf/figures';
import type { HeaderValues } from '../gguf/header';
import { reasonOf } from '../http/request';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import { print, table } from '../program/output';
import { AGENT_CONTEXT } from './agent-context';
import { notReached, requireManifest, type Manifest } from './registry';

/** Media types of layers. @see https://github.com/ollama/ollama/blob/v0.32.15/manifest/layer.go */
const LAYER = {
  model: 'application/vnd.ollama.image.model',
  projector: 'application/vnd.ollama.image.projector',
  parameters: 'application/vnd.ollama.image.params',
  draft: 'application/vnd.ollama.image.draft',
};

/** Options of `models inspect`. */
export interface InspectFlags {
  /** Tokens of one request. */
  readonly context?: number;
  readonly parallel?: number;
  readonly instance?: readonly string[];
}

/** Prints a model's figures as a catalog entry, and whether it fits each instance type. Downloads only its header. */
export async function inspectModel(context: Context, name: string, flags: InspectFlags): Promise<void> {
  const instances = (flags.instance ?? gpuInstanceTypeNames()).map((type) => gpuInstanceType(type).name);
  const manifest = await requireManifest(context, name);
  const figures = await readFigures(context, manifest);
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
function reaching({ fetch }: Pick<Context, 'fetch'>, registry: string): typeof globalThis.fetch {
  return (...request) =>
    fetch(...request).catch((cause: unknown) => {
      throw notReached(registry, reasonOf(cause), cause);
    });
}

/** Reads the keys of the GGUF header, and where its tensors are: a few megabytes of a file of many gigabytes. */
async function readFigures(context: Pick<Context, 'fetch'>, manifest: Manifest): Promise<ModelFigures> {
  const fetch = reaching(context, manifest.registry);
  const files = manifest.layers.filter(({ mediaType }) => mediaType === LAYER.model);
  const [first] = files;
  if (first === undefined) {
    throw new UsageError(`${manifest.name} has no GGUF file: it is for Ollama's cloud or for other hardware`, {
      remedy: 'choose another tag',
    });
  }
  const parsed = await gguf(manifest.blobUrl(first), { fetch });
  const draftTokens = await readDraftTokens(fetch, manifest);
  return figuresOf(manifest, {
    draftTokens,
    values: parsed.metadata as unknown as HeaderValues,
    tensors: parsed.tensorInfos.map(({ name, offset }) => ({ name, offset: Number(offset) })),
    tensorBytes: first.size - Number(parsed.tensorDataOffset),
  });
}

/** Reads how many tokens the model drafts at a time; 0 unless its parameters say so. */
async function readDraftTokens(fetch: typeof globalThis.fetch, manifest: Manifest): Promise<number> {
  const layer = manifest.layers.find(({ mediaType }) => mediaType === LAYER.parameters);
  if (layer === undefined) return 0;
  const response = await fetch(manifest.blobUrl(layer));
  if (!response.ok)
    throw new CommandError(
      ExitCode.failedState,
      `${manifest.registry} answers ${String(response.status)} for a file of ${manifest.name}`,
      {
        remedy: 'run the command again later',
      },
    );
  const parameters = (await response.json()) as { readonly draft_num_predict?: number };
  return parameters.draft_num_predict ?? 0;
}

/** What the header of a GGUF file says. */
export interface ParsedFile {
  readonly values: HeaderValues;
  /** Tensors with their offsets in bytes. */
  readonly tensors: readonly { readonly name: string; readonly offset: number }[];
  /** Bytes of all tensors. */
  readonly tensorBytes: number;
  /** Tokens that the model drafts at a time, by its parameters. */
  readonly draftTokens: number;
}

const DRAFT_MODEL = 'it has a draft model, whose KV cache is not calculated';

/** Builds a catalog entry from manifest and header. Throws UsageError if the header has no key that sizing needs. */
export function figuresOf(
  { name, bytes, layers }: Pick<Manifest, 'name' | 'bytes' | 'layers'>,
  file: ParsedFile,
): ModelFigures {
  const projectors = layers.filter(({ mediaType }) => mediaType === LAYER.projector);
  const projectorBytes = projectors.reduce((sum, { size }) => sum + size, inlineProjectorBytes(file));
  try {
    return {
      bytes,
      ...headerFigures(
        file.values,
        file.tensors.map((tensor) => tensor.name),
      ),
      ...(projectorBytes > 0 && { projectorBytes }),
      ...quantizationOf(file.values['general.file_type']),
      ...(file.draftTokens > 0 && { draftTokens: file.draftTokens }),
      ...(layers.some(({ mediaType }) => mediaType === LAYER.draft) && { note: DRAFT_MODEL }),
    };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new UsageError(`${name}: ${error.message}`, { remedy: 'set its figures yourself', cause: error });
  }
}

/** Returns the name of `general.file_type`, such as Q4_K_M. */
function quantizationOf(fileType: unknown): Pick<ModelFigures, 'quantization'> {
  const quantization = typeof fileType === 'number' ? GGMLFileQuantizationType[fileType] : undefined;
  return quantization === undefined ? {} : { quantization };
}

/**
 * Prefixes of the tensors of projectors that Ollama's converters wrote into the model's own file.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/llama/compat/llama-ollama-compat.cpp (add_skip_prefix)
 */
const PROJECTOR_TENSORS = ['v.', 'mm.', 'a.', 'model.vision_tower.'];

/** Returns the bytes of the projector's tensors in the model's own file; each ends where the next one begins. */
function inlineProjectorBytes({ tensors, tensorBytes }: ParsedFile): number {
  const ordered = [...tensors].sort((a, b) => a.offset - b.offset);
  return ordered
    .map(({ name, offset }, index) => ({ name, size: (ordered[index + 1]?.offset ?? tensorBytes) - offset }))
    .filter(({ name }) => PROJECTOR_TENSORS.some((prefix) => name.startsWith(prefix)))
    .reduce((sum, { size }) => sum + size, 0);
}
