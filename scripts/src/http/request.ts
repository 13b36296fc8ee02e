import type { Clock, Fetch } from '../program/context';
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

/** An answer that was not read to its end because it exceeds the limit (exit code 6). */
export class OversizedAnswerError extends CommandError {
  public constructor(maxBytes: number) {
    super(ExitCode.failedState, `the answer is larger than ${String(maxBytes / 1024 / 1024)} MiB`);
    this.name = 'OversizedAnswerError';
  }
}

/** Default limit of an answer: several times the longest list of Konnect, and little enough to hold in memory. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Reasons for aborting a request or its timer. Shared, because each new error would capture a stack trace. */
const ANSWERED = new Error('answered in time');
const LATE = new Error('not answered in time');

export interface RequestOptions {
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Milliseconds within which the complete answer must have been read. */
  readonly timeout: number;
  /** Largest answer that is read. @default 32 MiB */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends an HTTP request without following redirects, which would forward the token. Throws NoAnswerError, OversizedAnswerError, or the
 * signal's reason.
 */
export async function request(url: string, init: RequestInit, options: RequestOptions): Promise<HttpResponse> {
  const { clock, timeout, maxBytes = MAX_BYTES, signal } = options;
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
    return { status: response.status, headers: response.headers, body: await readText(response, maxBytes) };
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof OversizedAnswerError) throw cause;
    const late = controller.signal.reason === LATE;
    if (late) throw new NoAnswerError(`no answer within ${String(timeout / 1000)} s`, { cause });
    throw new NoAnswerError(reasonOf(cause), { cause, remedy: trustRemedy(cause) });
  } finally {
    controller.abort(ANSWERED);
    signal?.removeEventListener('abort', onAbort);
    await watch;
  }
}

/** Reads a body. One of a declared length cannot be longer than that, unless it is compressed; any other is counted while it is read. */
async function readText(response: Response, maxBytes: number): Promise<string> {
  const { headers } = response;
  const declared = headers.has('content-encoding') ? NaN : Number(headers.get('content-length') ?? NaN);
  if (declared > maxBytes) throw new OversizedAnswerError(maxBytes);
  if (response.body === null || declared <= maxBytes) return response.text();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new OversizedAnswerError(maxBytes);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks)); // without a byte order mark, like response.text()
}

/** Errors of Node.js for a certificate of an authority that it does not trust. @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** Returns what to do if the certificate of a server is not trusted; undefined for any other failure. */
export function trustRemedy(error: unknown): string | undefined {
  const { code } = (error instanceof Error ? (error.cause ?? error) : {}) as { readonly code?: unknown };
  if (typeof code !== 'string' || !UNTRUSTED.includes(code)) return undefined;
  return 'set NODE_EXTRA_CA_CERTS to a file with the certificate of the authority: without Kong, that is the output gateway_ca_certificate of Terraform, and behind a proxy of your company, the authority of the proxy';
}

/** Returns the message of an error with that of its cause: fetch only says "fetch failed" itself. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return typeof cause === 'object' && cause !== null && 'message' in cause && typeof cause.message === 'string'
    ? `${message}: ${cause.message}`
    : message;
}
