import { spawn } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { type GgufTensorInfo, ggufHead } from '../gguf-file';
import { tensorType } from './quantization';
import type { Allocation, Projection, Shape, Use } from './shape';

/** Longest run, in milliseconds. */
const TIMEOUT = 120_000;
/** Runs with the same file: now and then, llama-server ends before it has written all of its log. */
const TRIES = 5;
/** Logged when the caches are allocated, before the compute buffers. */
const RESERVED = /^sched_reserve: reserving/m;
const CACHE = /^llama_kv_cache: .*KV buffer size = +(?<mib>[\d.]+) MiB/gm;
const STATES = /^llama_memory_recurrent: .*RS buffer size = +(?<mib>[\d.]+) MiB/gm;
const MISSING = /(?:missing tensor|check_tensor_dims: tensor) '(?<name>[^']+)'/;
const WRONG_SHAPE = /tensor '(?<name>[^']+)' has wrong shape; expected (?<dimensions>[\d, ]+), got/;

/** Logged when everything is planned, before anything is allocated. */
const PLANNED = /common_memory_breakdown_print: .*Host .*= +(?<weights>\d+) \+ +\d+ \+ +\d+ /;
const COMPUTE = /^sched_reserve: .*compute buffer size = +(?<mib>[\d.]+) MiB/m;

/** Writes a file with a header and tensors that are holes: it takes no space on the disk. */
function writeSparse(file: string, header: Shape['header'], tensors: readonly GgufTensorInfo[]): void {
  const { head, tensorBytes } = ggufHead(header, tensors);
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, head);
  ftruncateSync(descriptor, head.length + tensorBytes);
  closeSync(descriptor);
}

/** Tensors by their names, with their dimensions. */
type Dimensions = Map<string, readonly number[]>;

/**
 * Finds the tensors of a model by asking llama-server: it names the first one that is missing, or whose shape is wrong. Layers of
 * one kind get the same tensors. The file is left with all of them.
 * @throws Error if llama-server refuses the header for another reason
 */
export async function findTensors(file: string, shape: Shape): Promise<void> {
  const found = await fill(file, shape, { header: shape.header, infos, allocates: true });
  if (found === undefined) throw new Error(`${shape.model}: llama-server refuses it`);
}

/**
 * Does the same for the whole model, and returns the size of its tensors in bytes; undefined if llama-server ends while it plans, as
 * b10488 does for phi3.
 */
export async function findWholeTensors(file: string, shape: Shape): Promise<number | undefined> {
  const header = { ...shape.header, ...shape.whole };
  const { embedding_length: width, vocab_size: words } = keysOf(header);
  const optional = new Map(shape.tied ? [] : [['output.weight', [Number(width), Number(words)]]]);
  const found = await fill(file, shape, { header, infos: (all) => quantized(all, shape), allocates: false }, optional);
  if (found === undefined) return undefined;
  return ggufHead(header, quantized(found, shape)).tensorBytes;
}

/** What is written to the file, and whether llama-server may allocate it. */
interface Filling {
  readonly header: Shape['header'];
  readonly infos: (found: Dimensions) => readonly GgufTensorInfo[];
  readonly allocates: boolean;
}

async function fill(
  file: string,
  shape: Shape,
  { header, infos, allocates }: Filling,
  found: Dimensions = new Map(),
): Promise<Dimensions | undefined> {
  const use: Use = { contextLength: 256, parallel: 1, type: 'f16', batch: 32 };
  for (let tries = 0; tries < TRIES; tries += 1) {
    writeSparse(file, header, infos(found));
    const log = await run(file, use, allocates);
    if ((allocates ? RESERVED : PLANNED).test(log)) return found;
    const { name, dimensions } = (WRONG_SHAPE.exec(log) ?? MISSING.exec(log))?.groups ?? {};
    if (name !== undefined) {
      const lengths = dimensions === undefined ? [1] : dimensions.split(',').map(Number);
      for (const alike of sameKind(name, shape)) found.set(alike, lengths);
      tries = -1;
    }
  }
  return undefined;
}

/** Returns the names of a tensor in all layers of its kind. */
function sameKind(name: string, { header, kindOf = () => '' }: Shape): readonly string[] {
  const { layer, rest } = /^blk\.(?<layer>\d+)\.(?<rest>.+)$/.exec(name)?.groups ?? {};
  if (layer === undefined || rest === undefined) return [name];
  const count = Number(keysOf(header)['block_count']);
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => kindOf(index) === kindOf(Number(layer)))
    .map((index) => `blk.${String(index)}.${rest}`);
}

function infos(found: Dimensions): readonly GgufTensorInfo[] {
  return [...found].map(([name, dimensions]) => ({
    name,
    dimensions,
    type: name.endsWith('.weight') && dimensions.length > 1 && (dimensions[0] ?? 0) % 256 === 0 ? 'IQ1_S' : 'F32',
  }));
}

/** Returns the values of a header without the prefix of its architecture. */
function keysOf(header: Shape['header']): Shape['header'] {
  const prefix = `${String(header['general.architecture'])}.`;
  return Object.fromEntries(Object.entries(header).map(([key, value]) => [key.replace(prefix, ''), value]));
}

function quantized(found: Dimensions, { header, quantization, tied }: Shape): readonly GgufTensorInfo[] {
  const layers = Number(keysOf(header)['block_count']);
  return [...found].map(([name, dimensions]) => ({
    name,
    dimensions,
    type: tensorType(quantization, { name, dimensions, layers, tied }),
  }));
}

/** Returns what llama-server plans for the whole model. */
export async function projection(file: string, use: Use): Promise<Projection> {
  let log = '';
  for (let tries = 0; tries < TRIES && !PLANNED.test(log); tries += 1) log = await run(file, use, false);
  const [weights, compute] = [PLANNED.exec(log)?.groups?.['weights'], COMPUTE.exec(log)?.groups?.['mib']];
  if (weights === undefined || compute === undefined) {
    throw new Error(`llama-server plans nothing:\n${log.slice(-2000)}`);
  }
  return { weightsMiB: Number(weights), computeMiB: Number(compute) };
}

/** Returns what llama-server allocates for a model and a use, with the arguments that Ollama gives it. */
export async function allocation(file: string, use: Use): Promise<Allocation> {
  let log = '';
  for (let tries = 0; tries < TRIES && !RESERVED.test(log); tries += 1) log = await run(file, use);
  if (!RESERVED.test(log)) throw new Error(`llama-server allocates nothing:\n${log.slice(-2000)}`);
  return { cacheMiB: sum(log, CACHE), stateMiB: sum(log, STATES) };
}

function sum(log: string, line: RegExp): number {
  const mib = [...log.matchAll(line)].map(({ groups }) => Math.round(Number(groups?.['mib']) * 100));
  return mib.reduce((all, hundredths) => all + hundredths, 0) / 100;
}

/**
 * Runs llama-server until it has allocated or planned everything, or ends, and returns its log.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/llm/llama_server.go (startLlamaServer)
 */
function run(file: string, { contextLength, parallel, type, batch }: Use, allocates = true): Promise<string> {
  const args = [
    ...[
      '--model',
      file,
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--no-webui',
      '--offline',
      '--no-warmup',
      // Otherwise the plan leaves out weights that the CPU would have in another order.
      '--no-repack',
      '--fit',
      allocates ? 'off' : 'on',
    ],
    ...['-c', String(contextLength * parallel), '-np', String(parallel), '-b', String(batch), '-ub', String(batch)],
    ...['--cache-type-k', type, '--cache-type-v', type, '--flash-attn', 'on'],
    ...['--log-verbosity', allocates ? '4' : '5', '--no-log-prefix', '--no-log-timestamps'],
  ];
  return new Promise((resolve, reject) => {
    const server = spawn('llama-server', args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT });
    let log = '';
    const read = (chunk: Buffer): void => {
      log += chunk.toString();
      if ((allocates ? RESERVED : PLANNED).test(log)) server.kill('SIGKILL');
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.once('error', reject);
    server.once('close', () => {
      resolve(log);
    });
  });
}
