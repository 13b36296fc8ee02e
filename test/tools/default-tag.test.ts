/** The ESLint rule that keeps `@default` in one form. */
import { type ESLint, Linter } from 'eslint';

const docs = jest.requireActual<ESLint.Plugin>('../../tools/eslint/default-tag.js');

function reported(code: string): readonly string[] {
  const config: Linter.Config = { plugins: { docs }, rules: { 'docs/default-tag': 'error' } };
  return new Linter()
    .verify(code, config)
    .map(({ line, message }) => `${line}: ${/"@default (.*)":/.exec(message)?.[1]}`);
}

test.each([
  "/** @default 'ebs' */",
  '/** @default 900 */',
  '/** @default 0.25 */',
  '/** @default true */',
  "/** @default ['api', 'audit'] */",
  "/** @default { 'kubernetes.io/role/internal-elb': '1' } */",
  '/** @default OLLAMA_IMAGE */',
  '/** @default KubernetesVersion.DEFAULT */',
  '/** @default - none */',
  '/** @default - `size` */',
  '/** @default - `gpu` for the first pool */',
  "/** @default '1.31.1' - the newest release */",
  '/**\n * Size.\n * @default - from the models,\n *   with room for one more\n * @see https://example.com\n */',
  '/** No default. */',
  '// @default prose in another comment',
])('accepts %j', (code) => {
  expect(reported(code)).toEqual([]);
});

test.each([
  ['/** @default none */', '1: none'],
  ['/** @default online */', '1: online'],
  ["/** @default the catalogue's */", "1: the catalogue's"],
  ['/** @default X-Session-Id */', '1: X-Session-Id'],
  ['/** @default `3` */', '1: `3`'],
  ['/** @default */', '1: '],
  ['/**\n * Size.\n * @default as large\n * as it needs\n * @see https://example.com\n */', '3: as large as it needs'],
])('reports %j', (code, expected) => {
  expect(reported(code)).toEqual([expected]);
});
