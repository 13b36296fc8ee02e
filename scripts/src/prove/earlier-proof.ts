import { UsageError } from '../program/errors';
import { readJsonFile } from '../program/text-file';
import { isObject } from '../program/value-path';
import { PROOF_VERSION, type Proof } from './proof';

/** Reads an earlier proof. Throws UsageError if the file is not one, or lacks a figure that is compared. */
export function readProofFile(path: string): Proof {
  const content = readJsonFile<unknown>(path);
  if (isProof(content)) return content;
  throw new UsageError(`${path} is not a proof of this version`, {
    allowed: `a proof.json with formatVersion ${String(PROOF_VERSION)}, which ollama-eks prove has written`,
    remedy: 'restore the file, or leave out --against',
  });
}

type Test = (value: unknown) => boolean;

const isNumber: Test = (value) => typeof value === 'number';
const isText: Test = (value) => typeof value === 'string';
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const shape =
  (tests: Readonly<Record<string, Test>>): Test =>
  (value) =>
    isObject(value) && Object.entries(tests).every(([name, test]) => test(value[name]));

const isLoad = shape({
  clients: isNumber,
  firstTokenMs: shape({ p50: isNumber, p95: isNumber }),
  tokensPerSecond: optional(isNumber),
  allTokensPerSecond: isNumber,
  cacheHits: optional(shape({ hits: isNumber, of: isNumber })),
  refused: isNumber,
});

/** Whether a file has every figure that is compared. */
const hasFigures = shape({
  formatVersion: (value) => value === PROOF_VERSION,
  date: isText,
  costUsd: optional(isNumber),
  models: listOf(shape({ model: isText, loads: listOf(isLoad) })),
  checks: listOf(shape({ status: isText })),
  scale: optional(shape({ toAnswerSeconds: isNumber })),
});

function isProof(content: unknown): content is Proof {
  return hasFigures(content);
}
