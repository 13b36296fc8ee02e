// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md and https://github.com/ollama/ollama/blob/main/fs/ggml/ggml.go
import { GGMLFileQuantizationType } from '@huggingface/gguf';
import type { ModelFigures } from '@org/ollama-eks/pure';
import { headerFigures } from '../gguf/figures';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { type FileHeader, readFileHeader, readJson } from './blobs';
import type { Manifest } from './registry';

/** Media types of layers. @see https://github.com/ollama/ollama/blob/v0.32.15/manifest/layer.go */
const LAYER = {
  model: 'application/vnd.ollama.image.model',
  projector: 'application/vnd.ollama.image.projector',
  parameters: 'application/vnd.ollama.image.params',
  draft: 'application/vnd.ollama.image.draft',
};

/** Reads what sizing needs from the header of the first file, and from the parameters. */
export async function readFigures(
  context: Pick<Context, 'fetch' | 'signal'>,
  manifest: Manifest,
): Promise<ModelFigures> {
  const first = manifest.layers.find(({ mediaType }) => mediaType === LAYER.model);
  if (first === undefined) {
    throw new UsageError(`${manifest.name} has no GGUF file: it is for Ollama's cloud or for other hardware`, {
      remedy: 'choose another tag',
    });
  }
  const header = await readFileHeader(context, manifest, first);
  return figuresOf(manifest, { ...header, draftTokens: await readDraftTokens(context, manifest) });
}

/** Reads how many tokens the model drafts at a time; 0 unless its parameters say so. */
async function readDraftTokens(context: Pick<Context, 'fetch' | 'signal'>, manifest: Manifest): Promise<number> {
  const layer = manifest.layers.find(({ mediaType }) => mediaType === LAYER.parameters);
  if (layer === undefined) return 0;
  const { draft_num_predict: tokens } = await readJson(context, manifest, layer);
  return typeof tokens === 'number' ? tokens : 0;
}

/** What the files of a model say. */
export interface ParsedFile extends FileHeader {
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
    const figures = headerFigures(
      file.values,
      file.tensors.map((tensor) => tensor.name),
    );
    const hasDraft = layers.some(({ mediaType }) => mediaType === LAYER.draft);
    const weights = layers.find(({ mediaType }) => mediaType === LAYER.model);
    const notes = [...(figures.note === undefined ? [] : [figures.note]), ...(hasDraft ? [DRAFT_MODEL] : [])];
    return {
      bytes,
      ...(weights && { weightsDigest: weights.digest }),
      ...figures,
      ...(projectorBytes > 0 && { projectorBytes }),
      ...quantizationOf(file.values['general.file_type']),
      ...(file.draftTokens > 0 && { draftTokens: file.draftTokens }),
      ...(notes.length > 0 && { note: notes.join('; ') }),
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
