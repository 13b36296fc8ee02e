import type { ModelFigures } from '@org/ollama-eks/pure';
import { UNSUPPORTED_ARCHITECTURES } from './families';
import { Header, type HeaderValues } from './header';
import { type MemoryFigures, memoryOf } from './memory';
import { translated } from './translate';

/** Figures of a model that its header has. */
export type HeaderFigures = Omit<ModelFigures, 'bytes' | 'projectorBytes'>;

/**
 * Returns the figures that a header has, by the rules of llama.cpp at the build that Ollama pins.
 * @param tensors names of the tensors
 * @throws RangeError if the header lacks a key, or if llama.cpp caches the architecture in a way that has no rule here
 * @throws TypeError if the header does not name its architecture
 */
export function headerFigures(values: HeaderValues, tensors: readonly string[] = []): HeaderFigures {
  const written = new Header(values);
  const header = translated(written, tensors);
  if (UNSUPPORTED_ARCHITECTURES.includes(header.architecture))
    throw new RangeError(`the KV cache of ${written.architecture} has no rule here`);
  const memory = memoryOf(header);
  const heads = headsOf(header, memory);
  // llama.cpp has as many KV heads as heads if the key is missing; Ollama's estimate assumes one.
  const headsKv = header.perLayer('attention.head_count_kv') ?? heads;
  const estimated = written.perLayer('attention.head_count_kv') ?? [1];
  const headCountKv = hasNoHeads(memory) ? Math.max(1, ...headsKv) : Math.max(...headsKv);
  const minHeadCountKv = Math.min(...estimated);
  const [keyLength, valueLength] = [header.number('attention.key_length'), header.number('attention.value_length')];
  const isLatent = header.has('attention.key_length_mla') && header.has('attention.value_length_mla');
  // Ollama's converters wrote such layers of Qwen 3.5 as tensors of their own.
  const drafts = header.has('nextn_predict_layers') || !tensors.some((name) => name.startsWith('mtp.'));
  const nextn = drafts ? header.draftLayers : 1;
  return {
    architecture: written.architecture,
    blockCount: header.blockCount,
    contextLength: header.required('context_length'),
    embeddingLength: header.required('embedding_length'),
    headCount: Math.max(...heads),
    headCountKv,
    ...(minHeadCountKv !== headCountKv && { minHeadCountKv }),
    ...(keyLength !== undefined && { keyLength }),
    ...(isLatent ? { valueLength: 0 } : valueLength !== undefined && { valueLength }),
    ...memory,
    ...(nextn > 0 && { nextnPredictLayers: nextn }),
    ...((written.has('pooling_type') || header.architecture === 'gemma-embedding') && { embedding: true }),
  };
}

/** Whether every layer has a state instead of heads: Mamba and RWKV. */
function hasNoHeads({ cachedLayers, recurrentBytes }: MemoryFigures): boolean {
  return cachedLayers?.length === 0 && recurrentBytes !== undefined;
}

/** Returns the heads of each layer; 1 for layers without heads, whose number decides nothing. */
function headsOf(header: Header, memory: MemoryFigures): readonly number[] {
  const heads = header.perLayer('attention.head_count');
  if (hasNoHeads(memory)) return [1, ...(heads ?? [])];
  if (heads === undefined) throw new RangeError(`the header has no ${header.architecture}.attention.head_count`);
  return heads;
}
