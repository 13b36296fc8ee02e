/**
 * What the fields of a request do to the model that is loaded. Read in Ollama's source; read it again before the version
 * of `OLLAMA_IMAGE` moves, since a field that is not listed here is passed on.
 *
 * `needsReload` compares all of `Runner` with what the model was loaded with, and whether the context shifts. The rest
 * that it compares (adapters, projectors) belongs to the model, and not to a request.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/api/types.go (GenerateRequest, ChatRequest, EmbedRequest, EmbeddingRequest, Options, Runner)
 * @see https://github.com/ollama/ollama/blob/v0.32.15/server/sched.go (needsReload, resolveContextShift, useLoadedRunner)
 * @see https://github.com/ollama/ollama/blob/v0.32.15/server/routes.go (hasOption, usesAutomaticNumBatch)
 */

/** Version of Ollama whose source was read. */
export const REQUEST_FIELDS_VERSION = '0.32.15';

/**
 * What a member of a request does:
 * - `none`: nothing, it belongs to this request alone;
 * - `unloads`: decides when the model is unloaded, for the next requests of everybody, too;
 * - `reloads unless true`: another value than the model's own default loads it again. The default is `true`, and `false`
 *   for models of the family `deepseek2`. `null` leaves it at the default.
 * - `cuts unless false`: unless it is `false`, a prompt that is longer than the context is cut to half of it without an
 *   error, at `CUTTING_PATHS`. `null` leaves it at the default, which is `true`.
 */
export type MemberEffect = 'none' | 'unloads' | 'reloads unless true' | 'cuts unless false';

/** Paths at which `cuts unless false` holds. Embeddings of a cut text are common practice, and stay as the client asks. */
export const CUTTING_PATHS: readonly string[] = ['/api/chat', '/api/generate'];

/**
 * What an option of a request does:
 * - `none`: nothing, it belongs to this request alone;
 * - `reloads`: another value than the one that the model was loaded with loads it again. So may `null`: Ollama looks
 *   whether `num_ctx`, `num_batch` and `draft_num_predict` are present at all.
 */
export type OptionEffect = 'none' | 'reloads';

/** Members of the requests to `/api/generate`, `/api/chat`, `/api/embed` and `/api/embeddings`; in any case of letters. */
export const REQUEST_MEMBERS = {
  _debug_render_only: 'none',
  context: 'none',
  dimensions: 'none',
  format: 'none',
  images: 'none',
  input: 'none',
  keep_alive: 'unloads',
  logprobs: 'none',
  messages: 'none',
  model: 'none',
  options: 'none', // see below
  prompt: 'none',
  raw: 'none',
  shift: 'reloads unless true',
  stream: 'none',
  suffix: 'none',
  system: 'none',
  template: 'none',
  think: 'none',
  tools: 'none',
  top_logprobs: 'none',
  truncate: 'cuts unless false',
} as const satisfies Readonly<Record<string, MemberEffect>>;

/** Members of `options`: those of `Runner`, and those of the request itself. Ollama compares their names as they are. */
export const REQUEST_OPTIONS = {
  draft_num_predict: 'reloads',
  main_gpu: 'reloads',
  num_batch: 'reloads',
  num_ctx: 'reloads',
  num_gpu: 'reloads',
  num_thread: 'reloads',
  use_mmap: 'reloads',

  frequency_penalty: 'none',
  min_p: 'none',
  num_keep: 'none',
  num_predict: 'none',
  presence_penalty: 'none',
  repeat_last_n: 'none',
  repeat_penalty: 'none',
  seed: 'none',
  stop: 'none',
  temperature: 'none',
  top_k: 'none',
  top_p: 'none',
  typical_p: 'none',
} as const satisfies Readonly<Record<string, OptionEffect>>;
