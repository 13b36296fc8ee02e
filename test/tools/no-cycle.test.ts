/** The ESLint rule that reports import cycles: which imports it counts, and which file it blames. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ESLint, Linter } from 'eslint';
import tseslint from 'typescript-eslint';

const cycles = jest.requireActual<ESLint.Plugin>('../../tools/eslint/no-cycle.js');

/** Problems that the rule reports for each file of a folder, by the file's name. */
function reported(
  files: Readonly<Record<string, string>>,
  cwd = mkdtempSync(join(tmpdir(), 'no-cycle-')),
): Readonly<Record<string, readonly string[]>> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  const config: Linter.Config = {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { cycles },
    rules: { 'cycles/no-cycle': 'error' },
  };
  const linter = new Linter({ cwd });
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      name,
      linter
        .verify(text, config, { filename: join(cwd, name) })
        .map(({ line, message }) => `${line}: ${message.replace('import cycle: ', '')}`),
    ]),
  );
}

test.each([
  ['a value', "import { b } from './b';"],
  ['a type', "import type { B } from './b';"],
  ['a type next to values', "import { type B } from './b';"],
  ['a re-export', "export { b } from './b';"],
  ['a re-export of everything', "export * from './b';"],
  ['a re-exported type', "export type { B } from './b';"],
  ['an import with an extension', "import type { B } from './b.js';"],
  ['an import at run time', "const b = () => import('./b');"],
  ['a lazy require', "const b = () => require('./b');"],
])('counts %s', (_, line) => {
  expect(reported({ 'a.ts': `\n${line}`, 'b.ts': "import type { A } from './a';" })).toEqual({
    'a.ts': ['2: a.ts → b.ts → a.ts'],
    'b.ts': ['1: b.ts → a.ts → b.ts'],
  });
});

test('finds a cycle through other files and the index of a folder, and reports it in each', () => {
  const files = {
    'a.ts': "import type { B } from './b';",
    'b.ts': "export type { C } from './c';",
    'c/index.ts': "import { a } from '../a';",
  };
  expect(reported(files)).toEqual({
    'a.ts': ['1: a.ts → b.ts → c/index.ts → a.ts'],
    'b.ts': ['1: b.ts → c/index.ts → a.ts → b.ts'],
    'c/index.ts': ['1: c/index.ts → a.ts → b.ts → c/index.ts'],
  });
});

test('reports a file that imports itself', () => {
  expect(reported({ 'a.ts': "import { a } from './a';" })).toEqual({ 'a.ts': ['1: a.ts → a.ts'] });
});

test('reports nothing without a cycle, nor where an import only leads to one', () => {
  const files = {
    'a.ts': "import fs from 'node:fs';\nimport { b } from './b';\nimport { c } from './c';",
    'b.ts': "import { c } from './c';\n// import { a } from './a';",
    'c.ts': "import { missing } from './missing';",
    'd.ts': "import { e } from './e';",
    'e.ts': "import { f } from './f';",
    'f.ts': "import { e } from './e';",
  };
  expect(reported(files)).toMatchObject({ 'a.ts': [], 'b.ts': [], 'c.ts': [], 'd.ts': [] });
});

test('reads a file again when it is linted again', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'no-cycle-'));
  const importsB = { 'a.ts': "import { b } from './b';" };
  expect(reported({ ...importsB, 'b.ts': '' }, cwd)).toEqual({ 'a.ts': [], 'b.ts': [] });
  expect(reported({ 'b.ts': "import { a } from './a';" }, cwd)).toEqual({ 'b.ts': ['1: b.ts → a.ts → b.ts'] });
  expect(reported(importsB, cwd)).toEqual({ 'a.ts': ['1: a.ts → b.ts → a.ts'] });
});
