// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md and https://github.com/ollama/ollama/blob/main/fs/ggml/ggml.go
import { GGMLFileQuantizationType } from '@huggingface/gguf';
import type { ModelFigures } from '@org/ollama-eks/pure';
import { headerFigures, type HeaderFigures } from '../gguf/figures';
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
  const draftTokens = await readDraftTokens(context, manifest);
  const draft = manifest.layers.find(({ mediaType }) => mediaType === LAYER.draft);
  return figuresOf(manifest, {
    ...header,
    draftTokens,
    ...(draft && draftTokens > 0 && { draft: await readFileHeader(context, manifest, draft) }),
  });
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
  /** The beginning of the draft model's file; undefined without a draft model, or if the model does not draft. */
  readonly draft?: FileHeader;
}

/**
 * Draft models that use the cache of the model that they draft for.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-model.cpp (create_memory)
 */
const SHARING_DRAFTS: readonly string[] = ['gemma4-assistant'];
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
    const weights = layers.find(({ mediaType }) => mediaType === LAYER.model);
    const { note: draftNote, ...draft } = draftFigures(file);
    const notes = [figures.note, draftNote].filter((note) => note !== undefined);
    return {
      bytes,
      ...(weights && { weightsDigest: weights.digest }),
      ...figures,
      ...(projectorBytes > 0 && { projectorBytes }),
      ...quantizationOf(file.values['general.file_type']),
      ...(file.draftTokens > 0 && { draftTokens: file.draftTokens }),
      ...draft,
      ...(notes.length > 0 && { note: notes.join('; ') }),
    };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new UsageError(`${name}: ${error.message}`, { remedy: 'set its figures yourself', cause: error });
  }
}

/** Returns the layers of a draft model that cache, with everything that they have by themselves. */
function draftFigures({ draft }: ParsedFile): Pick<ModelFigures, 'draftCachedLayers' | 'note'> {
  if (draft === undefined) return {};
  if (SHARING_DRAFTS.includes(String(draft.values['general.architecture']))) return { draftCachedLayers: [] };
  const figures = knownFigures(draft);
  // Without a rule, its compute buffer is planned all the same.
  if (figures === undefined) return { draftCachedLayers: [], note: DRAFT_MODEL };
  const { blockCount, headCountKv, embeddingLength, headCount, note } = figures;
  const length = embeddingLength / headCount;
  const { keyLength = length, valueLength = length, cachedLayers = [{ layers: blockCount }] } = figures;
  return {
    draftCachedLayers: cachedLayers.map((group) => ({ headCountKv, keyLength, valueLength, ...group })),
    ...(note !== undefined && { note: `its draft model: ${note}` }),
  };
}

/** Returns the figures of a header; undefined if there is no rule for it. */
function knownFigures({ values, tensors }: FileHeader): HeaderFigures | undefined {
  try {
    return headerFigures(
      values,
      tensors.map(({ name }) => name),
    );
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
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
