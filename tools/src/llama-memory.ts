/**
 * What llama.cpp allocates for the models of `llama-memory/shapes`, as `test/models/llama-cpp.json`. Sizing is tested against it.
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
import { allocation, findTensors } from './llama-memory/llama-server';
import type { Allocation, Shape, Use } from './llama-memory/shape';
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
  readonly uses: readonly (Use & Allocation)[];
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
      const uses: (Use & Allocation)[] = [];
      for (const use of USES) uses.push({ ...use, ...(await allocation(file, use)) });
      rows.set(shape.model, { model: shape.model, header: shape.header, uses });
      write(rows);
      process.stdout.write(
        `${shape.model}: ${uses.map(({ cacheMiB, stateMiB }) => `${String(cacheMiB)} + ${String(stateMiB)} MiB`).join(', ')}\n`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return 0;
}

command(chosen, measure);
