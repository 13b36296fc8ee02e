/** Commands that messages and the page about symptoms name: they have every argument that they need. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_COMMANDS } from '../support/declared-settings';

const REPOSITORY = join(__dirname, '../../..');
const SOURCES = join(REPOSITORY, 'scripts/src');

/** Texts by file, without comments. */
const texts = [
  ...readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map(
      (file) => [file, readFileSync(join(SOURCES, file), 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')] as const,
    ),
  ['docs/troubleshooting.md', readFileSync(join(REPOSITORY, 'docs/troubleshooting.md'), 'utf8')] as const,
];

/** Returns what follows a pattern in all texts, each with its file. */
const after = (pattern: RegExp) =>
  texts.flatMap(([file, text]) => [...text.matchAll(pattern)].map(([whole, rest = '']) => ({ file, whole, rest })));

/** Commands whose argument is a value that only the user knows. */
const REQUIRED = ALL_COMMANDS.filter(([, { arguments: all = [] }]) =>
  all.some(({ name, choices }) => name.startsWith('<') && choices === undefined),
);

test.each(REQUIRED.map(([name]) => name))('ollama-eks %s is named with its argument', (name) => {
  const found = after(new RegExp(`ollama-eks ${name}(?![a-z-])([^\n]{0,20})`, 'g'));
  // a placeholder in capitals, a value of the program, or one with a tag
  expect(found.filter(({ rest }) => !/^ ([A-Z]{2,}|\$\{|[\w./-]+:)/.test(rest))).toEqual([]);
});

test('kubectl logs is named with a pod or a selector', () => {
  const found = after(/kubectl [^'`|;\n]*?\blogs\b([^'`|;\n]*)/g);
  expect(found.length).toBeGreaterThan(10);
  expect(found.filter(({ rest }) => !/--selector|\$\{|\$POD/.test(rest))).toEqual([]);
});
