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
import { refuser } from '../errors';
import { DIGEST_FORM, isDigest } from './digest';
import { type CachedLayers, type ModelFigures, VERIFICATIONS } from './model-figures';

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

/** Refuses figures that no model has, or whose names or types are wrong. */
export function checkFigures(figures: ModelFigures, property: string): void {
  checkObject(figures, property, 'an object of the shape ModelFigures');
  checkProps(figures, FIGURES, property);
  checkIntegers(figures, property);
  checkCachedLayers(figures, `${property}.cachedLayers`);
  const { draftCachedLayers } = figures;
  checkCachedLayers({ ...DRAFT_LIMITS, cachedLayers: draftCachedLayers }, `${property}.draftCachedLayers`);
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

function checkCachedLayers(
  { cachedLayers, blockCount, headCount }: Pick<ModelFigures, 'cachedLayers' | 'blockCount' | 'headCount'>,
  property: string,
): void {
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
