/** The table of prompt caches of docs/performance.md has the figures of sizing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fit, serverNeeds } from '@org/ollama-eks';
import { GIB } from '@org/ollama-eks/pure';
import { REPOSITORY } from '@org/ollama-eks-tools/examples';

const PAGE = readFileSync(join(REPOSITORY, 'docs/performance.md'), 'utf8');
const ROW = /^\| `(\S+)`, (\d+)k, on (\S+?)( with two servers|) *\| (\d+) GiB *\| (\d+) GiB *\| (\d+) and (\d+) on /gm;
const rows = [...PAGE.matchAll(ROW)].map(([, ...cells]) => cells);

test('the table has rows', () => {
  expect(rows.length).toBeGreaterThan(2);
});

test.each(rows)('%s with %sk on %s%s', (name = '', kilo = '', type = '', shared = '', ...figures) => {
  const parallel = 2;
  const sized = fit({ name, contextLength: Number(kilo) * 1024, parallel }, type);
  const cache = (serverNeeds(sized, shared === '' ? 1 : 2).promptCacheMiB ?? 0) / 1024;
  const conversation = (sized.models[0]?.kvCacheBytes ?? 0) / parallel / GIB;
  expect(figures.map(Number)).toEqual([Math.round(cache), conversation, Math.floor(cache / conversation), parallel]);
});
