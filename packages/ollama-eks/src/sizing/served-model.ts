import type { ModelFigures } from '../catalogue/model-figures';

/** A model to serve. */
export interface OllamaModel {
  /** Name with its tag: `qwen3-coder:30b`. */
  readonly name: string;
  /** Tokens of context for each request, at most the model's native context. */
  readonly contextLength: number;
  /**
   * Requests answered at the same time (`OLLAMA_NUM_PARALLEL`, one number for the whole server). Each has `contextLength` tokens of its own.
   * @default 1
   */
  readonly parallel?: number;
  /**
   * Digest of the manifest, `sha256:` and 64 hex digits, that the tag must have.
   * @default the tag is taken as it is when pulled
   */
  readonly digest?: string;
  /**
   * Figures of a model that isn't listed, or of another build of one that is.
   * @default the catalogue's
   */
  readonly figures?: ModelFigures;
}

/** A model to serve, checked, with every figure known. */
export interface ServedModel {
  readonly name: string;
  readonly contextLength: number;
  /** Requests at the same time; 1 where Ollama allows no more for this family. */
  readonly parallel: number;
  /** Ollama serves this family one request at a time, whatever `OLLAMA_NUM_PARALLEL` says. */
  readonly parallelForced: boolean;
  readonly digest?: string;
  readonly figures: ModelFigures;
}

/** Checks the request and adds the figures. */
export declare function servedModel(request: OllamaModel, property?: string): ServedModel;
