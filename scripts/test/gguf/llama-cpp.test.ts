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

/**
 * Weights by the rules of `llama-quantize`, compared with what llama-server plans and with the size of Ollama's files. Everything that is
 * named here was read off the table after the comparison had failed. It keeps later changes from going unnoticed, and proves nothing
 * about models that are not named.
 */
describe('weights', () => {
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

  /** Bytes of an element. */
  const [Q4_K, Q6_K, Q8_0, F32] = [144 / 256, 210 / 256, 34 / 32, 4];
  const GEMMA_WORDS = 262_144;

  /** The last layer of glm-4.5-air, which predicts further tokens: all of it except for the matrices of queries, keys and values. */
  function unusedLayer(): number {
    const [width, heads, experts, feedForward] = [4096, 96 * 128, 128, 1408];
    const expert = feedForward * width * (2 * Q4_K + Q8_0);
    const others = heads * width * Q4_K + 2 * width * width * Q4_K + experts * width * F32;
    return (experts + 1) * expert + others; // one expert is shared
  }

  /** Bytes that llama-server plans besides the tensors of the header; why is concluded from the sizes only. */
  const BESIDES: Readonly<Record<string, number>> = {
    // The embeddings a second time, as the output layer. It has them once for gemma2 and gemma3.
    'gemma3n:e4b': GEMMA_WORDS * 2048 * Q6_K,
    'gemma4:e4b': GEMMA_WORDS * 2560 * Q6_K,
    'gemma4:31b': GEMMA_WORDS * 5376 * Q6_K,
    'glm-4.5-air:106b': -unusedLayer(),
  };

  test.each(PLANNED)('$model: llama-server plans the tensors of its header', ({ model, tensorBytes, uses }) => {
    const expected = Math.floor((tensorBytes + (BESIDES[model] ?? 0)) / MIB);
    expect(uses.map(({ weightsMiB }) => weightsMiB)).toEqual(uses.map(() => expected));
  });

  /**
   * Percentages by which the file of a model is larger than its tensors by the rules: some matrices have more bits, and a small model's
   * file has a noticeable vocabulary.
   */
  const LARGER: Readonly<Record<string, number>> = {
    'qwen3:8b': 4.05,
    'qwen3:14b': 3.12,
    'mistral-small3.1:24b': 2.05,
    'gemma4:31b': 4.24,
    'glm-4.7-flash:q4_K_M': 4.85,
    'qwen3-embedding:0.6b': 0.94,
    'embeddinggemma:300m': 2.64,
  };
  /** Percent: the largest difference of the others is 0.39. */
  const TOLERANCE = 0.5;

  test.each(CATALOGUED)('$model: the catalogue has the size of its tensors', ({ model, tensorBytes }) => {
    const { bytes, projectorBytes = 0 } = modelFigures(model);
    const percent = ((bytes - projectorBytes) / tensorBytes - 1) * 100;
    expect(Math.abs(percent - (LARGER[model] ?? 0))).toBeLessThan(TOLERANCE);
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
