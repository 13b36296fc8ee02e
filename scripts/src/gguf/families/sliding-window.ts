// https://github.com/ggml-org/llama.cpp/tree/b10488/src/models (load_arch_hparams of each)
import type { Header } from '../header';
import { CACHED, eachLayer, EMPTY, type Family, type Layer } from './family';

/** How the layers with a window of an architecture are found. */
interface WindowRule {
  /** Layers of a period, of which one attends to the whole context; `pattern` if only the header says which ones do. */
  readonly period: number | 'pattern';
  /** Whether that layer is the first of its period. @default false, the last */
  readonly denseFirst?: boolean;
  /** Tokens of the window; @default - as in the header, and no windows without it */
  readonly tokens?: number;
  /** Tokens of the window, whatever the header says. */
  readonly always?: number;
  /** Whether layers that only predict further tokens have no cache. @default false */
  readonly skipsDraft?: boolean;
}

/** Rules by architecture. A period in the header (a number, not a list) replaces the one here. */
const RULES: Readonly<Record<string, WindowRule>> = {
  afmoe: { period: 4 },
  cohere2: { period: 4 },
  cohere2moe: { period: 4, denseFirst: true },
  'exaone-moe': { period: 4, tokens: 128 },
  gemma2: { period: 2, tokens: 4096 },
  gemma3: { period: 6 },
  'gpt-oss': { period: 2 },
  laguna: { period: 4, denseFirst: true },
  // chunked attention
  llama4: { period: 4, always: 8192 },
  mellum: { period: 4 },
  mimo2: { period: 'pattern', skipsDraft: true },
  'muse-glimmer': { period: 4 },
  olmo2: { period: 4 },
  plamo3: { period: 8 },
  smallthinker: { period: 4, denseFirst: true, always: 4096 },
  step35: { period: 'pattern', skipsDraft: true },
};

/** Architectures whose rule is a list of layers if the header has one. The others ignore a list. */
const READ_LISTS = ['cohere2moe', 'mellum', 'mimo2', 'muse-glimmer', 'step35'];

/** Some layers attend only to the last tokens: GPT-OSS, Gemma 2 and 3, Llama 4, Command A, OLMo 3. */
export const SLIDING_WINDOW: Family = {
  architectures: Object.keys(RULES),
  layers: (header) => windowedLayers(header, RULES[header.architecture] as WindowRule),
};

function windowedLayers(header: Header, rule: WindowRule): readonly Layer[] {
  const window = windowOf(header, rule);
  const own = header.blockCount - header.draftLayers;
  const slides = slidingLayers(header, rule);
  return eachLayer(header, (index) => {
    if (index >= own) return rule.skipsDraft === true ? EMPTY : CACHED;
    return window > 0 && slides(index) ? { cached: true, window } : CACHED;
  });
}

/** Returns the tokens of the window; 0 if there is none. */
function windowOf(header: Header, { tokens = 0, always }: WindowRule): number {
  const listed = header.number('attention.sliding_window');
  // Llama 4 has its chunks without the key, too; 0 turns them off.
  if (always !== undefined)
    return listed === 0 || (listed === undefined && header.architecture !== 'llama4') ? 0 : always;
  return listed ?? tokens;
}

function slidingLayers(header: Header, { period, denseFirst = false }: WindowRule): (index: number) => boolean {
  const key = 'attention.sliding_window_pattern';
  const list = header.perLayer(key);
  const one = header.number(key);
  if (period === 'pattern' || (list !== undefined && one === undefined && READ_LISTS.includes(header.architecture)))
    return (index) => list?.[index] === 1;
  const length = one ?? period;
  return (index) => length === 0 || (denseFirst ? index % length !== 0 : index % length < length - 1);
}
