/**
 * Fault of one pull:
 * - `error`: status 200, then a line with an error, which is how Ollama reports every failure;
 * - `cut`: half of the bytes, then the connection is cut;
 * - `stall`: half of the bytes, then nothing, for as long as the client waits;
 * - `unavailable`: status 503 at once.
 */
export type PullFault = 'error' | 'cut' | 'stall' | 'unavailable';

/** Faults of the emulated server, which can be changed at any time. */
export interface OllamaFaults {
  /** One for each future pull; pulls after the last one succeed. */
  pulls: PullFault[];
  /** Whether the registry shows no manifest to a client other than the server. */
  hidesManifests: boolean;
  /** Duration of a load, in milliseconds. */
  loadDelay: number;
  /** Error of every load. */
  loadError?: string;
  /** Called while a client waits for the list of loaded models. */
  whileListing?: () => Promise<void>;
  /** Milliseconds before a loaded model answers. */
  answerDelay: number;
  /** Status and error of every answer of a model. */
  answerError?: { readonly status: number; readonly message: string };
  /** Fraction of a model, 0 to 1, that is loaded into GPU memory. */
  gpuShare: number;
  /** Number of models that can be loaded at the same time. */
  room: number;
  /** Whether the server accepts connections but does not answer. */
  hangs: boolean;
}

/** Faults of a server that works. */
export function noFaults(): OllamaFaults {
  return {
    pulls: [],
    hidesManifests: false,
    loadDelay: 0,
    answerDelay: 0,
    gpuShare: 1,
    room: Number.POSITIVE_INFINITY,
    hangs: false,
  };
}
