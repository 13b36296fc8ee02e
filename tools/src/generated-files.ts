/** Files that synth generates and Git holds: the Argo CD trees of the examples and Kong's configuration. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copySynthesizedTrees, deckFiles } from '@org/ollama-eks';
import { REPOSITORY } from './examples';

const TREES = 'argocd';
const DECK = 'deck';

/**
 * Writes what synth outputs (`cdktf.out` folders) make of the generated files.
 * @param root Folder that holds `argocd/` and `deck/`. @default - the repository
 * @returns Paths of the trees written, below the root
 */
export function writeGeneratedFiles(outdirs: readonly string[], root = REPOSITORY): string[] {
  mkdirSync(join(root, DECK), { recursive: true });
  for (const [name, content] of Object.entries(deckFiles())) {
    writeFileSync(join(root, DECK, name), content);
  }
  return outdirs.flatMap((outdir) => copySynthesizedTrees(outdir, root));
}

/**
 * Files that aren't what synth makes of them, each with what is wrong, sorted; nothing in the repository is written.
 * @param complete Whether the outputs are those of all examples: then a tree that none of them writes is told, too
 */
export function drift(outdirs: readonly string[], complete: boolean): string[] {
  const scratch = mkdtempSync(join(tmpdir(), 'ollama-eks-check-'));
  try {
    for (const folder of [TREES, DECK]) {
      cpSync(join(REPOSITORY, folder), join(scratch, folder), { recursive: true });
    }
    const trees = writeGeneratedFiles(outdirs, scratch);
    const orphans = complete ? treesIn(REPOSITORY).filter((tree) => !trees.includes(tree)) : [];
    return [
      ...[TREES, DECK].flatMap((folder) => differences(folder, scratch)),
      ...orphans.map((tree) => `${tree}: no example writes it`),
    ].sort();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function treesIn(root: string): string[] {
  return readdirSync(join(root, TREES), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${TREES}/${entry.name}`);
}

function differences(folder: string, scratch: string): string[] {
  const committed = filesIn(REPOSITORY, folder);
  const generated = filesIn(scratch, folder);
  const same = (file: string): boolean =>
    readFileSync(join(REPOSITORY, file)).equals(readFileSync(join(scratch, file)));
  return [
    ...committed.filter((file) => !generated.includes(file)).map((file) => `${file}: synth no longer writes it`),
    ...generated.filter((file) => !committed.includes(file)).map((file) => `${file}: is missing`),
    ...generated.filter((file) => committed.includes(file) && !same(file)).map((file) => `${file}: differs`),
  ];
}

function filesIn(root: string, folder: string): string[] {
  const top = join(root, folder);
  const entries = existsSync(top) ? readdirSync(top, { recursive: true, encoding: 'utf8' }) : [];
  return entries.filter((entry) => statSync(join(top, entry)).isFile()).map((entry) => `${folder}/${entry}`);
}
