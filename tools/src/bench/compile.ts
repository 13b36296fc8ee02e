import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../examples';
import type { Program } from './measure';

/** Options of a user's tsconfig, as `cdktf init` writes it. */
const COMPILER_OPTIONS = {
  target: 'ES2022',
  module: 'commonjs',
  moduleResolution: 'node10',
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
};

/** Writes a separate TypeScript program inside the repository, so that packages resolve. */
export function compilation(name: string, source: string): Program {
  const cwd = join(REPOSITORY, '.cache/bench', name);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'main.ts'), source);
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['main.ts'] }));
  return { args: [require.resolve('typescript/lib/tsc.js'), '-p', '.'], cwd };
}

/** Returns the source of the empty program next to this file. */
export function emptyProgram(): string {
  return readFileSync(join(REPOSITORY, 'tools/src/bench/empty-app.ts'), 'utf8');
}
