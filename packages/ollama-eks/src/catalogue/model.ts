import { checkObject } from '../check-object';
import { ValidationError } from '../errors';
import { type ModelFigures, VERIFICATIONS } from './model-figures';
import { EMBEDDING_MODELS, type ModelRow, MODELS, NOTES, PROJECTORS, SLIDING_WINDOWS } from './models';
import { near } from './near';

/** Names of all listed models, in the order of the catalogue. */
export function modelNames(): readonly string[] {
  return MODELS.map(([name]) => name);
}

/** Whether the figures of that name are listed. */
export function isListedModel(name: string): boolean {
  return MODELS.some(([listed]) => listed === name);
}

/**
 * Figures of a listed model.
 * @throws ValidationError for a name that isn't listed, which says how to pass figures
 */
export function modelFigures(name: string, property = 'model'): ModelFigures {
  const row = MODELS.find(([listed]) => listed === name);
  if (row === undefined) {
    const alike = near(name, modelNames());
    throw new ValidationError({
      property,
      value: name,
      problem: 'is not in the catalogue of models and has no figures',
      allowed: alike.length > 0 ? `${alike.join(', ')} or another listed name` : modelNames().join(', '),
      remedy:
        'correct the name, or give the model `figures`: bytes from `/api/tags`, the others from `ollama show --verbose`',
    });
  }
  return fromRow(row);
}

/**
 * Figures of a listed model by its name, or the figures themselves once checked.
 * @throws ValidationError for a name that isn't listed, and for figures that can't be
 */
export function model(nameOrFigures: string | ModelFigures, property = 'model'): ModelFigures {
  if (typeof nameOrFigures === 'string') {
    return modelFigures(nameOrFigures, property);
  }
  checkFigures(nameOrFigures, property);
  return nameOrFigures;
}

function fromRow(row: ModelRow): ModelFigures {
  const [name, bytes, quantization, architecture, blockCount, headCount, headCountKv, headLength, ...rest] = row;
  const [embeddingLength, contextLength, verification, sources] = rest;
  return {
    bytes,
    architecture,
    blockCount,
    contextLength,
    embeddingLength,
    headCount,
    headCountKv,
    keyLength: headLength,
    valueLength: headLength,
    slidingWindow: SLIDING_WINDOWS[name],
    projectorBytes: PROJECTORS[name],
    embedding: EMBEDDING_MODELS.includes(name),
    quantization,
    verification,
    note: NOTES[name],
    sources,
  };
}

function checkFigures(figures: ModelFigures, property: string): void {
  checkObject(figures, property, 'an object of the shape ModelFigures');
  const refuse = (figure: string, value: unknown, problem: string, allowed: string): never => {
    throw new ValidationError({
      property: `${property}.${figure}`,
      value,
      problem,
      allowed,
      remedy: 'take bytes from `/api/tags` and the others from `ollama show --verbose`',
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
      refuse(figure, value, 'cannot be a figure of a model', 'an integer of 1 or more, known at synth');
    }
  }
  if (typeof figures.architecture !== 'string' || figures.architecture === '') {
    refuse('architecture', figures.architecture, 'is missing', '`general.architecture` of the GGUF header');
  }
  if (figures.headCountKv > figures.headCount) {
    refuse('headCountKv', figures.headCountKv, 'is more than headCount', `at most ${figures.headCount}`);
  }
  const least = figures.leastHeadCountKv;
  if (least !== undefined && !(Number.isSafeInteger(least) && least >= 0 && least <= figures.headCountKv)) {
    refuse('leastHeadCountKv', least, 'is not the least of them', `an integer from 0 to ${figures.headCountKv}`);
  }
  const divided = figures.keyLength === undefined || figures.valueLength === undefined;
  if (divided && figures.embeddingLength % figures.headCount !== 0) {
    refuse(
      figures.keyLength === undefined ? 'keyLength' : 'valueLength',
      undefined,
      `is missing, and embeddingLength / headCount (${figures.embeddingLength} / ${figures.headCount}) is no whole number`,
      'the size of a head in `attention.key_length` and `attention.value_length` of the GGUF header',
    );
  }
  if (figures.verification !== undefined && !VERIFICATIONS.includes(figures.verification)) {
    refuse('verification', figures.verification, 'says nothing', VERIFICATIONS.join(', '));
  }
  if ((figures.slidingWindow?.layers ?? 0) > figures.blockCount) {
    refuse(
      'slidingWindow.layers',
      figures.slidingWindow?.layers,
      'is more than blockCount',
      `at most ${figures.blockCount}`,
    );
  }
  if ((figures.projectorBytes ?? 0) >= figures.bytes) {
    refuse('projectorBytes', figures.projectorBytes, 'is not part of bytes', `less than ${figures.bytes}`);
  }
}
