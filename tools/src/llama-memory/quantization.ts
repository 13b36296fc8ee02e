/**
 * Types of the tensors of a model, by the rules of `llama-quantize`, as far as they decide its size.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-quant.cpp (llama_tensor_get_type)
 */
import type { TensorType } from '../gguf-file';

/** How the weights of a model are stored. */
export type Quantization = 'Q4_K_M' | 'Q4_0' | 'MXFP4' | 'Q8_0' | 'BF16';

/** What decides the type of a tensor. */
export interface TensorPlace {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly layers: number;
  /** Whether the embeddings of tokens are the output layer, too. */
  readonly tied: boolean;
}

/** Small or sensitive matrices that stay as they are. */
const KEPT = /norm|ffn_gate_inp|ssm_conv1d|ssm_a|ssm_d|shortconv\.conv/;
/** Matrices that get more bits in a part of the layers. */
const MORE_BITS = /attn_v|ffn_down/;

/** Returns the type of a tensor. */
export function tensorType(quantization: Quantization, place: TensorPlace): TensorType {
  const { name, dimensions } = place;
  if (dimensions.length === 1 || !name.endsWith('.weight') || KEPT.test(name)) return 'F32';
  if (quantization === 'MXFP4') return name.includes('_exps') ? 'MXFP4' : 'BF16';
  if (quantization === 'BF16') return quantization;
  return withWidth(chosen(quantization, place), dimensions[0] ?? 0);
}

function chosen(quantization: 'Q4_K_M' | 'Q4_0' | 'Q8_0', { name, layers, tied }: TensorPlace): TensorType {
  if (quantization === 'Q8_0') return 'Q8_0';
  if (name === 'output.weight' || (name === 'token_embd.weight' && tied)) return 'Q6_K';
  if (quantization === 'Q4_0') return 'Q4_0';
  const { layer } = /^blk\.(?<layer>\d+)\./.exec(name)?.groups ?? {};
  return layer !== undefined && MORE_BITS.test(name) && hasMoreBits(Number(layer), layers) ? 'Q6_K' : 'Q4_K';
}

/** The first and last eighth of the layers, and every third one between them. */
function hasMoreBits(layer: number, layers: number): boolean {
  const eighth = Math.floor(layers / 8);
  return layer < eighth || layer >= Math.floor((7 * layers) / 8) || (layer - eighth) % 3 === 2;
}

/** Rows whose width is not a multiple of a block have smaller blocks, or none. */
function withWidth(type: TensorType, width: number): TensorType {
  if (width % 256 === 0) return type;
  if (width % 32 !== 0) return 'F16';
  return type === 'Q4_K' ? 'Q5_0' : type === 'Q6_K' ? 'Q8_0' : type;
}
