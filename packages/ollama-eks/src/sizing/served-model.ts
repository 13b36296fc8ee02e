import { DIGEST_FORM, isDigest } from '../catalogue/digest';
import { isListedModel, model, suggestTags } from '../catalogue/model';
import type { ModelFigures } from '../catalogue/model-figures';
import { MODEL_NAME_FORM, parseModelName } from '../catalogue/model-name';
import { checkInteger } from '../check-integer';
import { checkObject } from '../check-object';
import { refuser, ValidationError } from '../errors';

/** A model to serve. A change restarts the servers. */
export interface OllamaModel {
  /** Name with its tag: `qwen3-coder:30b`. */
  readonly name: string;
  /** Tokens of context for each request, up to the model's native context. */
  readonly contextLength: number;
  /**
   * Number of concurrent requests, 1–256 (`OLLAMA_NUM_PARALLEL`, one number for the whole server). Each of them has its own
   * `contextLength` tokens.
   * @default 1
   */
  readonly parallel?: number;
  /**
   * Digest that the manifest of the tag must have: `sha256:` and 64 hex digits.
   * @default - any: what the tag refers to when it is pulled
   */
  readonly digest?: string;
  /**
   * Figures of a model that is not listed, or of another build of a listed one.
   * @default - the figures of the catalogue
   */
  readonly figures?: ModelFigures;
}

/** A model to serve, after checking it, with all its figures. */
export interface ServedModel {
  readonly name: string;
  /** Tokens of context for each request. */
  readonly contextLength: number;
  /** Number of concurrent requests. */
  readonly parallel: number;
  /** Whether Ollama serves this family one request at a time, regardless of `OLLAMA_NUM_PARALLEL`. */
  readonly parallelForced: boolean;
  /** Digest that the manifest must have; undefined if any is accepted. */
  readonly digest?: string;
  readonly figures: ModelFigures;
}

/**
 * Families that Ollama serves one request at a time.
 * @see https://github.com/ollama/ollama/blob/main/server/sched.go (load, ollama issue 4165)
 */
const ONE_AT_A_TIME: readonly string[] = [
  'mllama',
  'qwen3vl',
  'qwen3vlmoe',
  'qwen35',
  'qwen35moe',
  'qwen3next',
  'lfm2',
  'lfm2moe',
  'nemotron_h',
  'nemotron_h_moe',
  'nemotron_h_omni',
];

/** Minimum context of models with a vision projector. @see https://github.com/ollama/ollama/blob/main/server/sched.go (GetRunner) */
const MIN_VISION_CONTEXT = 2048;

/**
 * Families for which `COPY_OVERFLOW_TOKENS` in total (context × parallel) overflow a copy kernel of CUDA: the load ends with
 * `GGML_ASSERT(ggml_nbytes(src0) <= INT_MAX)` and a 500. Observed with qwen3moe at 262 144 × 4 and with gpt-oss at 131 072 × 8.
 * @see https://github.com/ollama/ollama/issues/16052 (qwen3moe)
 * @see https://github.com/ollama/ollama/issues/14836 (gpt-oss)
 */
const COPY_OVERFLOWS: readonly string[] = ['qwen3moe', 'gptoss', 'gpt-oss'];
const COPY_OVERFLOW_TOKENS = 1_048_576;

/** Maximum number of slots in llama.cpp (`LLAMA_MAX_SEQ`). @see https://github.com/ggml-org/llama.cpp/pull/15916 */
const MAX_PARALLEL = 256;

/**
 * Checks a model and adds its figures.
 * @throws ValidationError if the value is not an object; if the name has no tag, or is unknown and has no figures; if the context
 * is not an integer from 1 (2048 for vision) to the native context; if `parallel` is not an integer from 1 to 256, or is not
 * supported by the family; if context × parallel is known to crash; or if the digest does not have the right form
 */
export function servedModel(request: OllamaModel, property = 'model'): ServedModel {
  checkObject(
    request,
    property,
    'an object with name and contextLength, such as { name: "qwen3:8b", contextLength: 8192 }',
  );
  checkName(request, property);
  const figures =
    request.figures === undefined
      ? model(request.name, `${property}.name`)
      : model(request.figures, `${property}.figures`);
  const parallelForced = isServedOneAtATime(figures);
  const parallel = request.parallel ?? 1;
  checkContext(request, figures, property);
  checkParallel(request, parallelForced, property);
  checkCopyOverflow(request, figures, parallel, property);
  if (request.digest !== undefined && !isDigest(request.digest)) {
    throw new ValidationError({
      property: `${property}.digest`,
      value: request.digest,
      problem: 'is not the digest of a manifest',
      allowed: DIGEST_FORM,
      remedy: 'copy the digest that `ollama-eks models check NAME` prints',
    });
  }
  return {
    name: request.name,
    contextLength: request.contextLength,
    parallel,
    parallelForced,
    digest: request.digest,
    figures,
  };
}

/** Whether Ollama serves the model one request at a time, regardless of `parallel`. */
export function isServedOneAtATime({ embedding, architecture }: ModelFigures): boolean {
  return embedding === true || ONE_AT_A_TIME.includes(architecture);
}

/** Returns the minimum context of the model in tokens. */
export function minContext(figures: ModelFigures): number {
  return figures.projectorBytes === undefined ? 1 : MIN_VISION_CONTEXT;
}

/** Returns the largest context of the model with that many slots, regardless of the GPU. */
export function contextLimit(figures: ModelFigures, parallel: number): number {
  const overflow = COPY_OVERFLOWS.includes(figures.architecture)
    ? Math.ceil(COPY_OVERFLOW_TOKENS / parallel) - 1
    : Number.POSITIVE_INFINITY;
  return Math.min(figures.contextLength, overflow);
}

function checkName({ name }: OllamaModel, property: string): void {
  const refuse = refuser({
    property: `${property}.name`,
    value: name,
    allowed: `${MODEL_NAME_FORM}, such as qwen3-coder:30b, known at synth`,
  });
  const { tag, hasTag } =
    parseModelName(name) ?? refuse({ problem: 'is not the name of a model', remedy: 'write it as `ollama list` does' });
  if (!hasTag && !isListedModel(name)) {
    refuse({
      problem: 'must have a tag, because its size would change with the library',
      remedy: suggestTags(name, 'add the tag'),
    });
  }
  if (hasTag && tag === 'latest') {
    refuse({
      problem: 'must not have the tag latest, whose content and size change',
      remedy: suggestTags(name, 'use a tag that states the size'),
    });
  }
  if (tag.endsWith('cloud')) {
    refuse({
      problem: 'is not supported: it runs in Ollama’s cloud, not on your GPUs',
      remedy: 'use a model that can be pulled',
    });
  }
}

function checkContext({ name, contextLength }: OllamaModel, figures: ModelFigures, property: string): void {
  const isTooLarge = contextLength > figures.contextLength;
  checkInteger(`${property}.contextLength`, contextLength, {
    min: minContext(figures),
    max: figures.contextLength,
    problem: isTooLarge ? `must not exceed the native context of ${name}` : `is not a valid context for ${name}`,
    remedy: isTooLarge
      ? 'lower it, or choose a model with a larger native context'
      : 'set it to the tokens of context that each request needs',
  });
}

function checkParallel({ name, parallel = 1 }: OllamaModel, parallelForced: boolean, property: string): void {
  const isTooLarge = parallel > MAX_PARALLEL;
  checkInteger(`${property}.parallel`, parallel, {
    min: 1,
    max: MAX_PARALLEL,
    problem: isTooLarge ? 'is more than llama.cpp supports' : 'is not a valid number of requests',
    remedy: isTooLarge
      ? 'lower it, and use more replicas for more requests'
      : 'set it to the number of concurrent requests per server',
  });
  if (parallelForced && parallel !== 1) {
    throw new ValidationError({
      property: `${property}.parallel`,
      value: parallel,
      problem: `is not supported: Ollama serves ${name} one request at a time`,
      allowed: '1',
      remedy: 'leave it out, and use more replicas for more requests',
    });
  }
}

function checkCopyOverflow(request: OllamaModel, figures: ModelFigures, parallel: number, property: string): void {
  const limit = contextLimit(figures, parallel);
  if (request.contextLength > limit) {
    throw new ValidationError({
      property: `${property}.contextLength`,
      value: request.contextLength,
      problem: `with parallel ${parallel} overflows a copy kernel of CUDA for ${figures.architecture} (1048576 tokens in total)`,
      allowed: `at most ${limit} with parallel ${parallel}`,
      remedy: 'lower contextLength or parallel',
    });
  }
}
