/** A sync in progress, with its retries (controller/appcontroller.go, processRequestedAppOperation). */
import { RETRY } from '../../../src/gitops/child-application';

const FIRST_PAUSE = seconds(RETRY.backoff.duration);
const LONGEST_PAUSE = seconds(RETRY.backoff.maxDuration);

/** State of a sync. */
export interface Operation {
  readonly startedAt: number;
  phase: 'Running' | 'Succeeded' | 'Failed';
  retryCount: number;
  message: string;
  retryAt?: number;
}

/** Returns a new sync. */
export function newOperation(now: number): Operation {
  return { phase: 'Running', retryCount: 0, message: '', startedAt: now };
}

/** Records a failure: the sync is retried later, or ends. */
export function fail(operation: Operation, message: string, limit: number, now: number): void {
  operation.message = message;
  if (limit >= 0 && operation.retryCount >= limit) {
    operation.phase = 'Failed';
    return;
  }
  operation.retryAt = now + Math.min(FIRST_PAUSE * 2 ** operation.retryCount, LONGEST_PAUSE);
  operation.retryCount += 1;
}

/** Returns whether a sync is waiting for its next attempt. */
export function isPausing({ retryAt }: Operation, now: number): boolean {
  return retryAt !== undefined && now < retryAt;
}

/** Converts `10s` and `10m` to seconds. */
function seconds(duration: string): number {
  return Number.parseInt(duration, 10) * (duration.endsWith('m') ? 60 : 1);
}
