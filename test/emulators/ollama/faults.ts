/**
 * What goes wrong with one pull:
 * - `error`: status 200, then a line with an error, as Ollama answers whatever happens;
 * - `cut`: half of the bytes, then the connection breaks;
 * - `unavailable`: status 503 at once.
 */
export type PullFault = 'error' | 'cut' | 'unavailable';

/** What is wrong with the emulated server; change it at any time. */
export interface OllamaFaults {
  /** One for each pull to come; those after the last succeed. */
  pulls: PullFault[];
  /** Milliseconds that a load takes. */
  loadDelay: number;
  /** Why no load succeeds. */
  loadError?: string;
  /** What happens while a client waits for the list of what is loaded. */
  whileListing?: () => Promise<void>;
  /** Milliseconds before a model that is loaded answers. */
  answerDelay: number;
  /** Status and error of each answer of a model. */
  answerError?: { readonly status: number; readonly message: string };
  /** Share of a model, 0 to 1, that is put into GPU memory when it is loaded. */
  gpuShare: number;
  /** Models that can be loaded at the same time. */
  room: number;
  /** Accepts connections, and answers nothing. */
  hangs: boolean;
}

/** A server without faults. */
export function noFaults(): OllamaFaults {
  return {
    pulls: [],
    loadDelay: 0,
    answerDelay: 0,
    gpuShare: 1,
    room: Number.POSITIVE_INFINITY,
    hangs: false,
  };
}
