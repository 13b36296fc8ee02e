import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './examples';

/** The program that the README shows: its first TypeScript block. */
export function readmeProgram(): string {
  const [, program] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(REPOSITORY, 'README.md'), 'utf8')) ?? [];
  if (program === undefined) {
    throw new Error('README.md shows no TypeScript program');
  }
  return program;
}
