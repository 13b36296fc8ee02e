import type { Source } from './source';

/**
 * How well the figures of a model are known:
 * - `verified`: each was read in its source;
 * - `copied`: the exact size was read in saved answers of Ollama's `/api/tags`, the rest in its source;
 * - `rounded`: only a size rounded to GB was found;
 * - `unverified`: the architecture, or a part of it, was not read but taken from the model it is known to be made from.
 */
export type Verification = (typeof VERIFICATIONS)[number];
export const VERIFICATIONS = ['verified', 'copied', 'rounded', 'unverified'] as const;

/**
 * What must be known of a model to tell whether it fits: the size of its manifest and keys of its GGUF header (`ollama show --verbose`).
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export interface ModelFigures {
  /** Bytes of all layers of the manifest, a projector included: `size` in `/api/tags`. */
  readonly bytes: number;
  /** `general.architecture`: `llama`, `qwen3moe`. */
  readonly architecture: string;
  /** `<arch>.block_count`: number of layers. */
  readonly blockCount: number;
  /** `<arch>.context_length`: native context in tokens. */
  readonly contextLength: number;
  /** `<arch>.embedding_length`: hidden size. */
  readonly embeddingLength: number;
  /** `<arch>.attention.head_count`; the largest where layers differ. */
  readonly headCount: number;
  /** `<arch>.attention.head_count_kv`; the largest where layers differ, by which the KV cache is reckoned for all of them. */
  readonly headCountKv: number;
  /**
   * The smallest `<arch>.attention.head_count_kv` where layers differ, by which Ollama itself reckons; 0 where one has no cache.
   * @default headCountKv: all layers have as many
   */
  readonly leastHeadCountKv?: number;
  /**
   * `<arch>.attention.key_length`: size of a head's key.
   * @default embeddingLength / headCount, as llama.cpp
   */
  readonly keyLength?: number;
  /**
   * `<arch>.attention.value_length`: size of a head's value.
   * @default embeddingLength / headCount, as llama.cpp
   */
  readonly valueLength?: number;
  /**
   * Layers that attend to a window only.
   * @default none
   */
  readonly slidingWindow?: SlidingWindow;
  /**
   * Bytes of the vision projector, whether a layer of its own or inside the GGUF; they are part of `bytes`.
   * @default none: text only
   */
  readonly projectorBytes?: number;
  /**
   * Makes embeddings and no text: keeps no KV cache and is served one request at a time.
   * @default false
   */
  readonly embedding?: boolean;
  /**
   * Quantization of the weights: `Q4_K_M`.
   * @default not told
   */
  readonly quantization?: string;
  /**
   * How well the figures are known; what isn't `verified` or `copied` is warned of.
   * @default not told, and not warned of: figures of your own
   */
  readonly verification?: Verification;
  /**
   * What else should be known of the figures, as a sentence without its end; it is warned of.
   * @default nothing
   */
  readonly note?: string;
  /**
   * Where they were read.
   * @default none
   */
  readonly sources?: readonly Source[];
}

/** Layers that attend to a window only. */
export interface SlidingWindow {
  /** `<arch>.attention.sliding_window`: tokens. */
  readonly tokens: number;
  /** Number of layers with that window. */
  readonly layers: number;
}
