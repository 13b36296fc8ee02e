import { type ModelFigures, modelFigures, suggestTags } from '@org/ollama-eks/pure';
import { wrongValue } from '../program/errors';
import { isStructuredFailure } from '../program/exit-codes';

/**
 * Returns the figures of a listed model. The library's own error asks for figures, which a command cannot get.
 * @param property name of the model in errors
 * @param remedy what to do for a model that is not listed
 * @throws UsageError if the model is not listed
 */
export function listedFigures(property: string, name: string, remedy: string): ModelFigures {
  try {
    return modelFigures(name);
  } catch (cause) {
    if (!isStructuredFailure(cause)) throw cause;
    throw wrongValue(property, name, 'is not in the catalogue of models', {
      allowed: cause.allowed,
      remedy: suggestTags(name, remedy),
      cause,
    });
  }
}
