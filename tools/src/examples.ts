import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SUMMARY_FILE, type ClusterSummary, type SummaryFile } from '@org/ollama-eks';
import { synthFailure } from './synth-failure';

export const REPOSITORY = resolve(__dirname, '../..');

const EXAMPLES = join(REPOSITORY, 'examples');

/** One stack that an example synthesized. */
export interface SynthesizedStack {
  readonly name: string;
  /** Folder of its `cdk.tf.json`. */
  readonly dir: string;
  /** Number of managed resources, without data sources. */
  readonly resources: number;
  readonly clusters: readonly ClusterSummary[];
  /** Warnings of its constructs. */
  readonly warnings: readonly string[];
}

/** Output of an example. */
export interface Synthesis {
  readonly example: string;
  /** Output folder. */
  readonly outdir: string;
  /** Stacks in order of deployment. */
  readonly stacks: readonly SynthesizedStack[];
}

/** Failure of an example's program; the message is its output. */
export class SynthError extends Error {
  /** Whether the caller can fix it: refused input, or a program that is not built. */
  public readonly usage: boolean;

  public constructor(
    public readonly example: string,
    written: string,
  ) {
    const { words, usage } = synthFailure(written);
    super(`${example}: synth failed\n${words}`);
    this.usage = usage;
    this.name = 'SynthError';
  }
}

/** Names of all examples, sorted by size, which is the order of their names. */
export function exampleNames(): string[] {
  return readdirSync(EXAMPLES)
    .filter((name) => existsSync(join(EXAMPLES, name, 'main.ts')))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/**
 * Runs the compiled program of an example, as CDKTF's command line does, and reads its output.
 * @param outdir Absolute path. @default - `cdktf.out` in the example's folder
 * @throws SynthError with the output of the program
 */
export async function synthesize(example: string, outdir?: string): Promise<Synthesis> {
  const cwd = join(EXAMPLES, example);
  const out = outdir ?? join(cwd, 'cdktf.out');
  mkdirSync(out, { recursive: true });
  await runNode(example, cwd, { ...process.env, CDKTF_OUTDIR: out });
  return { example, outdir: out, stacks: readStacks(out) };
}

async function runNode(example: string, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, ['lib/main.js'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (written += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (written += chunk));
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  if (code !== 0) {
    throw new SynthError(example, written);
  }
}

/** Level of a warning in CDKTF's manifest. */
const WARNING = '@cdktf/warn';

interface Manifest {
  readonly stacks: Record<string, ManifestStack>;
}

interface ManifestStack {
  readonly workingDirectory: string;
  readonly dependencies: readonly string[];
  readonly annotations: readonly { readonly level: string; readonly message: string }[];
}

function readStacks(out: string): SynthesizedStack[] {
  const { stacks } = readJson<Manifest>(join(out, 'manifest.json'));
  return inOrder(stacks).map((name) => {
    const { workingDirectory = name, annotations = [] } = stacks[name] ?? {};
    const warnings = annotations.filter(({ level }) => level === WARNING).map(({ message }) => message);
    return { ...readStack(name, join(out, workingDirectory)), warnings };
  });
}

/** Returns the names of stacks, each after its dependencies. */
function inOrder(stacks: Manifest['stacks']): string[] {
  const placed = new Set<string>();
  const place = (name: string): void => {
    stacks[name]?.dependencies.forEach(place);
    placed.add(name);
  };
  Object.keys(stacks).forEach(place);
  return [...placed];
}

function readStack(name: string, dir: string): Omit<SynthesizedStack, 'warnings'> {
  const { resource = {} } = readJson<{ resource?: Record<string, object> }>(join(dir, 'cdk.tf.json'));
  const resources = Object.values(resource).reduce((sum, ids) => sum + Object.keys(ids).length, 0);
  const file = join(dir, SUMMARY_FILE);
  const clusters = existsSync(file) ? readJson<SummaryFile>(file).clusters : [];
  return { name, dir, resources, clusters };
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
