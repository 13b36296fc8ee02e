import { pause, waitFor, type PassingFailure, type Waiter, type WaitHooks, type Watch } from '../program/waiting';
import { KonnectError } from './konnect-error';
import type { StateMetadata } from './types';

/** A write that is refused while an earlier change is under way. */
export interface BusyWrite<Answer> extends Pick<Watch<Answer>, 'subject' | 'expected' | 'deadline' | 'interval'> {
  readonly send: () => Promise<Answer>;
  /** Whether this refusal passes by itself. Any other ends the wait at once. */
  readonly busy: (error: KonnectError) => boolean;
}

/** Sends a write until it is taken. Throws KonnectError for a refusal that does not pass, CommandError (exit code 5) at the deadline. */
export async function sendWhenIdle<Answer>(
  client: Waiter,
  write: BusyWrite<Answer>,
  hooks: WaitHooks = {},
): Promise<Answer> {
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

/** Waits for something in Konnect like {@link waitFor}; a server that does not answer properly for a while ends no wait. */
export function waitInKonnect<Object>(
  client: Waiter,
  watch: Omit<Watch<Object>, 'passing'>,
  hooks: WaitHooks = {},
): Promise<Object> {
  return waitFor(client, { ...watch, passing: passingFailure }, hooks);
}

function passingFailure(error: unknown): PassingFailure | undefined {
  if (!(error instanceof KonnectError) || !error.transient) return undefined;
  return { kind: `status ${String(error.status)}`, summary: error.problem };
}

/** The 400s that pass by themselves. Others (a name that is taken, CIDRs that overlap) would be tried in vain for an hour. */
const PASSING =
  /not (yet )?(ready|finished)|transitional|still (initializing|provisioning|terminating)|referenced by|dependen/i;

/** Whether a refusal says that something is still changing. */
export function isBusy(error: KonnectError): boolean {
  return error.status === 400 && error.says(PASSING);
}

/** The reason that Konnect gives for a state, where it gives one. */
export function reasonIn({
  state_metadata: metadata,
}: {
  readonly state_metadata?: StateMetadata;
}): string | undefined {
  const parts = [metadata?.reported_status, metadata?.reason].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : parts.join(': ');
}

/** Whether something is gone or going: no longer to be counted as there. */
export function isGone({ state }: { readonly state: string }): boolean {
  return state === 'terminating' || state === 'terminated';
}

/**
 * Waits until something that was deleted is gone: terminated, or not found any more.
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
