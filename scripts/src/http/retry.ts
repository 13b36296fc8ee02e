import type { Clock } from '../program/context';

/** Limits for retrying a request. */
export interface RetryPolicy {
  /** Maximum number of requests, including the first. */
  readonly attempts: number;
  /** First delay in milliseconds. Each further delay is twice as long. */
  readonly initialDelay: number;
  /** Longest calculated delay in milliseconds. A server's `Retry-After` may be longer. */
  readonly maxDelay: number;
  /** Total delay in milliseconds. A delay that would exceed it is not started. */
  readonly budget: number;
}

/** Kong's own SDKs wait 0.5 s to 60 s. @see https://github.com/Kong/sdk-konnect-go (x-speakeasy-retries) */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { attempts: 8, initialDelay: 500, maxDelay: 60_000, budget: 300_000 };

/** Classification of a failure. */
export interface Retryable {
  /** Whether a retry may succeed. */
  readonly transient: boolean;
  /** Milliseconds that the server asked to wait, if it did. */
  readonly retryAfter?: number | undefined;
}

/** Sources of time and randomness, which tests control. */
export interface RetryTools {
  readonly clock: Clock;
  /** A number from 0 to 1, 1 excluded. */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Called before each delay. */
  readonly onRetry?: ((error: unknown, delay: number) => void) | undefined;
}

/**
 * Calls `attempt` until it succeeds, fails permanently, or reaches a limit of the policy. Throws the last failure.
 * Delays grow exponentially with jitter, so that many callers do not retry at the same moment.
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

/** Half of the delay is fixed and half is random. It is never shorter than the server's `Retry-After`. */
function waitBefore(count: number, retryAfter: number | undefined, policy: RetryPolicy, random: () => number): number {
  const full = Math.min(policy.maxDelay, policy.initialDelay * 2 ** (count - 1));
  const jittered = full / 2 + (full / 2) * random();
  return retryAfter === undefined ? jittered : retryAfter + jittered / 2;
}

/**
 * Parses either form of `Retry-After`, seconds or an HTTP date, into milliseconds from now. Returns undefined if it is missing or invalid.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
