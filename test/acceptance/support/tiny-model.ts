import { ggufFile } from '@org/ollama-eks-tools/gguf-file';
import { randomNumbers } from '../../support/random-numbers';

const EMBEDDING = 64;
const LAYERS = 2;
const HEADS = 4;
const FEED_FORWARD = 256;
/** Native context of the model, in tokens. */
export const TINY_CONTEXT = 131_072;
/** Tokens that are not characters. */
const CONTROLS = ['<unk>', '<s>', '</s>'];
const BYTES = 256;

/**
 * Returns the GGUF file of a language model of a few hundred kilobytes with random weights. llama.cpp loads it and answers with
 * nonsense. Another seed gives other weights of the same size.
 */
export function tinyModel(seed: number): Buffer {
  const vocabulary = tokens();
  const header = {
    'general.architecture': 'llama',
    'general.name': `tiny${String(seed)}`,
    'general.file_type': 0,
    'general.alignment': 32,
    'llama.context_length': TINY_CONTEXT,
    'llama.embedding_length': EMBEDDING,
    'llama.block_count': LAYERS,
    'llama.feed_forward_length': FEED_FORWARD,
    'llama.attention.head_count': HEADS,
    'llama.attention.head_count_kv': HEADS,
    'llama.attention.layer_norm_rms_epsilon': 1e-5,
    'llama.rope.dimension_count': EMBEDDING / HEADS,
    'llama.vocab_size': vocabulary.length,
    'tokenizer.ggml.model': 'llama',
    'tokenizer.ggml.tokens': vocabulary.map(({ text }) => text),
    'tokenizer.ggml.scores': Float32Array.from(vocabulary, ({ score }) => score),
    'tokenizer.ggml.token_type': Int32Array.from(vocabulary, ({ type }) => type),
    'tokenizer.ggml.bos_token_id': 1,
    'tokenizer.ggml.eos_token_id': 2,
    'tokenizer.ggml.unknown_token_id': 0,
    'tokenizer.chat_template': "{% for m in messages %}{{ m['content'] }} {% endfor %}",
  };
  const random = randomNumbers(seed);
  const tensors = shapes(vocabulary.length).map(([name, dimensions]) => {
    const weights = new Float32Array(dimensions.reduce((product, dimension) => product * dimension, 1));
    const [width = 1] = dimensions;
    for (let index = 0; index < weights.length; index += 1) {
      const drawn = random() - 0.5;
      weights[index] = fixedWeight(name, index % width, Math.floor(index / width)) ?? drawn;
    }
    return { name, dimensions, weights };
  });
  return ggufFile(header, tensors);
}

/**
 * Returns the weights that are not random: those of norms, and those that prevent the model from answering with tokens that are not
 * characters, since parts of characters break the stream of an answer. The first number of a state is the same for all tokens, and
 * counts against those.
 */
function fixedWeight(tensor: string, column: number, row: number): number | undefined {
  if (tensor.includes('norm')) return 1;
  if (tensor === 'token_embd.weight' && column === 0) return 10;
  if (/attn_output|ffn_down/.test(tensor) && row === 0) return 0;
  if (tensor === 'output.weight' && column === 0) return row < CONTROLS.length + BYTES ? -100 : 0;
  return undefined;
}

interface Token {
  readonly text: string;
  readonly score: number;
  readonly type: number;
}

/** Three control tokens, all bytes, and the printable characters, as in a vocabulary of SentencePiece. */
function tokens(): readonly Token[] {
  const byte = (code: number) => `<0x${code.toString(16).toUpperCase().padStart(2, '0')}>`;
  return [
    ...CONTROLS.map((name, index) => ({
      text: name,
      score: 0,
      type: index === 0 ? 2 : 3,
    })),
    ...Array.from({ length: BYTES }, (_, code) => ({ text: byte(code), score: 0, type: 6 })),
    ...['\u2581', ...Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))].map(
      (character, index) => ({
        text: character,
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
