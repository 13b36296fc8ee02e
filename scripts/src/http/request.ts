import type { Clock } from '../program/context';
import { type Advice, CommandError, ExitCode } from '../program/exit-codes';

/** A complete HTTP response. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** No answer: connection refused, dropped, or timed out (exit code 5). The request may have had its effect. */
export class NoAnswerError extends CommandError {
  public constructor(problem: string, advice?: Advice) {
    super(ExitCode.timeout, problem, advice);
    this.name = 'NoAnswerError';
  }
}

/** Reasons for aborting a request or its timer. Shared, because each new error would capture a stack trace. */
const ANSWERED = new Error('answered in time');
const LATE = new Error('not answered in time');

export interface RequestOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Milliseconds within which the complete answer must have been read. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sends an HTTP request without following redirects, which would forward the token. Throws NoAnswerError, or the signal's reason. */
export async function request(url: string, init: RequestInit, options: RequestOptions): Promise<HttpResponse> {
  const { clock, timeout, signal } = options;
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const watch = clock.sleep(timeout, controller.signal).then(
    () => controller.abort(LATE),
    () => undefined, // answered in time
  );
  try {
    signal?.throwIfAborted();
    const response = await options.fetch(url, { ...init, redirect: 'manual', signal: controller.signal });
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch (cause) {
    signal?.throwIfAborted();
    const late = controller.signal.reason === LATE;
    throw new NoAnswerError(late ? `no answer within ${String(timeout / 1000)} s` : reasonOf(cause), { cause });
  } finally {
    controller.abort(ANSWERED);
    signal?.removeEventListener('abort', onAbort);
    await watch;
  }
}

/** Returns the message of an error with that of its cause: fetch only says "fetch failed" itself. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
