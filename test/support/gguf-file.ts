/** Writes GGUF files of version 3. @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md#file-structure */

type Scalar = string | number | boolean;

/** A value of the header. A whole number is an unsigned 32-bit one, any other has single precision. */
export type GgufValue = string | number | readonly Scalar[] | Float32Array | Int32Array;

/** A tensor of single precision. */
export interface GgufTensor {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly weights: Float32Array;
}

const TYPES = { uint32: 4, int32: 5, float32: 6, boolean: 7, string: 8, array: 9 };
const TENSOR_FLOAT32 = 0;
/** Bytes to whose multiples tensors are aligned, unless the header says otherwise. */
const ALIGNMENT = 32;

/** Returns a file with these values in its header, in their order. */
export function ggufFile(values: Readonly<Record<string, GgufValue>>, tensors: readonly GgufTensor[] = []): Buffer {
  const entries = Object.entries(values);
  const infos: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const { name, dimensions, weights } of tensors) {
    infos.push(
      text(name),
      uint32(dimensions.length),
      ...dimensions.map(uint64),
      uint32(TENSOR_FLOAT32),
      uint64(offset),
    );
    const bytes = padded(floats(weights));
    data.push(bytes);
    offset += bytes.length;
  }
  const head = [
    Buffer.from('GGUF'),
    uint32(3),
    uint64(tensors.length),
    uint64(entries.length),
    ...entries.flatMap(([key, value]) => [text(key), typed(value)]),
    ...infos,
  ];
  return Buffer.concat([padded(Buffer.concat(head)), ...data]);
}

function typed(value: GgufValue): Buffer {
  if (typeof value === 'string' || typeof value === 'number')
    return Buffer.concat([uint32(typeOf(value)), item(value)]);
  if (value instanceof Float32Array) return list(TYPES.float32, value.length, [floats(value)]);
  if (value instanceof Int32Array) return list(TYPES.int32, value.length, Array.from(value, int32));
  return list(typeOf(value[0]), value.length, value.map(item));
}

function list(type: number, length: number, items: readonly Buffer[]): Buffer {
  return Buffer.concat([uint32(TYPES.array), uint32(type), uint64(length), ...items]);
}

function typeOf(value: Scalar | undefined): number {
  if (typeof value === 'string') return TYPES.string;
  if (typeof value === 'boolean') return TYPES.boolean;
  return Number.isInteger(value ?? 0) ? TYPES.uint32 : TYPES.float32;
}

function item(value: Scalar): Buffer {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean') return Buffer.from([Number(value)]);
  return Number.isInteger(value) ? uint32(value) : floats([value]);
}

function text(value: string): Buffer {
  return Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);
}

function floats(values: ArrayLike<number>): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (let index = 0; index < values.length; index += 1) bytes.writeFloatLE(values[index] ?? 0, index * 4);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)]);
}
