/** Writes GGUF files of version 3. @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md#file-structure */

type Scalar = string | number | boolean;

/** A value of the header. A whole number is an unsigned 32-bit one, any other has single precision. */
export type GgufValue = Scalar | readonly Scalar[] | Float32Array | Int32Array;

/** A tensor in the header. */
export interface GgufTensorInfo {
  readonly name: string;
  readonly dimensions: readonly number[];
  /** @default 'F32' */
  readonly type?: TensorType;
}

/** A tensor of single precision. */
export interface GgufTensor extends GgufTensorInfo {
  readonly type?: 'F32';
  readonly weights: Float32Array;
}

/**
 * Types of tensors by name, and how many bytes a block of elements takes.
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
const TENSOR_TYPES = {
  F32: { id: 0, elements: 1, bytes: 4 },
  F16: { id: 1, elements: 1, bytes: 2 },
  BF16: { id: 30, elements: 1, bytes: 2 },
  Q8_0: { id: 8, elements: 32, bytes: 34 },
  Q6_K: { id: 14, elements: 256, bytes: 210 },
  Q5_0: { id: 6, elements: 32, bytes: 22 },
  Q4_0: { id: 2, elements: 32, bytes: 18 },
  Q4_K: { id: 12, elements: 256, bytes: 144 },
  MXFP4: { id: 39, elements: 32, bytes: 17 },
  /** The smallest type: 1.56 bits. */
  IQ1_S: { id: 19, elements: 256, bytes: 50 },
} as const;
export type TensorType = keyof typeof TENSOR_TYPES;

const TYPES = { uint32: 4, int32: 5, float32: 6, boolean: 7, string: 8, array: 9 };
/** Bytes to whose multiples tensors are aligned, unless the header says otherwise. */
const ALIGNMENT = 32;

/** Returns a file with these values in its header, in their order. */
export function ggufFile(values: Readonly<Record<string, GgufValue>>, tensors: readonly GgufTensor[] = []): Buffer {
  return Buffer.concat([ggufHead(values, tensors).head, ...tensors.map(({ weights }) => padded(floats(weights)))]);
}

/** Returns the beginning of a file up to the tensors, and the bytes of the tensors. */
export function ggufHead(
  values: Readonly<Record<string, GgufValue>>,
  tensors: readonly GgufTensorInfo[] = [],
): { readonly head: Buffer; readonly tensorBytes: number } {
  const entries = Object.entries(values);
  const infos: Buffer[] = [];
  let offset = 0;
  for (const { name, dimensions, type = 'F32' } of tensors) {
    const { id, elements, bytes } = TENSOR_TYPES[type];
    infos.push(text(name), uint32(dimensions.length), ...dimensions.map(uint64), uint32(id), uint64(offset));
    const size = (dimensions.reduce((all, length) => all * length, 1) / elements) * bytes;
    offset += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
  }
  const head = [
    Buffer.from('GGUF'),
    uint32(3),
    uint64(tensors.length),
    uint64(entries.length),
    ...entries.flatMap(([key, value]) => [text(key), typed(value)]),
    ...infos,
  ];
  return { head: padded(Buffer.concat(head)), tensorBytes: offset };
}

function typed(value: GgufValue): Buffer {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
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
