import { NoAnswerError, reasonOf, type RequestOptions, trustRemedy } from './request';

/** A response that is read line by line as it arrives. */
export interface StreamedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Lines without line breaks. Throws NoAnswerError if the connection breaks or times out before the end, or if a line is too long. */
  readonly lines: AsyncIterable<string>;
}

/** Longest line that is read, in characters: many times the longest event of an answer, and little enough to hold in memory. */
const MAX_LINE = 8 * 1024 * 1024;

/** Reason for stopping the timer. Shared, because each new error would capture a stack trace. */
const READ = new Error('read in time');

/**
 * Sends an HTTP request and passes on the response as it arrives. The complete response must be read within the timeout. Throws
 * NoAnswerError, the signal's reason, or the error of `read`.
 */
export async function streaming<Result>(
  url: string,
  init: RequestInit,
  { clock, timeout, signal, fetch }: RequestOptions,
  read: (response: StreamedResponse) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController();
  const timer = new AbortController();
  const watch = clock.sleep(timeout, timer.signal).then(
    () => late.abort(),
    () => undefined, // read in time
  );
  const either = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
  const failure = (cause: unknown): unknown => {
    if (signal?.aborted) return signal.reason;
    if (late.signal.aborted)
      return new NoAnswerError(`no complete answer within ${String(timeout / 1000)} s`, { cause });
    return new NoAnswerError(`the connection broke: ${reasonOf(cause)}`, { cause, remedy: trustRemedy(cause) });
  };
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: either }).catch((cause: unknown) => {
      throw failure(cause);
    });
    return await read({ status: response.status, headers: response.headers, lines: linesOf(response, failure) });
  } finally {
    timer.abort(READ);
    late.abort(); // closes a response that was not read to its end
    await watch;
  }
}

async function* linesOf(response: Response, failure: (cause: unknown) => unknown): AsyncGenerator<string> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw failure(cause);
    });
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split(/\r?\n/);
    rest = done ? '' : (lines.pop() ?? '');
    if (rest.length > MAX_LINE) throw new NoAnswerError('a line of the answer is too long to be read');
    for (const line of lines) if (line !== '') yield line;
    if (done) return;
  }
}

/** Returns the `data:` lines of server-sent events, without the prefix. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export async function* eventData(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) {
    if (line.startsWith('data:')) yield line.slice('data:'.length).trim();
  }
}
