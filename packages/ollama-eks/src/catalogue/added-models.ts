import { readFileSync } from 'node:fs';
import { isObject } from '../check-object';
import { ValidationError } from '../errors';
import { isDigest } from './digest';
import { model } from './model';
import type { ModelFigures } from './model-figures';
import { parseModelName } from './model-name';
import { similarNames } from './similar-names';

/** Name of the file to which `ollama-eks models add` writes, in the folder of the project. Commit it. */
export const ADDED_MODELS_FILE = 'ollama-models.json';

/** A model with the figures of its file, as the registry had it on that day. Spread it into an entry of `models`. */
export interface AddedModel {
  /** Name that servers pull: `qwen3-coder:30b`. */
  readonly name: string;
  /** Digest of the manifest: `sha256:` and 64 hex digits. A tag that moves is refused when it is pulled. */
  readonly digest: string;
  readonly figures: ModelFigures;
}

/** Content of the file. */
export interface AddedModels {
  /** Version of the file format. */
  readonly formatVersion: 1;
  /** By alias, in alphabetical order. */
  readonly models: Readonly<Record<string, AddedModel>>;
}

/** What to do to have a model in the file. */
function addAs(alias: string): string {
  return `run \`ollama-eks models add NAME --as ${alias}\``;
}

/**
 * Returns a model that `ollama-eks models add` has written to the project, so that a program can use models that the catalogue does
 * not list, and synth needs no network: `models: [{ ...addedModel('my-coder'), contextLength: 65_536 }]`. A change of its digest
 * pulls the model again.
 * @param alias name under which it was added
 * @param file path of the file, relative to the working directory, which is the folder of the project when CDKTF runs it
 * @throws ValidationError if the file does not exist or is not valid, or if it has no such model
 */
export function addedModel(alias: string, file: string = ADDED_MODELS_FILE): AddedModel {
  const { models } = readAddedModels(file) ?? refuseFile(file, 'does not exist', addAs(alias));
  const found = Object.hasOwn(models, alias) ? models[alias] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(models);
  const similar = similarNames(alias, names);
  throw new ValidationError({
    property: 'alias',
    value: alias,
    problem: `is not a model of ${file}`,
    allowed: (similar.length > 0 ? similar : names).join(', ') || 'none: the file is empty',
    remedy: `correct it, or ${addAs(alias)}`,
  });
}

/**
 * Reads all models of a file; undefined if it does not exist.
 * @throws ValidationError if it is not valid
 */
export function readAddedModels(file: string): AddedModels | undefined {
  const text = readIfExists(file);
  return text === undefined ? undefined : checked(file, parsed(file, text));
}

function readIfExists(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    return refuseFile(file, `cannot be read (${code})`, 'make it a file that you may read, or restore it from Git');
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuseFile(file, 'is not JSON', 'restore it from Git, or delete it and add its models again');
  }
}

function checked(file: string, content: unknown): AddedModels {
  const { formatVersion, models } = isObject(content) ? content : {};
  if (formatVersion !== 1 || !isObject(models)) {
    return refuseFile(file, 'has a format that is not supported', 'use the version of ollama-eks that has written it');
  }
  for (const [alias, entry] of Object.entries(models)) {
    const { name, digest, figures } = isObject(entry) ? entry : {};
    if (parseModelName(name) === undefined || !isDigest(digest) || !isObject(figures)) {
      refuseFile(
        `${file}: ${alias}`,
        'has no valid name, digest or figures',
        `remove it from the file, then ${addAs(alias)}`,
      );
    }
    model(figures as unknown as ModelFigures, `${file}: ${alias}.figures`);
  }
  return content as AddedModels;
}

function refuseFile(property: string, problem: string, remedy: string): never {
  throw new ValidationError({
    property,
    problem,
    allowed: 'a file that `ollama-eks models add` has written',
    remedy,
  });
}
