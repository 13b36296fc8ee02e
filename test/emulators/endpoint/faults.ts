/** Faults of the emulated endpoint, which can be changed at any time. */
export interface EndpointFaults {
  /** Number of pieces after which streams are cut. */
  cutAfter?: number;
  /** Number of pieces after which streams end without an error, as a proxy may end them. */
  endAfter?: number;
  /** Path whose stream is silent after the first piece. */
  stall?: string;
  /** Tokens of a prompt that are read; the rest is silently dropped, as Ollama does. */
  readTokens?: number;
  /** Milliseconds to read a prompt; a prompt that continues an earlier one takes none. */
  readingTime?: number;
  /** Milliseconds of silence in the middle of a stream. */
  pause?: number;
  /** Whether no prompt is cached, so that each is read again. */
  forgetful: boolean;
  /** Whether the model ignores what the prompt asks for. */
  ignores: boolean;
  /** Whether an answer contains the prompt of the request before it. */
  leaks: boolean;
  /** Fraction of a model, 0 to 1, that is in GPU memory. */
  gpuShare: number;
  /** How a tool call is sent: correctly in `pieces`, as `text` in the answer, or `broken` with half of its arguments. */
  toolCall: 'pieces' | 'text' | 'broken';
  /** Error in the stream, after status 200. */
  streamError?: string;
  /** Whether Kong lets everything through. */
  open: boolean;
  /** Whether Kong has no routes and lets nothing through. */
  closed: boolean;
  /** Whether Kong accepts requests without a key. */
  noKey: boolean;
  /** Status of every request that Kong lets through. */
  status?: number;
  /** Message of that answer. */
  message?: string;
  /** Number of the next requests to a model that are refused with 429 and `Retry-After: 10`, as the gateway does when all servers are busy. */
  busy?: number;
  /** Whether Kong's data plane does not answer its own routes. */
  notKonnect: boolean;
}

/** Faults of an endpoint that works. */
export function noEndpointFaults(): EndpointFaults {
  return {
    forgetful: false,
    ignores: false,
    leaks: false,
    gpuShare: 1,
    toolCall: 'pieces',
    open: false,
    closed: false,
    noKey: false,
    notKonnect: false,
  };
}
