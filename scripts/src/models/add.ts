import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  ADDED_MODELS_FILE,
  type AddedModel,
  type AddedModels,
  gib,
  minContext,
  readAddedModels,
  servedModel,
} from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError, wrongValue } from '../program/errors';
import { print } from '../program/output';
import { replaceUserFile } from '../program/user-file';
import { projectDirectory } from '../project/project';
import { readFigures } from './read-figures';
import { requireManifest } from './registry';

/** Options of `models add`. */
export interface AddFlags {
  /** Name in the file. */
  readonly as?: string;
  readonly replace?: boolean;
}

/** What a program calls a model: text that reads well in code. */
const ALIAS = /^[a-z0-9][\w.:/-]{0,199}$/i;

/**
 * Adds a model to the project's file, with the digest of its manifest and the figures of its header. Downloads only its header. Throws
 * UsageError if the file has another model of that alias, or this model under another alias.
 */
export async function addModel(context: Context, name: string, { as, replace = false }: AddFlags): Promise<void> {
  if (as !== undefined && !ALIAS.test(as))
    throw wrongValue('--as', as, 'is not an alias', {
      allowed: 'up to 200 letters, digits, and the characters . _ : / -, of which the first is a letter or a digit',
    });
  const file = join(projectDirectory(context), ADDED_MODELS_FILE);
  const models: AddedModels['models'] = readAddedModels(file)?.models ?? {};
  const manifest = await requireManifest(context, name);
  const alias = as ?? manifest.name;
  const entry = { name: manifest.name, digest: manifest.digest, figures: await readFigures(context, manifest) };
  servedModel({ ...entry, contextLength: minContext(entry.figures) }, 'the model');
  const present = Object.hasOwn(models, alias) ? models[alias] : undefined;
  requireOwnWeights(models, alias, entry);
  const action = present === undefined ? 'add' : isDeepStrictEqual(present, plain(entry)) ? 'keep' : 'replace';
  if (action === 'replace' && present !== undefined && !replace) throw differs(alias, present, entry);
  if (action !== 'keep' && !context.flags.dryRun) write(file, { ...models, [alias]: entry });
  print(context, { file, alias, action, dryRun: context.flags.dryRun, entry }, () =>
    [
      `${words(action, context.flags.dryRun)} ${alias} in ${file}: ${gib(entry.figures.bytes)}, ${entry.digest}`,
      ...(entry.figures.note === undefined ? [] : [`note: ${entry.figures.note}`]),
      `in the program: models: [{ ...addedModel(${JSON.stringify(alias)}), contextLength: … }]; commit the file`,
    ].join('\n'),
  );
}

/** Throws UsageError if another alias has the same weights, which a server would load only once. */
function requireOwnWeights(models: AddedModels['models'], alias: string, { digest, figures }: AddedModel): void {
  const other = Object.entries(models).find(
    ([name, entry]) =>
      name !== alias && (entry.digest === digest || entry.figures.weightsDigest === figures.weightsDigest),
  );
  if (other === undefined) return;
  throw new UsageError(`the file has the same weights as ${JSON.stringify(other[0])}`, {
    remedy: `use that alias, or remove it from ${ADDED_MODELS_FILE}; a server loads equal weights once`,
  });
}

function differs(alias: string, present: AddedModel, entry: AddedModel): UsageError {
  const change =
    present.name !== entry.name
      ? `is ${present.name}, not ${entry.name}`
      : present.digest === entry.digest
        ? 'has other figures'
        : `has the digest ${present.digest}, and the registry now has ${entry.digest}`;
  return new UsageError(`${JSON.stringify(alias)} ${change}`, {
    remedy: 'pass --replace, which makes the next deployment pull the model again, or another alias with --as',
  });
}

function write(file: string, models: AddedModels['models']): void {
  const sorted = Object.fromEntries(Object.entries(models).sort(([one], [other]) => one.localeCompare(other)));
  const content: AddedModels = { formatVersion: 1, models: sorted };
  replaceUserFile(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** Returns an entry as the file has it. */
function plain(entry: AddedModel): unknown {
  return JSON.parse(JSON.stringify(entry));
}

function words(action: 'add' | 'keep' | 'replace', dryRun: boolean): string {
  if (action === 'keep') return 'found';
  return dryRun ? `would ${action}` : action === 'add' ? 'added' : 'replaced';
}
