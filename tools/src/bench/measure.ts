import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '../examples';
import type { Usage } from './usage-hook';

/** In memory where there is such a folder: files on a disk take up to a third of a synth, and that time varies. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const HOOK = join(REPOSITORY, 'tools/lib/bench/usage-hook.js');

/** A Node.js program to measure. */
export interface Program {
  readonly args: readonly string[];
  readonly cwd: string;
}

/** One run of a program. */
export interface Run extends Usage {
  /** From start to end of the process, in milliseconds. */
  readonly wall: number;
}

/** Runs a CDKTF program once, with its output in a temporary folder. Throws if it fails. */
export function measure({ args, cwd }: Program): Run {
  const scratch = mkdtempSync(join(SCRATCH, 'ollama-eks-bench-'));
  const file = join(scratch, 'usage.json');
  const env = { ...process.env, OLLAMA_EKS_USAGE_FILE: file, CDKTF_OUTDIR: join(scratch, 'cdktf.out') };
  try {
    const started = performance.now();
    const child = spawnSync(process.execPath, ['--require', HOOK, ...args], { cwd, env, encoding: 'utf8' });
    const wall = performance.now() - started;
    if (child.status !== 0) {
      throw new Error(`${args.join(' ')} failed\n${child.stdout}${child.stderr}`);
    }
    return { wall, ...(JSON.parse(readFileSync(file, 'utf8')) as Usage) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs programs in turn, so that other load on the machine affects all of them. */
export function measureInTurn<Name extends string>(
  programs: Readonly<Record<Name, Program>>,
  times: number,
): Record<Name, Run[]> {
  const names = Object.keys(programs) as Name[];
  const rounds = Array.from({ length: times }, () => names.map((name) => measure(programs[name])));
  return Object.fromEntries(
    names.map((name, index) => [name, rounds.flatMap((round) => round.slice(index, index + 1))]),
  ) as Record<Name, Run[]>;
}

/** Returns the median of a figure of several runs. */
export function median(runs: readonly Run[], figure: (run: Run) => number): number {
  const sorted = runs.map(figure).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
