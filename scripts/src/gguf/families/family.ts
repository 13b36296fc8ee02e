import type { Header } from '../header';

/** What one layer keeps of a conversation. */
export interface Layer {
  /** Whether it caches keys and values of each token. */
  readonly cached: boolean;
  /** Tokens to which it attends; undefined for the whole context. */
  readonly window?: number;
  /** Whether it has a state. */
  readonly recurrent?: boolean;
}

/** How the architectures of a family keep conversations. */
export interface Family {
  readonly architectures: readonly string[];
  /** Returns what each layer keeps. */
  readonly layers: (header: Header) => readonly Layer[];
  /** Returns the elements of the state of one recurrent layer. @default - no state */
  readonly state?: (header: Header) => number;
}

/** KV heads of each layer; llama.cpp has as many as heads if the key is missing. */
export function headsKv(header: Header): readonly number[] {
  return header.perLayer('attention.head_count_kv') ?? header.perLayer('attention.head_count') ?? [];
}

/** Returns one layer for each index. */
export function eachLayer(header: Header, layer: (index: number) => Layer): readonly Layer[] {
  return Array.from({ length: header.blockCount }, (_, index) => layer(index));
}

/** A layer that caches the whole context. */
export const CACHED: Layer = { cached: true };
/** A layer that keeps nothing. */
export const EMPTY: Layer = { cached: false };
/** A layer with nothing but a state. */
export const RECURRENT: Layer = { cached: false, recurrent: true };

/** Elements of a state of Mamba or a gated delta network (`n_embd_r` and `n_embd_s` in src/llama-hparams.cpp). */
export function stateSpaceElements(header: Header): number {
  const inner = header.required('ssm.inner_size');
  const state = header.required('ssm.state_size');
  const groups = header.number('ssm.group_count') ?? 0;
  const convolution = Math.max(0, header.required('ssm.conv_kernel') - 1) * (inner + 2 * groups * state);
  return convolution + state * inner;
}
