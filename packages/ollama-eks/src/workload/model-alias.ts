import {
  DEFAULT_NAMESPACE,
  DEFAULT_REGISTRY,
  MODEL_NAME_FORM,
  type ModelName,
  parseModelName,
} from '../catalogue/model-name';
import { ValidationError } from '../errors';

/** Maximum length of a tag in Ollama. */
const MAX_TAG = 80;

/** An alias ends in a context, in tokens or in multiples of 1024 tokens. */
const ALIAS = /^(?<name>.+)-ctx(?<count>\d+)(?<unit>k?)$/;
const KIBI = 1024;

/**
 * Returns the name by which clients request a model with its context: `qwen3-coder:30b` with 65,536 tokens is
 * `qwen3-coder:30b-ctx64k`. Requests in OpenAI's and Anthropic's APIs cannot specify a context, and Ollama's default for
 * the plain tag can change, so the context is part of the requested name.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/docs/modelfile.mdx#parameter (num_ctx)
 */
export function modelAlias(name: string, contextLength: number): string {
  const kibi = contextLength / KIBI;
  const alias = `${shortModelName(name)}-ctx${Number.isInteger(kibi) ? `${kibi}k` : contextLength}`;
  if (parse(alias, 'name').tag.length > MAX_TAG) {
    throw new ValidationError({
      property: 'name',
      value: name,
      problem: `the tag is too long to have the context appended (${alias})`,
      allowed: `at most ${MAX_TAG} characters for tag and context`,
      remedy: 'use a shorter tag with the same digest',
    });
  }
  return alias;
}

/** Parses an alias of `modelAlias` to the model's name and its context in tokens. Returns undefined for any other name. */
export function parseModelAlias(alias: string): { readonly name: string; readonly contextLength: number } | undefined {
  const { name, count, unit } = ALIAS.exec(alias)?.groups ?? {};
  return name === undefined ? undefined : { name, contextLength: Number(count) * (unit === 'k' ? KIBI : 1) };
}

/** Returns the name as Ollama shows it: without the default registry and namespace. */
export function shortModelName(name: string): string {
  const { host, namespace, model, tag } = parse(name, 'name');
  if (host !== DEFAULT_REGISTRY) return `${host}/${namespace}/${model}:${tag}`;
  return namespace === DEFAULT_NAMESPACE ? `${model}:${tag}` : `${namespace}/${model}:${tag}`;
}

/** Returns the path of a model's manifest below `OLLAMA_MODELS/manifests`. The manifest's SHA-256 is the model's digest. */
export function manifestPath(name: string): string {
  const { host, namespace, model, tag } = parse(name, 'name');
  return `${host}/${namespace}/${model}/${tag}`;
}

function parse(name: string, property: string): ModelName {
  const parsed = parseModelName(name);
  if (parsed === undefined) {
    throw new ValidationError({
      property,
      value: name,
      problem: 'must be the name of a model',
      allowed: `${MODEL_NAME_FORM}, such as "qwen3-coder:30b"`,
      remedy: 'use the name that `ollama pull` accepts',
    });
  }
  return parsed;
}
