import { checkInteger, type IntegerRule } from '../check-integer';
import { checkObject } from '../check-object';
import {
  checkProps,
  FLAG,
  listOf,
  NUMBER,
  OBJECT,
  required,
  type Rule,
  type Shape,
  shapeOf,
  TEXT,
} from '../check-props';
import { refuser, ValidationError } from '../errors';
import { DIGEST_FORM, isDigest } from './digest';
import { type CachedLayers, type ModelFigures, VERIFICATIONS } from './model-figures';
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

const REMEDY = 'copy bytes from `/api/tags` and the others from `ollama show --verbose`';

const FIGURE: Rule = { ...NUMBER, remedy: REMEDY };
const LAYERS: Rule = {
  ...listOf(
    shapeOf<CachedLayers>({
      layers: required(FIGURE),
      window: FIGURE,
      headCountKv: FIGURE,
      keyLength: FIGURE,
      valueLength: FIGURE,
    }),
  ),
  allowed: 'an array of objects with layers, such as [{ layers: 10 }, { layers: 30, window: 1024 }]',
  remedy: REMEDY,
};

/** What each figure must be, for callers without types: a model whose figure has a wrong name would be planned without it. */
const FIGURES: Shape<ModelFigures> = {
  bytes: required(FIGURE),
  weightsDigest: TEXT,
  architecture: required({ ...TEXT, allowed: '`general.architecture` of the GGUF header', remedy: REMEDY }),
  blockCount: required(FIGURE),
  contextLength: required(FIGURE),
  embeddingLength: required(FIGURE),
  headCount: required(FIGURE),
  headCountKv: required(FIGURE),
  minHeadCountKv: FIGURE,
  keyLength: FIGURE,
  valueLength: FIGURE,
  cachedLayers: LAYERS,
  recurrentBytes: FIGURE,
  nextnPredictLayers: FIGURE,
  draftTokens: FIGURE,
  draftCachedLayers: LAYERS,
  projectorBytes: FIGURE,
  embedding: FLAG,
  quantization: TEXT,
  verification: TEXT,
  note: TEXT,
  sources: listOf(OBJECT),
};

function checkFigures(figures: ModelFigures, property: string): void {
  checkObject(figures, property, 'an object of the shape ModelFigures');
  checkProps(figures, FIGURES, property);
  checkIntegers(figures, property);
  checkCachedLayers(figures, `${property}.cachedLayers`);
  const { draftCachedLayers } = figures;
  checkCachedLayers({ ...figures, ...DRAFT_LIMITS, cachedLayers: draftCachedLayers }, `${property}.draftCachedLayers`);
  const refuse = refuser({ remedy: REMEDY });
  const { architecture, embeddingLength, headCount, keyLength, valueLength, verification, weightsDigest } = figures;
  if (weightsDigest !== undefined && !isDigest(weightsDigest)) {
    refuse({
      property: `${property}.weightsDigest`,
      value: weightsDigest,
      problem: 'is not the digest of a layer',
      allowed: DIGEST_FORM,
    });
  }
  if (architecture === '') {
    refuse({
      property: `${property}.architecture`,
      value: architecture,
      problem: 'is required',
      allowed: '`general.architecture` of the GGUF header',
    });
  }
  if ((keyLength === undefined || valueLength === undefined) && embeddingLength % headCount !== 0) {
    refuse({
      property: `${property}.${keyLength === undefined ? 'keyLength' : 'valueLength'}`,
      problem: `is required, because embeddingLength / headCount (${embeddingLength} / ${headCount}) is not an integer`,
      allowed: 'the size of a head in `attention.key_length` and `attention.value_length` of the GGUF header',
    });
  }
  if (verification !== undefined && !VERIFICATIONS.includes(verification)) {
    refuse({
      property: `${property}.verification`,
      value: verification,
      problem: 'is not supported',
      allowed: VERIFICATIONS.join(', '),
    });
  }
}

function checkIntegers(figures: ModelFigures, property: string): void {
  const { headCountKv, headCount, minHeadCountKv, projectorBytes, bytes } = figures;
  const check = (figure: string, value: number, rule: IntegerRule) =>
    checkInteger(`${property}.${figure}`, value, { remedy: REMEDY, ...rule });
  const required = {
    bytes,
    blockCount: figures.blockCount,
    contextLength: figures.contextLength,
    embeddingLength: figures.embeddingLength,
    headCount,
    headCountKv,
  };
  const { keyLength = 1, valueLength = 0, recurrentBytes = 0, nextnPredictLayers = 0, draftTokens = 0 } = figures;
  for (const [figure, value] of Object.entries({ ...required, keyLength, projectorBytes: projectorBytes ?? 1 })) {
    check(figure, value, { min: 1, problem: 'is not a valid figure for a model' });
  }
  for (const [figure, value] of Object.entries({ valueLength, recurrentBytes, nextnPredictLayers, draftTokens })) {
    check(figure, value, { min: 0, problem: 'is not a valid figure for a model' });
  }
  check('headCountKv', headCountKv, {
    min: 1,
    max: headCount,
    problem: 'must not exceed headCount',
    allowed: `at most ${headCount}`,
  });
  check('minHeadCountKv', minHeadCountKv ?? 0, {
    min: 0,
    max: headCountKv,
    problem: 'must be between 0 and headCountKv',
    allowed: `an integer from 0 to ${headCountKv}`,
  });
  check('projectorBytes', projectorBytes ?? 0, {
    min: 0,
    max: bytes - 1,
    problem: 'must be less than bytes',
    allowed: `less than ${bytes}`,
  });
}

/** A draft model has other layers and heads than the model: as many as llama.cpp can load (`LLAMA_MAX_LAYERS`). */
const DRAFT_LIMITS = { blockCount: 512, headCount: Number.MAX_SAFE_INTEGER };

function checkCachedLayers({ cachedLayers, blockCount, headCount }: ModelFigures, property: string): void {
  if (cachedLayers === undefined) return;
  const limits: Readonly<Record<keyof CachedLayers, IntegerRule>> = {
    layers: { min: 1, max: blockCount },
    window: { min: 1 },
    headCountKv: { min: 1, max: headCount },
    keyLength: { min: 1 },
    valueLength: { min: 0 },
  };
  cachedLayers.forEach((group, index) => {
    const figures: Readonly<Record<string, number | undefined>> = { ...group };
    for (const [figure, rule] of Object.entries(limits)) {
      const value = figures[figure];
      if (value !== undefined) checkInteger(`${property}[${index}].${figure}`, value, { remedy: REMEDY, ...rule });
    }
  });
  const layers = cachedLayers.reduce((sum, group) => sum + group.layers, 0);
  checkInteger(property, layers, {
    min: 0,
    max: blockCount,
    problem: 'has more layers than blockCount',
    allowed: `at most ${blockCount} layers`,
    remedy: REMEDY,
  });
}
