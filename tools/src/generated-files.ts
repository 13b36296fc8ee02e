/** Generated files that are committed: the Argo CD trees of the examples, Kong's configuration, pictures, costs in READMEs, cold starts, developers. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copySynthesizedTrees, deckFiles } from '@org/ollama-eks';
import { withColdStarts } from './cold-start-table';
import { withDevelopers } from './developer-table';
import { exampleNames, REPOSITORY, type Synthesis } from './examples';
import { pictureFiles, readPictured, withArchitecture, withPicture, type Pictured } from './pictures/pages';
import { withFigures, withExamples } from './readme-examples';
import { clustersBySize } from './synth-report';

const TREES = 'argocd';
const DECK = 'deck';
const README = 'README.md';
const EXAMPLES = 'examples';
const PICTURES = 'docs/pictures';
const ARCHITECTURE = 'docs/architecture.md';
const PERFORMANCE = 'docs/performance.md';
/** Example with ingress from Kong that the README and the diagrams show. */
const SHOWN = 'g5-12xlarge';
/** READMEs of the examples, and everything else that is generated. */
const generated = (): string[] => [
  TREES,
  DECK,
  README,
  PICTURES,
  ARCHITECTURE,
  PERFORMANCE,
  ...exampleNames().map(readmeOf),
];

/**
 * Writes the generated files of examples.
 * @param complete Whether these are all examples, which the README's table and the pictures need: one example may be synthesized with settings of a user
 * @param root Folder of `argocd/`, `deck/`, `docs/`, `examples/` and `README.md`. @default - the repository
 * @returns Paths of the written trees, below the root
 */
export function writeGeneratedFiles(syntheses: readonly Synthesis[], complete: boolean, root = REPOSITORY): string[] {
  mkdirSync(join(root, DECK), { recursive: true });
  for (const [name, content] of Object.entries(deckFiles())) {
    writeFileSync(join(root, DECK, name), content);
  }
  for (const { synthesis, cluster } of clustersBySize(syntheses)) {
    rewrite(join(root, readmeOf(synthesis.example)), (page) => withFigures(page, cluster));
  }
  if (complete) {
    const pictured = readPictured([...new Set(clustersBySize(syntheses).map(({ synthesis }) => synthesis))]);
    const whole = pictured.filter(({ site }) => site.vpcCidr !== undefined).map(({ synthesis }) => synthesis);
    rewrite(join(root, README), (page) => withExamples(page, syntheses, whole));
    rewrite(join(root, PERFORMANCE), (page) => withDevelopers(withColdStarts(page, syntheses), syntheses));
    writePictures(pictured, root);
  }
  return syntheses.flatMap(({ outdir }) => copySynthesizedTrees(outdir, root));
}

function writePictures(examples: readonly Pictured[], root: string): void {
  const shown = examples.find(({ synthesis }) => synthesis.example === SHOWN);
  if (shown === undefined) throw new Error(`${SHOWN}, which the README shows, must create a cluster`);
  const folder = join(root, PICTURES);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const pictured of examples) {
    for (const [name, content] of Object.entries(pictureFiles(pictured))) {
      writeFileSync(join(folder, name), content);
    }
    const readme = join(root, readmeOf(pictured.synthesis.example));
    rewrite(readme, (page) => withPicture(page, pictured, `../../${PICTURES}`));
  }
  rewrite(join(root, README), (page) => withPicture(page, shown, PICTURES));
  rewrite(join(root, ARCHITECTURE), (page) => withArchitecture(page, examples, shown));
}

function rewrite(file: string, change: (content: string) => string): void {
  try {
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`cannot generate the sections of ${file}: ${String(cause)}`, { cause });
  }
}

/**
 * Returns the generated files that are out of date, each with the problem, sorted. Writes nothing to the repository.
 * @param complete Whether these are all examples, so that a tree that none of them writes is reported
 */
export function drift(syntheses: readonly Synthesis[], complete: boolean): string[] {
  const scratch = mkdtempSync(join(tmpdir(), 'ollama-eks-check-'));
  try {
    for (const path of generated()) {
      cpSync(join(REPOSITORY, path), join(scratch, path), { recursive: true });
    }
    const trees = writeGeneratedFiles(syntheses, complete, scratch);
    const orphans = complete ? treesIn(REPOSITORY).filter((tree) => !trees.includes(tree)) : [];
    return [
      ...generated().flatMap((path) => differences(path, scratch)),
      ...orphans.map((tree) => `${tree}: no example writes this tree`),
    ].sort();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function readmeOf(example: string): string {
  return `${EXAMPLES}/${example}/${README}`;
}

function treesIn(root: string): string[] {
  return readdirSync(join(root, TREES), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${TREES}/${entry.name}`);
}

function differences(path: string, scratch: string): string[] {
  const committed = filesIn(REPOSITORY, path);
  const generated = filesIn(scratch, path);
  const same = (file: string): boolean =>
    readFileSync(join(REPOSITORY, file)).equals(readFileSync(join(scratch, file)));
  return [
    ...committed.filter((file) => !generated.includes(file)).map((file) => `${file}: synth no longer writes this file`),
    ...generated.filter((file) => !committed.includes(file)).map((file) => `${file}: is missing`),
    ...generated.filter((file) => committed.includes(file) && !same(file)).map((file) => `${file}: differs`),
  ];
}

/** Returns the path of a file, or of all files in a folder, below the root. */
function filesIn(root: string, path: string): string[] {
  if (!statSync(join(root, path)).isDirectory()) {
    return [path];
  }
  const entries = readdirSync(join(root, path), { recursive: true, encoding: 'utf8' });
  return entries.map((entry) => `${path}/${entry}`).filter((file) => statSync(join(root, file)).isFile());
}
