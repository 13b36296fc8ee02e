/** Figures from headers, compared with what llama.cpp allocates for them. `npm run llama-memory` writes the table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kvCacheBytes, type KvCacheUse, modelFigures, modelNames } from '@org/ollama-eks';
import { headerFigures } from '../../src/gguf/figures';
import type { HeaderValues } from '../../src/gguf/header';

interface Row {
  readonly model: string;
  readonly header: HeaderValues;
  /** Tensors of the whole model, by their types and dimensions; undefined if llama-server ended while it planned it. */
  readonly tensorBytes?: number;
  readonly uses: readonly (KvCacheUse & {
    readonly cacheMiB: number;
    readonly stateMiB: number;
    readonly weightsMiB?: number;
  })[];
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

describe('weights', () => {
  /**
   * Share by which a model of Ollama may be larger or smaller than its tensors by the rules of `llama-quantize`: Ollama keeps some
   * matrices at more bits (4.9 % for glm-4.7-flash), and publishers choose others (-2.1 % for gemma4:31b).
   */
  const QUANTIZATION = 0.05;
  /** llama-server b10488 ends with a segmentation fault, or without a plan, when it plans them without allocating them. */
  const NOT_PLANNED = [
    'falcon-h1:1.5b',
    'granite4:32b-a9b-h',
    'nemotron-3-nano:30b',
    'phi4:14b',
    'qwen3-next:80b',
    'qwen3.6:27b',
    'qwen3.6:35b',
    'qwen3.6:35b-mtp',
  ];
  /** llama-server needs no embeddings for each layer (3.3 GiB), so that its shape has none. */
  const NOT_COMPLETE = 'gemma4:e4b';
  const PLANNED = ROWS.flatMap(({ tensorBytes, ...row }) =>
    tensorBytes === undefined ? [] : [{ ...row, tensorBytes }],
  );
  const CATALOGUED = PLANNED.filter(({ model }) => modelNames().includes(model) && model !== NOT_COMPLETE);

  test('30 models are planned, and the others are named', () => {
    expect(PLANNED.length).toBeGreaterThanOrEqual(30);
    const others = ROWS.filter(({ tensorBytes }) => tensorBytes === undefined);
    expect(others.map(({ model }) => model).sort()).toEqual(NOT_PLANNED);
  });

  /** MiB that llama-server plans besides the tensors of the header. */
  const OTHER: Readonly<Record<string, number>> = {
    // Its embeddings a second time, as the output layer: vocabulary × width at Q6_K.
    'gemma3n:e4b': 420,
    'gemma4:e4b': 525,
    'gemma4:31b': 1102,
    // Not known why: presumably the last layer, which predicts further tokens.
    'glm-4.5-air:106b': -1599,
  };

  test.each(PLANNED)('$model: llama-server plans the tensors of its header', ({ model, tensorBytes, uses }) => {
    const expected = tensorBytes / MIB + (OTHER[model] ?? 0);
    for (const { weightsMiB = 0 } of uses) expect(Math.abs(weightsMiB - expected)).toBeLessThan(2);
  });

  test.each(CATALOGUED)('$model: the catalogue has the size of its tensors', ({ model, tensorBytes }) => {
    const { bytes, projectorBytes = 0 } = modelFigures(model);
    expect(Math.abs((bytes - projectorBytes) / tensorBytes - 1)).toBeLessThan(QUANTIZATION);
  });
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
