/** Figures from headers, compared with what llama.cpp allocates for them. `npm run llama-memory` writes the table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kvCacheBytes, type KvCacheUse, modelFigures, modelNames } from '@org/ollama-eks';
import { headerFigures } from '../../src/gguf/figures';
import type { HeaderValues } from '../../src/gguf/header';

interface Row {
  readonly model: string;
  readonly header: HeaderValues;
  readonly uses: readonly (KvCacheUse & { readonly cacheMiB: number; readonly stateMiB: number })[];
}

const MIB = 1024 ** 2;
/** Figures with a size, which the cache does not depend on. */
const figuresOf = (header: HeaderValues) => ({ bytes: 1, ...headerFigures(header) });
const ROWS = JSON.parse(readFileSync(join(__dirname, '../../../test/models/llama-cpp.json'), 'utf8')) as Row[];
const USES = ROWS.flatMap(({ model, header, uses }) => uses.map((use) => ({ model, header, ...use })));
/** What a log line with two decimals of MiB leaves open, for the two lines of keys with and without a window. */
const PRECISION = 0.02;

test('the table has all kinds of memory', () => {
  expect(ROWS.length).toBeGreaterThanOrEqual(30);
  expect(new Set(USES.map(({ type }) => type))).toEqual(new Set(['f16', 'q8_0']));
  expect(USES.some(({ stateMiB }) => stateMiB > 0)).toBe(true);
  expect(USES.some(({ cacheMiB }) => cacheMiB === 0)).toBe(true);
});

test.each(USES)('$model, $contextLength × $parallel, $type, batch $batch: $cacheMiB + $stateMiB MiB', (use) => {
  const figures = figuresOf(use.header);
  const all = kvCacheBytes(figures, use) / MIB;
  const states = ((figures.recurrentBytes ?? 0) * use.parallel) / MIB;
  expect(Math.abs(states - use.stateMiB)).toBeLessThan(PRECISION);
  expect(Math.abs(all - states - use.cacheMiB)).toBeLessThan(PRECISION);
});

test.each(ROWS)('$model: its architecture has a rule', ({ header }) => {
  expect(headerFigures(header)).not.toHaveProperty('note');
});

test.each(ROWS.filter(({ model }) => modelNames().includes(model)))(
  '$model: the catalogue has what its header says',
  ({ model, header, uses }) => {
    for (const use of uses) {
      expect(kvCacheBytes(modelFigures(model), use)).toBe(kvCacheBytes(figuresOf(header), use));
    }
  },
);
