import { checkObject } from '../check-object';
import { ValidationError } from '../errors';
import { type ModelFigures, VERIFICATIONS } from './model-figures';
import { MODELS } from './models';
import { similarNames } from './similar-names';

/** Returns the names of all listed models, in the order of the catalogue. */
export function modelNames(): readonly string[] {
  return [...MODELS.keys()];
}

/** Whether the catalogue lists figures for that name. */
export function isListedModel(name: string): boolean {
  return MODELS.has(name);
}

/**
 * Returns the figures of a listed model.
 * @throws ValidationError if the name is not listed; the error says how to pass figures
 */
export function modelFigures(name: string, property = 'model'): ModelFigures {
  const listed = MODELS.get(name);
  if (listed === undefined) {
    const similar = similarNames(name, modelNames());
    throw new ValidationError({
      property,
      value: name,
      problem: 'is not in the catalogue of models and has no figures',
      allowed: similar.length > 0 ? `${similar.join(', ')} or another listed name` : modelNames().join(', '),
      remedy:
        'correct the name, or pass `figures` of the model: bytes from `/api/tags`, the others from `ollama show --verbose`',
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

function checkFigures(figures: ModelFigures, property: string): void {
  checkObject(figures, property, 'an object of the shape ModelFigures');
  const refuse = (figure: string, value: unknown, problem: string, allowed: string): never => {
    throw new ValidationError({
      property: `${property}.${figure}`,
      value,
      problem,
      allowed,
      remedy: 'copy bytes from `/api/tags` and the others from `ollama show --verbose`',
    });
  };
  const required = {
    bytes: figures.bytes,
    blockCount: figures.blockCount,
    contextLength: figures.contextLength,
    embeddingLength: figures.embeddingLength,
    headCount: figures.headCount,
    headCountKv: figures.headCountKv,
  };
  const optional = {
    keyLength: figures.keyLength,
    valueLength: figures.valueLength,
    projectorBytes: figures.projectorBytes,
    'slidingWindow.tokens': figures.slidingWindow?.tokens,
    'slidingWindow.layers': figures.slidingWindow?.layers,
  };
  for (const [figure, value] of [...Object.entries(required), ...Object.entries(optional)]) {
    if (value === undefined ? figure in required : !Number.isSafeInteger(value) || value < 1) {
      refuse(figure, value, 'is not a valid figure for a model', 'an integer of at least 1, known at synth');
    }
  }
  if (typeof figures.architecture !== 'string' || figures.architecture === '') {
    refuse('architecture', figures.architecture, 'is required', '`general.architecture` of the GGUF header');
  }
  if (figures.headCountKv > figures.headCount) {
    refuse('headCountKv', figures.headCountKv, 'must not exceed headCount', `at most ${figures.headCount}`);
  }
  const min = figures.minHeadCountKv;
  if (min !== undefined && !(Number.isSafeInteger(min) && min >= 0 && min <= figures.headCountKv)) {
    refuse('minHeadCountKv', min, 'must be between 0 and headCountKv', `an integer from 0 to ${figures.headCountKv}`);
  }
  const divided = figures.keyLength === undefined || figures.valueLength === undefined;
  if (divided && figures.embeddingLength % figures.headCount !== 0) {
    refuse(
      figures.keyLength === undefined ? 'keyLength' : 'valueLength',
      undefined,
      `is required, because embeddingLength / headCount (${figures.embeddingLength} / ${figures.headCount}) is not an integer`,
      'the size of a head in `attention.key_length` and `attention.value_length` of the GGUF header',
    );
  }
  if (figures.verification !== undefined && !VERIFICATIONS.includes(figures.verification)) {
    refuse('verification', figures.verification, 'is not supported', VERIFICATIONS.join(', '));
  }
  if ((figures.slidingWindow?.layers ?? 0) > figures.blockCount) {
    refuse(
      'slidingWindow.layers',
      figures.slidingWindow?.layers,
      'must not exceed blockCount',
      `at most ${figures.blockCount}`,
    );
  }
  if ((figures.projectorBytes ?? 0) >= figures.bytes) {
    refuse('projectorBytes', figures.projectorBytes, 'must be less than bytes', `less than ${figures.bytes}`);
  }
}
