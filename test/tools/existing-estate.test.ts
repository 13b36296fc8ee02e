/** The tables of docs/existing-estate.md: every property that they name is one of the public API. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPOSURE_OUTPUTS } from '@org/ollama-eks';
import { REPOSITORY } from '@org/ollama-eks-tools/examples';

const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');
const API = read('packages/ollama-eks/api/index.api.md');

/** Returns the second cells of all rows of tables with this head. */
function cells(head: string): string[] {
  const [, body = ''] = read('docs/existing-estate.md').split(
    new RegExp(`^\\|\\s*${head}\\s*\\|.*\\n\\|[-| ]+\\n`, 'm'),
  );
  const [table = ''] = body.split('\n\n');
  return table.split('\n').map((row) => row.split('|')[2] ?? '');
}

/** Returns the properties and functions in the code of a text: `a: { b }`, `C.d(…)`. */
const names = (text: string) =>
  [...text.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) =>
    code.includes('-') && !code.includes(':')
      ? []
      : [...code.replace(/['"].*?['"]/g, '').matchAll(/[A-Za-z]\w+/g)].map(([name]) => name),
  );

test.each(["the cluster's", 'existing'])('every name in the table of "%s" is part of the public API', (head) => {
  const rows = cells(head);
  expect(rows.length).toBeGreaterThan(7);
  const named = [...new Set(rows.flatMap(names))].filter((name) => !['new', 'false', 'true'].includes(name));
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !new RegExp(`\\b${name}\\b`).test(API))).toEqual([]);
});

test('the output for a DNS record exists', () => {
  expect(read('docs/existing-estate.md')).toContain(`\`${EXPOSURE_OUTPUTS.loadBalancerDnsName}\``);
});
