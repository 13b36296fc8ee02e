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
  /**
   * Digest of the layer with the weights: `sha256:` and 64 hex digits. Ollama loads equal weights once, with the context of one of
   * their names, so two models of a server must not have the same.
   * @default - not stated: equal weights under two names are not noticed, unless their manifests are equal
   */
  readonly weightsDigest?: string;
  /** `general.architecture`: `llama`, `qwen3moe`. */
  readonly architecture: string;
  /**
   * `<arch>.block_count`: number of layers, including recurrent ones and those that only predict further tokens. Ollama's converters
   * leave out the latter for Qwen 3.5 and 3.6 (40, where llama.cpp's write 41), and Ollama adds them when it loads the file; they cache
   * nothing unless they draft.
   * @see https://github.com/ollama/ollama/blob/v0.32.15/llama/compat/llama-ollama-compat.cpp (qwen35_mtp_layer_count)
   */
  readonly blockCount: number;
  /** `<arch>.context_length`: native context in tokens. */
  readonly contextLength: number;
  /** `<arch>.embedding_length`: hidden size. */
  readonly embeddingLength: number;
  /** `<arch>.attention.head_count`; the maximum if layers differ. */
  readonly headCount: number;
  /** `<arch>.attention.head_count_kv`; the maximum if layers differ. */
  readonly headCountKv: number;
  /**
   * Minimum of `<arch>.attention.head_count_kv` if layers differ, from which Ollama calculates its own estimate (1 if
   * it is 0).
   * @default - `headCountKv`: all layers have the same number
   */
  readonly minHeadCountKv?: number;
  /**
   * `<arch>.attention.key_length`: size of a head's key.
   * @default - `embeddingLength` / `headCount`, as in llama.cpp
   */
  readonly keyLength?: number;
  /**
   * `<arch>.attention.value_length`: size of a head's value; 0 if only keys are cached, as with multi-head latent attention (MLA).
   * @default - `embeddingLength` / `headCount`, as in llama.cpp
   */
  readonly valueLength?: number;
  /**
   * Layers that cache keys and values, in groups of equal ones; empty if none does. `ollama-eks models inspect` reads them from
   * the header by the rules of llama.cpp.
   * @default - all layers, for the whole context; none for encoders (`CACHELESS_ARCHITECTURES`)
   */
  readonly cachedLayers?: readonly CachedLayers[];
  /**
   * Bytes of the states of all recurrent layers (hybrid models) for one request. They do not grow with the context.
   * @default 0
   */
  readonly recurrentBytes?: number;
  /**
   * `<arch>.nextn_predict_layers`: layers that predict further tokens (multi-token prediction).
   * @default - none
   */
  readonly nextnPredictLayers?: number;
  /**
   * `draft_num_predict` in the parameters of the model: tokens that it drafts at a time, with `nextnPredictLayers` or a draft model. The
   * draft has a KV cache and a compute buffer of its own, and llama.cpp keeps one more recurrent state for each of the tokens, to
   * return to if they are rejected.
   * @default 0 - Ollama does not draft unless the model or a request sets it
   */
  readonly draftTokens?: number;
  /**
   * Layers of a draft model in a file of its own that cache keys and values; empty if it uses the cache of the model, as those of
   * Gemma 4 do. The bytes of its file are in `bytes`.
   * @default - no draft model: `nextnPredictLayers` draft
   */
  readonly draftCachedLayers?: readonly CachedLayers[];
  /**
   * Bytes of the vision projector, whether it is a separate layer or inside the GGUF; included in `bytes`.
   * @default - none: text only
   */
  readonly projectorBytes?: number;
  /**
   * Whether the model returns embeddings rather than text. It then serves one request at a time. Encoders have no KV cache, but
   * embedding models that are derived from text models (qwen3-embedding) do.
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

/**
 * Layers that cache the same number of bytes for each token.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-kv-cache.cpp (constructor)
 */
export interface CachedLayers {
  /** Number of layers, at least 1. */
  readonly layers: number;
  /**
   * `<arch>.attention.sliding_window`: tokens to which these layers attend. They cache the window and one batch.
   * @default - the whole context
   */
  readonly window?: number;
  /**
   * KV heads of these layers.
   * @default - `headCountKv` of the model
   */
  readonly headCountKv?: number;
  /**
   * Size of a head's key in these layers.
   * @default - `keyLength` of the model
   */
  readonly keyLength?: number;
  /**
   * Size of a head's value in these layers; 0 if only keys are cached.
   * @default - `valueLength` of the model
   */
  readonly valueLength?: number;
}
