import { isListedModel, model } from '../catalogue/model';
import type { ModelFigures } from '../catalogue/model-figures';
import { checkObject } from '../check-object';
import { ValidationError } from '../errors';

/** A model to serve. */
export interface OllamaModel {
  /** Name with its tag: `qwen3-coder:30b`. */
  readonly name: string;
  /** Tokens of context for each request, at most the model's native context. */
  readonly contextLength: number;
  /**
   * Requests answered at the same time (`OLLAMA_NUM_PARALLEL`, one number for the whole server). Each has `contextLength` tokens
   * of its own. 1–256.
   * @default 1
   */
  readonly parallel?: number;
  /**
   * Digest of the manifest, `sha256:` and 64 hex digits, that the tag must have.
   * @default the tag is taken as it is when pulled
   */
  readonly digest?: string;
  /**
   * Figures of a model that isn't listed, or of another build of one that is.
   * @default the catalogue's
   */
  readonly figures?: ModelFigures;
}

/** A model to serve, checked, with every figure known. */
export interface ServedModel {
  readonly name: string;
  /** Tokens of context for each request. */
  readonly contextLength: number;
  /** Requests at the same time; 1 where Ollama allows no more for this family. */
  readonly parallel: number;
  /** Ollama serves this family one request at a time, whatever `OLLAMA_NUM_PARALLEL` says. */
  readonly parallelForced: boolean;
  /** Digest that the manifest must have; undefined where any will do. */
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

/** Least context of models with a vision projector. @see https://github.com/ollama/ollama/blob/main/server/sched.go (GetRunner) */
const LEAST_VISION_CONTEXT = 2048;

/**
 * Families for which so many tokens in all (context × parallel) were seen to overflow a copy kernel of CUDA: the load ends with
 * `GGML_ASSERT(ggml_nbytes(src0) <= INT_MAX)` and a 500. Seen with qwen3moe at 262 144 × 4 and with gpt-oss at 131 072 × 8.
 * @see https://github.com/ollama/ollama/issues/16052 (qwen3moe)
 * @see https://github.com/ollama/ollama/issues/14836 (gpt-oss)
 */
const COPY_OVERFLOWS: readonly string[] = ['qwen3moe', 'gptoss', 'gpt-oss'];
const COPY_OVERFLOW_TOKENS = 1_048_576;

/** Most slots that llama.cpp has (`LLAMA_MAX_SEQ`). @see https://github.com/ggml-org/llama.cpp/pull/15916 */
const MOST_PARALLEL = 256;

const NAME = /^[A-Za-z0-9][\w.-]*(\/[\w.-]+)*(:[\w.-]+)?$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Checks a request and adds the figures of the model.
 * @throws ValidationError for what is no object, a name without a tag, an unknown name without figures, a context that isn't an integer of 1 or more
 * (2048 for vision) up to the native one, a `parallel` that isn't an integer from 1 to 256, one that the family can't do, a
 * context × parallel that is known to crash, and a digest of another form
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
  const parallelForced = figures.embedding === true || ONE_AT_A_TIME.includes(figures.architecture);
  const parallel = request.parallel ?? 1;
  checkContext(request, figures, property);
  checkParallel(request, parallelForced, property);
  checkCopyOverflow(request, figures, parallel, property);
  if (request.digest !== undefined && !DIGEST.test(request.digest)) {
    throw new ValidationError({
      property: `${property}.digest`,
      value: request.digest,
      problem: 'is not the digest of a manifest',
      allowed: 'sha256: and 64 lower-case hex digits',
      remedy: 'take `digest` from `/api/tags` and put sha256: before it',
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

/** Smallest context that the model can have, in tokens. */
export function leastContext(figures: ModelFigures): number {
  return figures.projectorBytes === undefined ? 1 : LEAST_VISION_CONTEXT;
}

/** Largest context that the model can have with that many slots, whatever the GPU. */
export function contextLimit(figures: ModelFigures, parallel: number): number {
  const overflow = COPY_OVERFLOWS.includes(figures.architecture)
    ? Math.ceil(COPY_OVERFLOW_TOKENS / parallel) - 1
    : Number.POSITIVE_INFINITY;
  return Math.min(figures.contextLength, overflow);
}

function checkName({ name }: OllamaModel, property: string): void {
  const refuse = (problem: string, remedy: string): never => {
    throw new ValidationError({
      property: `${property}.name`,
      value: name,
      problem,
      allowed: 'name and tag, such as qwen3-coder:30b, known at synth',
      remedy,
    });
  };
  if (!isName(name)) {
    refuse('is not the name of a model', 'write it as `ollama list` does');
  }
  const tag = name.split(':')[1];
  if (tag === undefined && !isListedModel(name)) {
    refuse('has no tag, so that its size would change with the library', 'name the tag');
  }
  if (tag === 'latest') {
    refuse('has the tag latest, whose content and size change with the library', 'name a tag that tells the size');
  }
  if (tag?.endsWith('cloud') === true) {
    refuse('runs in Ollama’s cloud and not on your GPUs', 'name a model that can be pulled');
  }
}

/** Whether it is the name of a model by its form. */
function isName(name: unknown): boolean {
  return typeof name === 'string' && NAME.test(name);
}

function checkContext({ name, contextLength }: OllamaModel, figures: ModelFigures, property: string): void {
  const least = leastContext(figures);
  if (Number.isInteger(contextLength) && contextLength >= least && contextLength <= figures.contextLength) {
    return;
  }
  throw new ValidationError({
    property: `${property}.contextLength`,
    value: contextLength,
    problem:
      contextLength > figures.contextLength ? `is above the native context of ${name}` : `is no context for ${name}`,
    allowed: `an integer from ${least} to ${figures.contextLength}, known at synth`,
    remedy:
      contextLength > figures.contextLength
        ? 'ask for less, or choose a model with a larger native context'
        : 'give the tokens of context that each request needs',
  });
}

function checkParallel({ name, parallel = 1 }: OllamaModel, parallelForced: boolean, property: string): void {
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > MOST_PARALLEL) {
    throw new ValidationError({
      property: `${property}.parallel`,
      value: parallel,
      problem: parallel > MOST_PARALLEL ? 'is more than llama.cpp has slots for' : 'is no number of requests',
      allowed: `an integer from 1 to ${MOST_PARALLEL}, known at synth`,
      remedy:
        parallel > MOST_PARALLEL
          ? 'lower it, and use more replicas for more requests'
          : 'give the requests that one server answers at the same time',
    });
  }
  if (parallelForced && parallel !== 1) {
    throw new ValidationError({
      property: `${property}.parallel`,
      value: parallel,
      problem: `Ollama serves ${name} one request at a time`,
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
      problem: `with parallel ${parallel} overflows a copy kernel of CUDA for ${figures.architecture} (1048576 tokens in all)`,
      allowed: `at most ${limit} with parallel ${parallel}`,
      remedy: 'lower contextLength or parallel',
    });
  }
}
