/** The library as its users install it, for the programs in `.cache/bench`, which would otherwise load that of the workspace. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPOSITORY } from '../examples';
import type { Program } from './measure';

/** Programs below it load the installed library. */
export const INSTALLED = join(REPOSITORY, '.cache/bench');

/** Below the library, so that the packages that it depends on are found. */
const PACKED = join(REPOSITORY, 'packages/ollama-eks/node_modules/.cache/bench');
const LINK = join(INSTALLED, 'node_modules/@org/ollama-eks');

/** Packs the library as a release does. */
export function install(): void {
  execFileSync(join(REPOSITORY, 'tools/pack'), [PACKED]);
  mkdirSync(dirname(LINK), { recursive: true });
  rmSync(LINK, { force: true });
  symlinkSync(join(PACKED, 'package'), LINK);
}

/** Returns the program of an example with the installed library. */
export function exampleProgram(example: string): Program {
  const cwd = join(REPOSITORY, 'examples', example);
  const main = join(INSTALLED, 'examples', example, 'main.js');
  mkdirSync(dirname(main), { recursive: true });
  copyFileSync(join(cwd, 'lib/main.js'), main);
  return { args: [main], cwd };
}
