import type { Clock } from '../context';

/** One answer, read to its end. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** No answer at all: refused, dropped, or not there in time. Whether the request had its effect is not known. */
export class NoAnswerError extends Error {
  public constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NoAnswerError';
  }
}

/** Why a timer is stopped; one for all, since each would carry a stack. */
const ANSWERED = new Error('answered in time');

export interface RequestOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Milliseconds until the whole answer must have been read. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** One HTTP request without following redirects (they would carry the token elsewhere). Throws NoAnswerError, or the signal's reason. */
export async function request(url: string, init: RequestInit, options: RequestOptions): Promise<HttpResponse> {
  const { clock, timeout, signal } = options;
  const late = new AbortController();
  const timer = new AbortController();
  const watch = clock.sleep(timeout, timer.signal).then(
    () => late.abort(),
    () => undefined, // the answer was there first
  );
  const either = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
  try {
    const response = await options.fetch(url, { ...init, redirect: 'manual', signal: either });
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = late.signal.aborted ? `no answer within ${String(timeout / 1000)} s` : reasonOf(cause);
    throw new NoAnswerError(reason, { cause });
  } finally {
    timer.abort(ANSWERED);
    await watch;
  }
}

/** fetch says "fetch failed" and keeps what happened in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
