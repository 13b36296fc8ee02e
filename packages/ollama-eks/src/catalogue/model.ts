import { ValidationError } from '../errors';
import { checkFigures } from './check-figures';
import type { ModelFigures } from './model-figures';
import { parseModelName } from './model-name';
import { MODELS } from './models';
import { similarNames } from './similar-names';

/** Returns the names of all listed models, in the order of the catalogue. */
export function modelNames(): readonly string[] {
  return [...MODELS.keys()];
}

/** Whether the catalogue lists figures for that name. */
export function isListedModel(name: string): boolean {
  return MODELS.has(listedName(name));
}

/** Returns the listed names of a model with similar tags, or else with any; none for models of other registries or namespaces. */
function listedTags(name: string): readonly string[] {
  const wanted = familyOf(name);
  const tags = wanted === undefined ? [] : modelNames().filter((listed) => familyOf(listed) === wanted);
  const similar = similarNames(name, tags);
  return similar.length > 0 ? similar : tags;
}

/** Returns all of a name but its tag, with what Ollama assumes; undefined if it is not the name of a model. */
function familyOf(name: string): string | undefined {
  const parsed = parseModelName(name);
  return parsed && `${parsed.host}/${parsed.namespace}/${parsed.model}`.toLowerCase();
}

/** Returns a remedy that asks first whether a listed tag of the model was meant, if there is one. */
export function suggestTags(name: string, remedy: string): string {
  const tags = listedTags(name);
  const last = tags.at(-1);
  if (last === undefined) return remedy;
  const meant = tags.length === 1 ? last : `${tags.slice(0, -1).join(', ')} or ${last}`;
  return `did you mean ${meant}? ${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}`;
}

/** Returns the name as it is listed: Ollama writes `:latest` where the name has no tag. */
function listedName(name: string): string {
  return MODELS.has(name) ? name : name.replace(/^([^:]+):latest$/, '$1');
}

const PASS_FIGURES = 'pass `figures` of the model: bytes from `/api/tags`, the others from `ollama show --verbose`';

/**
 * Returns the figures of a listed model.
 * @throws ValidationError if the name is not listed; the error says how to pass figures
 */
export function modelFigures(name: string, property = 'model'): ModelFigures {
  const listed = MODELS.get(listedName(name));
  if (listed === undefined) {
    const tags = listedTags(name);
    const similar = tags.length > 0 ? tags : similarNames(name, modelNames());
    throw new ValidationError({
      property,
      value: name,
      problem: 'is not in the catalogue of models and has no figures',
      allowed: similar.length > 0 ? `${similar.join(', ')} or another listed name` : modelNames().join(', '),
      remedy:
        tags.length > 0 ? suggestTags(name, `otherwise, ${PASS_FIGURES}`) : `correct the name, or ${PASS_FIGURES}`,
    });
  }
  return listed;
}

/**
 * Returns the figures of a listed model by its name, or the given figures after checking them.
 * @throws ValidationError if the name is not listed, or if the figures are not valid
 */
export function model(nameOrFigures: string | ModelFigures, property = 'model'): ModelFigures {
  if (typeof nameOrFigures === 'string') {
    return modelFigures(nameOrFigures, property);
  }
  checkFigures(nameOrFigures, property);
  return nameOrFigures;
}
