// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
import { randomNumbers } from '../../support/random-numbers';

const EMBEDDING = 64;
const LAYERS = 2;
const HEADS = 4;
const FEED_FORWARD = 256;
/** Native context of the model, in tokens. */
export const TINY_CONTEXT = 131_072;
const ALIGNMENT = 32;
/** Tokens that are not characters. */
const CONTROLS = ['<unk>', '<s>', '</s>'];
const BYTES = 256;

/** Types of values, and of tensors, in the file. */
const U32 = 4;
const F32 = 6;
const STRING = 8;
const ARRAY = 9;
const I32 = 5;
const TENSOR_F32 = 0;

type Value = readonly [type: number, bytes: Buffer];

/**
 * Returns the GGUF file of a language model of a few hundred kilobytes with random weights. llama.cpp loads it and answers with
 * nonsense. Another seed gives other weights of the same size.
 */
export function tinyModel(seed: number): Buffer {
  const vocabulary = tokens();
  const metadata: readonly (readonly [string, Value])[] = [
    ['general.architecture', text('llama')],
    ['general.name', text(`tiny${String(seed)}`)],
    ['general.file_type', whole(0)],
    ['general.alignment', whole(ALIGNMENT)],
    ['llama.context_length', whole(TINY_CONTEXT)],
    ['llama.embedding_length', whole(EMBEDDING)],
    ['llama.block_count', whole(LAYERS)],
    ['llama.feed_forward_length', whole(FEED_FORWARD)],
    ['llama.attention.head_count', whole(HEADS)],
    ['llama.attention.head_count_kv', whole(HEADS)],
    ['llama.attention.layer_norm_rms_epsilon', real(1e-5)],
    ['llama.rope.dimension_count', whole(EMBEDDING / HEADS)],
    ['llama.vocab_size', whole(vocabulary.length)],
    ['tokenizer.ggml.model', text('llama')],
    [
      'tokenizer.ggml.tokens',
      list(
        STRING,
        vocabulary.map(({ bytes }) => sized(bytes)),
      ),
    ],
    [
      'tokenizer.ggml.scores',
      list(
        F32,
        vocabulary.map(({ score }) => float(score)),
      ),
    ],
    [
      'tokenizer.ggml.token_type',
      list(
        I32,
        vocabulary.map(({ type }) => integer(type)),
      ),
    ],
    ['tokenizer.ggml.bos_token_id', whole(1)],
    ['tokenizer.ggml.eos_token_id', whole(2)],
    ['tokenizer.ggml.unknown_token_id', whole(0)],
    ['tokenizer.chat_template', text("{% for m in messages %}{{ m['content'] }} {% endfor %}")],
  ];
  const random = randomNumbers(seed);
  const infos: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  const tensors = shapes(vocabulary.length);
  for (const [name, dimensions] of tensors) {
    const count = dimensions.reduce((product, dimension) => product * dimension, 1);
    const weights = Buffer.alloc(count * 4);
    const [width = 1] = dimensions;
    for (let index = 0; index < count; index += 1) {
      const drawn = random() - 0.5;
      const weight = name.includes('norm') ? 1 : (fixedWeight(name, index % width, Math.floor(index / width)) ?? drawn);
      weights.writeFloatLE(weight, index * 4);
    }
    infos.push(
      sized(Buffer.from(name)),
      integer(dimensions.length),
      ...dimensions.map(long),
      integer(TENSOR_F32),
      long(offset),
    );
    const padding = Buffer.alloc((ALIGNMENT - (weights.length % ALIGNMENT)) % ALIGNMENT);
    data.push(weights, padding);
    offset += weights.length + padding.length;
  }
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    integer(3),
    long(tensors.length),
    long(metadata.length),
    ...metadata.flatMap(([key, [type, bytes]]) => [sized(Buffer.from(key)), integer(type), bytes]),
    ...infos,
  ]);
  return Buffer.concat([head, Buffer.alloc((ALIGNMENT - (head.length % ALIGNMENT)) % ALIGNMENT), ...data]);
}

/**
 * Returns the weights that prevent the model from answering with tokens that are not characters: parts of characters break the
 * stream of an answer. The first number of a state is the same for all tokens, and counts against those.
 */
function fixedWeight(tensor: string, column: number, row: number): number | undefined {
  if (tensor === 'token_embd.weight' && column === 0) return 10;
  if (/attn_output|ffn_down/.test(tensor) && row === 0) return 0;
  if (tensor === 'output.weight' && column === 0) return row < CONTROLS.length + BYTES ? -100 : 0;
  return undefined;
}

interface Token {
  readonly bytes: Buffer;
  readonly score: number;
  readonly type: number;
}

/** Three control tokens, all bytes, and the printable characters, as in a vocabulary of SentencePiece. */
function tokens(): readonly Token[] {
  const byte = (code: number) => `<0x${code.toString(16).toUpperCase().padStart(2, '0')}>`;
  return [
    ...CONTROLS.map((name, index) => ({
      bytes: Buffer.from(name),
      score: 0,
      type: index === 0 ? 2 : 3,
    })),
    ...Array.from({ length: BYTES }, (_, code) => ({ bytes: Buffer.from(byte(code)), score: 0, type: 6 })),
    ...['\u2581', ...Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))].map(
      (character, index) => ({
        bytes: Buffer.from(character),
        score: -index,
        type: 1,
      }),
    ),
  ];
}

function shapes(vocabulary: number): readonly (readonly [string, readonly number[]])[] {
  const square = [EMBEDDING, EMBEDDING];
  const layer = (index: number) =>
    [
      ['attn_norm', [EMBEDDING]],
      ['attn_q', square],
      ['attn_k', square],
      ['attn_v', square],
      ['attn_output', square],
      ['ffn_norm', [EMBEDDING]],
      ['ffn_gate', [EMBEDDING, FEED_FORWARD]],
      ['ffn_up', [EMBEDDING, FEED_FORWARD]],
      ['ffn_down', [FEED_FORWARD, EMBEDDING]],
    ].map(([name, dimensions]) => [`blk.${String(index)}.${name as string}.weight`, dimensions as number[]] as const);
  return [
    ['token_embd.weight', [EMBEDDING, vocabulary]],
    ['output_norm.weight', [EMBEDDING]],
    ['output.weight', [EMBEDDING, vocabulary]],
    ...Array.from({ length: LAYERS }, (_, index) => layer(index)).flat(),
  ];
}

function whole(value: number): Value {
  return [U32, integer(value)];
}

function real(value: number): Value {
  return [F32, float(value)];
}

function text(value: string): Value {
  return [STRING, sized(Buffer.from(value))];
}

function list(type: number, items: readonly Buffer[]): Value {
  return [ARRAY, Buffer.concat([integer(type), long(items.length), ...items])];
}

function sized(bytes: Buffer): Buffer {
  return Buffer.concat([long(bytes.length), bytes]);
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
