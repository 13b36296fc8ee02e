import type { Clock } from '../program/context';
import { type Advice, CommandError, ExitCode } from '../program/exit-codes';

/** One answer, read to its end. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** No answer at all: refused, dropped, or not there in time (exit code 5). Whether the request had its effect is not known. */
export class NoAnswerError extends CommandError {
  public constructor(problem: string, advice?: Advice) {
    super(ExitCode.timeout, problem, advice);
    this.name = 'NoAnswerError';
  }
}

/** Why a request or its timer is stopped; made once, since every error carries a stack. */
const ANSWERED = new Error('answered in time');
const LATE = new Error('not answered in time');

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
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const watch = clock.sleep(timeout, controller.signal).then(
    () => controller.abort(LATE),
    () => undefined, // the answer was there first
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

/** fetch says "fetch failed" and keeps what happened in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
