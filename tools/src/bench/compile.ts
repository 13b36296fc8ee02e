import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../examples';
import type { Program } from './measure';

/** What a user's tsconfig says, as `cdktf init` writes it, and nothing of ours. */
const COMPILER_OPTIONS = {
  target: 'ES2022',
  module: 'commonjs',
  moduleResolution: 'node10',
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
};

/** A TypeScript program of its own inside the repository (so that packages resolve), ready to be compiled. */
export function compilation(name: string, source: string): Program {
  const cwd = join(REPOSITORY, '.cache/bench', name);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'main.ts'), source);
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['main.ts'] }));
  return { args: [require.resolve('typescript/lib/tsc.js'), '-p', '.'], cwd };
}

/** The source of the empty program beside this file. */
export function emptyProgram(): string {
  return readFileSync(join(REPOSITORY, 'tools/src/bench/empty-app.ts'), 'utf8');
}
