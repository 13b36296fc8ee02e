import { ValidationError } from '../errors';
import { type OllamaModel, servedModel, type ServedModel } from './served-model';
import { listOf } from './units';

/** What Ollama adds to a name that doesn't say it, so that it says nothing. */
const DEFAULT_ORIGIN = /^(registry\.ollama\.ai\/)?(library\/)?/;

/**
 * Checks the models of one server, and that they can be served together.
 * @throws ValidationError for a model that can't be, for no model, one named twice (`library/qwen3:8b` is `qwen3:8b`), and
 * different numbers in `parallel`
 */
export function servedModels(
  models: OllamaModel | readonly OllamaModel[],
  property = 'models',
): readonly ServedModel[] {
  const path = (index: number): string => (Array.isArray(models) ? `${property}[${index}]` : property);
  const served = listOf(models).map((model, index) => servedModel(model, path(index)));
  const names = new Set(served.map(({ name }) => name.toLowerCase().replace(DEFAULT_ORIGIN, '')));
  if (served.length === 0 || names.size < served.length) {
    throw new ValidationError({
      property,
      value: served.map(({ name }) => name),
      problem: served.length === 0 ? 'is empty' : 'names a model twice',
      allowed: 'one model or more, each once',
      remedy: 'name each model that the server is to keep loaded',
    });
  }
  const parallels = new Set(served.filter(({ parallelForced }) => !parallelForced).map(({ parallel }) => parallel));
  if (parallels.size > 1) {
    throw new ValidationError({
      property,
      value: served.map(({ name, parallel }) => ({ name, parallel })),
      problem: 'has different numbers in parallel, which is one setting of the server (OLLAMA_NUM_PARALLEL)',
      allowed: 'the same parallel for all models of one server',
      remedy: 'give all the same, or serve them from different pools',
    });
  }
  return served;
}
