import { CACHELESS_ARCHITECTURES, type CachedLayers, type ModelFigures } from '@org/ollama-eks/pure';
import { familyOf } from './families';
import type { Layer } from './families/family';
import { TRANSFORMER } from './families/transformer';
import type { Header } from './header';

/** Figures of what a model keeps of a conversation. */
export type MemoryFigures = Pick<ModelFigures, 'cachedLayers' | 'recurrentBytes' | 'note'>;

/** Bytes of an element of a recurrent state (f32). */
const STATE_ELEMENT = 4;

/**
 * Returns the layers of a header that keep something, without what is true of plain transformers. An architecture without a rule
 * is taken for one, with a note.
 * @param header as llama.cpp gets it
 * @throws RangeError if the header has no key that the rule needs
 */
export function memoryOf(header: Header): MemoryFigures {
  if (CACHELESS_ARCHITECTURES.includes(header.architecture)) return { cachedLayers: [] };
  const known = familyOf(header.architecture);
  const family = known ?? TRANSFORMER;
  const layers = family.layers(header);
  const cachedLayers = groups(header, layers);
  const recurrent = layers.filter((layer) => layer.recurrent === true).length;
  const elements = recurrent === 0 ? 0 : (family.state?.(header) ?? 0);
  const [only] = cachedLayers;
  const isPlain = cachedLayers.length === 1 && only?.layers === header.blockCount && Object.keys(only).length === 1;
  return {
    ...(!isPlain && { cachedLayers }),
    ...(elements > 0 && { recurrentBytes: recurrent * elements * STATE_ELEMENT }),
    ...(known === undefined && {
      note: 'its architecture has no rule here, so all layers count as caching the whole context',
    }),
  };
}

/** Returns the layers that cache, those that are equal as one group. */
function groups(header: Header, layers: readonly Layer[]): readonly CachedLayers[] {
  const heads = header.perLayer('attention.head_count_kv') ?? [];
  const most = Math.max(0, ...heads);
  const counts = new Map<string, number>();
  for (const [index, { cached, window }] of layers.entries()) {
    const headCountKv = heads[index] ?? most;
    if (!cached || (heads.length > 0 && headCountKv === 0)) continue;
    const group: Omit<CachedLayers, 'layers'> = {
      ...(window !== undefined && { window, ...windowLengths(header) }),
      ...(headCountKv !== most && { headCountKv }),
    };
    const key = JSON.stringify(group);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([group, count]) => ({ layers: count, ...(JSON.parse(group) as object) }));
}

/** Sizes of the heads of layers with a window, if they differ from the others. */
function windowLengths(header: Header): Pick<CachedLayers, 'keyLength' | 'valueLength'> {
  const key = header.number('attention.key_length_swa');
  const value = header.number('attention.value_length_swa');
  return {
    ...(key !== undefined && key !== header.number('attention.key_length') && { keyLength: key }),
    ...(value !== undefined && value !== header.number('attention.value_length') && { valueLength: value }),
  };
}
