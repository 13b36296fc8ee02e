import type { Clock } from '../program/context';

/** How often, and how long, a request is tried again. */
export interface RetryPolicy {
  /** Requests in all, the first included. */
  readonly attempts: number;
  /** The first wait, in milliseconds; each further one is twice as long. */
  readonly initialDelay: number;
  /** The longest wait that is made up here, in milliseconds. A server's `Retry-After` may ask for more. */
  readonly maxDelay: number;
  /** All waits together, in milliseconds; a wait that would exceed it is not begun. */
  readonly budget: number;
}

/** Kong's own SDKs wait 0.5 s to 60 s. @see https://github.com/Kong/sdk-konnect-go (x-speakeasy-retries) */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { attempts: 8, initialDelay: 500, maxDelay: 60_000, budget: 300_000 };

/** What is tried again. */
export interface Retryable {
  /** Whether another attempt may succeed. */
  readonly transient: boolean;
  /** Milliseconds that the server asked to be left alone, where it did. */
  readonly retryAfter?: number | undefined;
}

/** What time and chance are taken from; tests step both. */
export interface RetryTools {
  readonly clock: Clock;
  /** A number from 0 to 1, 1 excluded. */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait. */
  readonly onRetry?: ((error: unknown, delay: number) => void) | undefined;
}

/**
 * Calls `attempt` until it succeeds, fails for good, or the policy is used up; then throws the last failure.
 * Waits grow exponentially with jitter, so that many callers do not come back at the same moment.
 */
export async function retrying<Result>(
  attempt: () => Promise<Result>,
  judge: (error: unknown) => Retryable,
  policy: RetryPolicy,
  { clock, random, signal, onRetry }: RetryTools,
): Promise<Result> {
  let waited = 0;
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      const { transient, retryAfter } = judge(error);
      if (!transient || count >= policy.attempts) throw error;
      const delay = waitBefore(count, retryAfter, policy, random);
      if (waited + delay > policy.budget) throw error;
      waited += delay;
      onRetry?.(error, delay);
      await clock.sleep(delay, signal);
    }
  }
}

/** Half of the wait is fixed, half is chance; what the server asked for is never undercut. */
function waitBefore(count: number, retryAfter: number | undefined, policy: RetryPolicy, random: () => number): number {
  const full = Math.min(policy.maxDelay, policy.initialDelay * 2 ** (count - 1));
  const jittered = full / 2 + (full / 2) * random();
  return retryAfter === undefined ? jittered : retryAfter + jittered / 2;
}

/**
 * Milliseconds to wait from now, of either form of `Retry-After`: seconds or an HTTP date. Undefined where there is none or it makes no sense.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
