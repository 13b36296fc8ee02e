/** What is wrong with the emulated endpoint; change it at any time. */
export interface EndpointFaults {
  /** Streams end after so many pieces, in the middle of the connection. */
  cutAfter?: number;
  /** Path whose stream says nothing any more after the first piece. */
  stall?: string;
  /** Tokens of a prompt that are read; the rest is dropped without a word, as Ollama does. */
  readTokens?: number;
  /** Milliseconds that a prompt takes to be read; none where it goes on from one that was read before. */
  readingTime?: number;
  /** Milliseconds of silence in the middle of a stream. */
  pause?: number;
  /** No prompt is kept: each is read anew. */
  forgetful: boolean;
  /** Share of a model, 0 to 1, that lies in GPU memory. */
  gpuShare: number;
  /** How a tool call comes: `pieces` as it should, `text` printed into the answer, `broken` with half of its arguments. */
  toolCall: 'pieces' | 'text' | 'broken';
  /** An error in the stream, after status 200. */
  streamError?: string;
  /** Kong lets everything through. */
  open: boolean;
  /** Kong has no routes: it lets nothing through. */
  closed: boolean;
  /** Kong asks for no key. */
  noKey: boolean;
  /** Status of every request that is let through. */
  status?: number;
  /** Kong's data plane answers nothing of its own. */
  notKonnect: boolean;
}

/** An endpoint without faults. */
export function noEndpointFaults(): EndpointFaults {
  return {
    forgetful: false,
    gpuShare: 1,
    toolCall: 'pieces',
    open: false,
    closed: false,
    noKey: false,
    notKonnect: false,
  };
}
