import { pause, waitFor, type TemporaryFailure, type Waiter, type WaitHooks, type Watch } from '../program/waiting';
import { KonnectError, WrongAnswerError } from './konnect-error';
import type { StateMetadata } from './types';

/** A write that is refused while an earlier change is in progress. */
export interface BusyWrite<Answer> extends Pick<Watch<Answer>, 'subject' | 'expected' | 'deadline' | 'interval'> {
  readonly send: () => Promise<Answer>;
  /** Whether the refusal is temporary. Any other one ends the wait at once. */
  readonly busy: (error: KonnectError) => boolean;
}

/** Sends a write until it is accepted. Throws KonnectError for a permanent refusal, CommandError (exit code 5) at the deadline. */
export async function sendWhenIdle<Answer>(
  client: Waiter,
  write: BusyWrite<Answer>,
  hooks: WaitHooks = {},
): Promise<Answer> {
  try {
    return await sendUntil(client, write, hooks);
  } finally {
    hooks.onEnd?.(write.subject);
  }
}

async function sendUntil<Answer>(client: Waiter, write: BusyWrite<Answer>, hooks: WaitHooks): Promise<Answer> {
  const started = client.clock.now();
  for (;;) {
    try {
      return await write.send();
    } catch (error) {
      if (!(error instanceof KonnectError) || !write.busy(error)) throw error;
      const refusal = error.invalidParameters[0]?.reason ?? error.detail;
      await pause(
        client,
        write,
        started,
        { state: `busy: ${refusal}`, goal: 'not changed', waitsFor: 'its turn' },
        hooks,
      );
    }
  }
}

/**
 * Waits for an object in Konnect like {@link waitFor}. Temporary failures of the server do not end the wait, but
 * answers that are not those of Konnect do.
 */
export function waitInKonnect<Object>(
  client: Waiter,
  watch: Omit<Watch<Object>, 'temporary'>,
  hooks: WaitHooks = {},
): Promise<Object> {
  return waitFor(client, { ...watch, temporary: temporaryFailure }, hooks);
}

function temporaryFailure(error: unknown): TemporaryFailure | undefined {
  if (!(error instanceof KonnectError) || !error.transient || error instanceof WrongAnswerError) return undefined;
  return { kind: `status ${String(error.status)}`, summary: error.problem, retryAfter: error.retryAfter };
}

/** Temporary 400s. Others (a name that is taken, CIDRs that overlap) would be retried for an hour without effect. */
const TEMPORARY =
  /not (yet )?(ready|finished)|transitional|still (initializing|provisioning|terminating)|referenced by|dependen/i;

/** Whether a refusal means that an object is still changing. */
export function isBusy(error: KonnectError): boolean {
  return error.status === 400 && error.says(TEMPORARY);
}

/** Returns the reason that Konnect gives for a state, if any. */
export function reasonIn({
  state_metadata: metadata,
}: {
  readonly state_metadata?: StateMetadata;
}): string | undefined {
  const parts = [metadata?.reported_status, metadata?.reason].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : parts.join(': ');
}

/** Whether an object is being deleted or has been deleted. */
export function isGone({ state }: { readonly state: string }): boolean {
  return state === 'terminating' || state === 'terminated';
}

/**
 * Waits until a deleted object is gone: terminated, or not found.
 * Throws CommandError like {@link waitFor}.
 */
export async function waitUntilGone<Object extends { readonly state: string; readonly state_metadata?: StateMetadata }>(
  client: Waiter,
  watch: Pick<Watch<Object>, 'subject' | 'read' | 'expected' | 'deadline' | 'interval' | 'remedy'>,
  hooks: WaitHooks = {},
): Promise<void> {
  const read = async (): Promise<{ state: string; state_metadata?: StateMetadata }> => {
    try {
      return await watch.read();
    } catch (error) {
      if (error instanceof KonnectError && error.status === 404) return { state: 'terminated' };
      throw error;
    }
  };
  await waitInKonnect(
    client,
    {
      ...watch,
      read,
      stateOf: ({ state }) => state,
      reasonOf: reasonIn,
      success: ['terminated'],
      failure: ['error'],
      underway: ['terminating'],
    },
    hooks,
  );
}
