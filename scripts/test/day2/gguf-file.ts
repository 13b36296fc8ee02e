/** A value of a GGUF header: a string, an unsigned 32-bit number, or a list of either. */
export type GgufValue = string | number | readonly number[] | readonly boolean[];

/** The beginning of a GGUF file of version 3. @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md#file-structure */
export function ggufFile(values: Readonly<Record<string, GgufValue>>): Buffer {
  const entries = Object.entries(values);
  return Buffer.concat([
    Buffer.from('GGUF'),
    uint32(3),
    uint64(0),
    uint64(entries.length),
    ...entries.flatMap(([key, value]) => [text(key), typed(value)]),
    Buffer.alloc(1024),
  ]);
}

const TYPES = { uint32: 4, boolean: 7, string: 8, array: 9 };

function typed(value: GgufValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([uint32(TYPES.string), text(value)]);
  if (typeof value === 'number') return Buffer.concat([uint32(TYPES.uint32), uint32(value)]);
  const type = typeof value[0] === 'boolean' ? TYPES.boolean : TYPES.uint32;
  const items = value.map((item) => (typeof item === 'boolean' ? Buffer.from([Number(item)]) : uint32(item)));
  return Buffer.concat([uint32(TYPES.array), uint32(type), uint64(value.length), ...items]);
}

function text(value: string): Buffer {
  return Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function uint64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}
