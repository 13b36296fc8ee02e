import type { GgufValue } from '../gguf-file';
import type { Quantization } from './quantization';

/** A model as its header describes it, without its weights. */
export interface Shape {
  /** Name in Ollama's library. */
  readonly model: string;
  /** Keys of the header that are larger in the real model: feed-forward layers, experts, vocabulary. */
  readonly whole: Readonly<Record<string, GgufValue>>;
  readonly quantization: Quantization;
  /** Whether the embeddings of tokens are the output layer, too. */
  readonly tied: boolean;
  /** The header, with the attention of the real model. Feed-forward layers and experts are as small as possible: they cache nothing. */
  readonly header: Readonly<Record<string, GgufValue>>;
  /**
   * Names kinds of layers that have the same tensors.
   * @default - all layers are of one kind
   */
  readonly kindOf?: (layer: number) => string;
}

/** A use of a model that llama-server is asked for. */
export interface Use {
  /** Tokens of context for each request. */
  readonly contextLength: number;
  readonly parallel: number;
  readonly type: 'f16' | 'q8_0';
  readonly batch: number;
}

/** What llama-server allocated, in bytes to the precision of its log (0.01 MiB). */
export interface Allocation {
  /** Keys and values. */
  readonly cacheMiB: number;
  /** Recurrent states. */
  readonly stateMiB: number;
}

/** What llama-server plans for the whole model, in MiB: without allocating it, as for its own placement on GPUs. */
export interface Projection {
  /** All tensors. */
  readonly weightsMiB: number;
  /** The compute buffer on the CPU, to 0.01. Those of GPUs are other ones. */
  readonly computeMiB: number;
}
