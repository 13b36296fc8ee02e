import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './examples';

/** Returns the program of the README, which is its first TypeScript block. */
export function readmeProgram(): string {
  const [, program] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(REPOSITORY, 'README.md'), 'utf8')) ?? [];
  if (program === undefined) {
    throw new Error('README.md must contain a TypeScript program');
  }
  return program;
}
