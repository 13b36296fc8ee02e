/**
 * What llama.cpp allocates for the models of `llama-memory/shapes`, and what it plans for weights and computing, as
 * `test/models/llama-cpp.json`. Sizing is tested against it.
 *
 *     npm run llama-memory                     all shapes
 *     npm run llama-memory -- gemma4:26b       those models only; the others keep their figures
 *
 * It needs a CPU build of llama-server, at the build that Ollama pins, on PATH; without one it says so and does nothing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './command';
import { REPOSITORY } from './examples';
import { allocation, findTensors, findWholeTensors, projection } from './llama-memory/llama-server';
import type { Allocation, Projection, Shape, Use } from './llama-memory/shape';
import { SHAPES } from './llama-memory/shapes';

const TABLE = join(REPOSITORY, 'test/models/llama-cpp.json');

/** Uses of every model: streams, windows, rounding of cells, and a quantized cache each make a difference. */
const USES: readonly Use[] = [
  { contextLength: 4096, parallel: 1, type: 'f16', batch: 512 },
  { contextLength: 3000, parallel: 3, type: 'f16', batch: 1024 },
  { contextLength: 4096, parallel: 2, type: 'q8_0', batch: 2048 },
];

/** What one model took. */
export interface Row {
  readonly model: string;
  readonly header: Shape['header'];
  /** Size of all tensors of the whole model, by their types and dimensions; undefined if llama-server ended while it planned it. */
  readonly tensorBytes?: number;
  readonly uses: readonly (Use & Allocation & Partial<Projection>)[];
}

function chosen(names: string[]): readonly Shape[] {
  const unknown = names.filter((name) => !SHAPES.some(({ model }) => model === name));
  if (unknown.length > 0) throw new Error(`no shape has the name ${unknown.join(', ')}`);
  return SHAPES.filter(({ model }) => names.length === 0 || names.includes(model));
}

/** Writes the table, in the order of the shapes. */
function write(rows: ReadonlyMap<string, Row>): void {
  const ordered = SHAPES.flatMap(({ model }) => rows.get(model) ?? []);
  writeFileSync(TABLE, `[\n${ordered.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
}

/** Adds what is planned for the whole model. */
async function planned(file: string, shape: Shape, uses: Row['uses']): Promise<Pick<Row, 'tensorBytes' | 'uses'>> {
  const tensorBytes = await findWholeTensors(file, shape);
  if (tensorBytes === undefined) return { uses };
  const all: Row['uses'][number][] = [];
  for (const use of uses) all.push({ ...use, ...(await projection(file, use)) });
  return { tensorBytes, uses: all };
}

async function measure(shapes: readonly Shape[]): Promise<number> {
  if (spawnSync('llama-server', ['--version']).error !== undefined) {
    process.stdout.write('llama-server is not on PATH: the table stays as it is\n');
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'llama-memory-'));
  const rows = new Map((JSON.parse(readFileSync(TABLE, 'utf8')) as Row[]).map((row) => [row.model, row]));
  try {
    for (const shape of shapes) {
      const file = join(folder, 'model.gguf');
      await findTensors(file, shape);
      const uses: Row['uses'][number][] = [];
      for (const use of USES) uses.push({ ...use, ...(await allocation(file, use)) });
      rows.set(shape.model, { model: shape.model, header: shape.header, ...(await planned(file, shape, uses)) });
      write(rows);
      process.stdout.write(`${shape.model}: ${JSON.stringify(rows.get(shape.model)?.uses)}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return 0;
}

command(chosen, measure);
