import type { Source } from './source';

/**
 * How well the figures of a model are known:
 * - `verified`: each figure was read in its source;
 * - `copied`: the exact size was read in saved responses of Ollama's `/api/tags`, the other figures in their sources;
 * - `rounded`: only a size rounded to GB was found;
 * - `unverified`: the architecture, or a part of it, was not read but copied from the model that this one is derived from.
 */
export type Verification = (typeof VERIFICATIONS)[number];
export const VERIFICATIONS = ['verified', 'copied', 'rounded', 'unverified'] as const;

/**
 * What decides whether a model fits: the size of its manifest and keys of its GGUF header (`ollama show --verbose`).
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export interface ModelFigures {
  /** Bytes of all layers of the manifest, including a projector: `size` in `/api/tags`. */
  readonly bytes: number;
  /** `general.architecture`: `llama`, `qwen3moe`. */
  readonly architecture: string;
  /** `<arch>.block_count`: number of layers. */
  readonly blockCount: number;
  /** `<arch>.context_length`: native context in tokens. */
  readonly contextLength: number;
  /** `<arch>.embedding_length`: hidden size. */
  readonly embeddingLength: number;
  /** `<arch>.attention.head_count`; the maximum if layers differ. */
  readonly headCount: number;
  /** `<arch>.attention.head_count_kv`; the maximum if layers differ, from which the KV cache of every layer is calculated. */
  readonly headCountKv: number;
  /**
   * Minimum of `<arch>.attention.head_count_kv` if layers differ, from which Ollama calculates its own estimate; 0 if a layer has
   * no cache.
   * @default - `headCountKv`: all layers have the same number
   */
  readonly minHeadCountKv?: number;
  /**
   * `<arch>.attention.key_length`: size of a head's key.
   * @default - `embeddingLength` / `headCount`, as in llama.cpp
   */
  readonly keyLength?: number;
  /**
   * `<arch>.attention.value_length`: size of a head's value.
   * @default - `embeddingLength` / `headCount`, as in llama.cpp
   */
  readonly valueLength?: number;
  /**
   * Layers that attend only to a window.
   * @default - none
   */
  readonly slidingWindow?: SlidingWindow;
  /**
   * `<arch>.nextn_predict_layers`: layers that predict further tokens (multi-token prediction).
   * @default - none
   */
  readonly nextnPredictLayers?: number;
  /**
   * Bytes of the vision projector, whether it is a separate layer or inside the GGUF; included in `bytes`.
   * @default - none: text only
   */
  readonly projectorBytes?: number;
  /**
   * Whether the model returns embeddings rather than text. It then has no KV cache and serves one request at a time.
   * @default false
   */
  readonly embedding?: boolean;
  /**
   * Quantization of the weights: `Q4_K_M`.
   * @default - not stated
   */
  readonly quantization?: string;
  /**
   * How well the figures are known; `rounded` and `unverified` cause a warning.
   * @default - not stated, without a warning: your own figures
   */
  readonly verification?: Verification;
  /**
   * What else users should know about the figures, as a sentence without a period; shown as a warning.
   * @default - nothing
   */
  readonly note?: string;
  /**
   * Where the figures were read.
   * @default - none
   */
  readonly sources?: readonly Source[];
}

/** Layers that attend only to a window. */
export interface SlidingWindow {
  /** `<arch>.attention.sliding_window`: tokens. */
  readonly tokens: number;
  /** Number of layers with that window. */
  readonly layers: number;
}
