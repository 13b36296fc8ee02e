import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../examples';
import type { Program } from './measure';

const COMMAND = join(REPOSITORY, 'scripts/bin/ollama-eks.js');
const SHELL = join(__dirname, 'shell.js');

/** What a new project runs at `npm run synth` before the report, and the same with the compiler. */
export interface InitProject {
  readonly app: Program;
  /** Whether Node.js runs TypeScript itself, from 22.18 on. Otherwise the project removes the types first, which takes longer. */
  readonly runsTypeScript: boolean;
  readonly compiled: Program;
}

/** Writes a project with `ollama-eks init` inside the repository, so that packages resolve. */
export function initProject(): InitProject {
  const cwd = join(REPOSITORY, '.cache/bench/init');
  rmSync(cwd, { recursive: true, force: true });
  mkdirSync(cwd, { recursive: true });
  execFileSync(process.execPath, [COMMAND, 'init', '--delivery', 'helm', '--exposure', 'internal'], { cwd });
  const { scripts } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) as { scripts: { app: string } };
  const program = (script: string): Program => ({ args: [SHELL, script], cwd });
  const runsTypeScript = scripts.app.endsWith('main.ts');
  return { app: program(scripts.app), runsTypeScript, compiled: program('tsc --noEmit false && node lib/main.js') };
}
