import { parseModelName } from '../catalogue/model-name';
import { ValidationError } from '../errors';
import { type OllamaModel, servedModel, type ServedModel } from './served-model';
import { listOf } from './units';

/**
 * Checks the models of one server, and whether they can be served together.
 * @throws ValidationError if a model is not valid, if there is no model, if a model is listed twice (`library/qwen3:8b` is
 * `qwen3:8b`), if two names have the same digest of their manifests or weights, or if `parallel` differs
 */
export function servedModels(
  models: OllamaModel | readonly OllamaModel[],
  property = 'models',
): readonly ServedModel[] {
  const path = (index: number): string => (Array.isArray(models) ? `${property}[${index}]` : property);
  const served = listOf(models).map((model, index) => servedModel(model, path(index)));
  const names = new Set(served.map(({ name }) => JSON.stringify(parseModelName(name)).toLowerCase()));
  if (served.length === 0 || names.size < served.length) {
    throw new ValidationError({
      property,
      value: served.map(({ name }) => name),
      problem: served.length === 0 ? 'must not be empty' : 'must not list a model twice',
      allowed: 'at least one model, each once',
      remedy: 'list each model that the server keeps loaded',
    });
  }
  const manifests = served.flatMap(({ digest }) => digest ?? []);
  const weights = served.flatMap(({ figures }) => figures.weightsDigest ?? []);
  if (hasDuplicates(manifests) || hasDuplicates(weights)) {
    throw new ValidationError({
      property,
      value: served.map(({ name, digest, figures: { weightsDigest } }) => ({ name, digest, weightsDigest })),
      problem:
        'must not list one model under two names: Ollama loads equal files once, with the context of one of them',
      allowed: 'models with different digests, of manifests and of weights',
      remedy: 'keep one of the names',
    });
  }
  const parallels = new Set(served.filter(({ parallelForced }) => !parallelForced).map(({ parallel }) => parallel));
  if (parallels.size > 1) {
    throw new ValidationError({
      property,
      value: served.map(({ name, parallel }) => ({ name, parallel })),
      problem: 'must not have different values of parallel, which is one setting of the server (OLLAMA_NUM_PARALLEL)',
      allowed: 'the same parallel for all models of one server',
      remedy: 'use the same value, or serve the models from different pools',
    });
  }
  return served;
}

function hasDuplicates(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}
