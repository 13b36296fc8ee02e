import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { alone } from '../program/lock';
import { createFolder, writeTextFile } from '../program/text-file';
import { htmlOf } from '../report/html';
import { markdownOf } from '../report/text';
import type { Change } from './changes';
import type { Proof } from './proof';
import { sectionsOf, titleOf } from './sections';

const NAMES = { json: 'proof.json', html: 'proof.html', markdown: 'proof.md' };
/** Folder that exists while a run measures. */
const LOCK = '.proof.lock';

/** Returns the paths of the files. */
export function proofFiles(directory: string): readonly string[] {
  return Object.values(NAMES).map((name) => join(directory, name));
}

/**
 * Creates the folder, and acts while no other run writes to it. Throws UsageError if another run does, or if the folder has files of
 * another proof or cannot be created: minutes of measuring must not be lost.
 */
export function reserved<Result>(
  context: Pick<Context, 'clock'>,
  directory: string,
  act: () => Promise<Result>,
): Promise<Result> {
  createFolder(directory);
  return alone(
    context,
    join(directory, LOCK),
    () => inUse(directory),
    () => {
      requireFree(directory);
      return act();
    },
  );
}

function inUse(directory: string): UsageError {
  return new UsageError(`${directory} is in use by another run of ollama-eks prove`, {
    remedy: 'wait until it ends, or choose another folder with --out',
  });
}

/** Throws UsageError if the folder has files of another proof. */
export function requireFree(directory: string): void {
  const present = proofFiles(directory).filter((path) => existsSync(path));
  if (present.length > 0)
    throw new UsageError(`${present.join(', ')} must not exist`, {
      remedy: 'choose another folder with --out, so that no earlier proof is lost',
    });
}

/** Writes a proof as data, and as a page in HTML and Markdown. */
export function writeProof(directory: string, proof: Proof, changes: readonly Change[]): void {
  const [title, sections] = [titleOf(proof), sectionsOf(proof, changes)];
  const texts = {
    [NAMES.json]: JSON.stringify(proof, undefined, 2),
    [NAMES.html]: htmlOf(title, sections),
    [NAMES.markdown]: markdownOf(title, sections),
  };
  for (const [name, text] of Object.entries(texts)) writeTextFile(join(directory, name), `${text}\n`);
}
