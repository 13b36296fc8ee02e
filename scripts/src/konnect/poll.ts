import type { Clock } from '../program/context';
import { CommandError, ExitCode } from '../program/exit-codes';
import type { Wait } from '../program/reporter';
import { KonnectError } from './konnect-error';
import type { StateMetadata } from './types';

/** What a wait needs of the world. */
export interface Waiter {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** What happens while something is waited for. */
export interface WaitHooks {
  /** Called after every look. */
  readonly onProgress?: (wait: Wait) => void;
  /** Called once for each thing worth knowing: an unknown state, a look that failed. */
  readonly onNotice?: (message: string) => void;
}

/** A state that does not go on by itself. */
export interface ActionNeeded {
  /** What has to be done, for the message. */
  readonly remedy: string;
  /** Does it, where this program can; called once each time the state is entered. */
  readonly act?: () => Promise<void>;
}

/** What is waited for. */
export interface Watch<Object> {
  /** Name of the object: `network "ollama-eks"`. */
  readonly subject: string;
  readonly read: () => Promise<Object>;
  readonly stateOf: (object: Object) => string;
  readonly reasonOf?: (object: Object) => string | undefined;
  readonly success: readonly string[];
  /** States that do not mend themselves. */
  readonly failure: readonly string[];
  /** States on the way. Others are waited out too, but reported once. */
  readonly underway: readonly string[];
  readonly action?: (state: string, object: Object) => ActionNeeded | undefined;
  /** Seconds that it usually takes. */
  readonly expected: number;
  /** Seconds after which it is given up. */
  readonly deadline: number;
  /** Seconds between two looks. @default 30 */
  readonly interval?: number;
  /** What to do in a failure state. */
  readonly remedy: string;
}

const INTERVAL = 30;

/**
 * Looks again and again until a success state is there.
 * Throws CommandError: exit code 6 in a failure state, with Konnect's reason; 5 at the deadline; KonnectError at once for 401, 403 and 404.
 */
export async function waitFor<Object>(client: Waiter, watch: Watch<Object>, hooks: WaitHooks = {}): Promise<Object> {
  const started = client.clock.now();
  const reported = new Set<string>();
  let state = 'not seen yet';
  let acting = '';
  for (;;) {
    const object = await look(watch, hooks, reported);
    if (object !== undefined) {
      state = watch.stateOf(object);
      if (watch.success.includes(state)) return object;
      throwIfFailed(watch, object, state);
      acting = await actIn(watch, object, state, acting, reported, hooks);
    }
    const goal = `not ${watch.success.join(' or ')}${acting === '' ? '' : ` (${acting})`}`;
    await pause(client, watch, started, { state, goal, waitsFor: watch.success.join(' or ') }, hooks);
  }
}

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

/** Reports where things stand, then waits until the next look is due. Throws CommandError (exit code 5) when there is no time for one. */
async function pause(
  client: Waiter,
  watch: Pick<Watch<unknown>, 'subject' | 'expected' | 'deadline' | 'interval'>,
  started: number,
  { state, goal, waitsFor }: { readonly state: string; readonly goal: string; readonly waitsFor: string },
  hooks: WaitHooks,
): Promise<void> {
  const elapsed = (client.clock.now() - started) / 1000;
  const interval = watch.interval ?? INTERVAL;
  hooks.onProgress?.({
    step: watch.subject,
    elapsedSeconds: elapsed,
    expectedSeconds: watch.expected,
    waitsFor: `${state}, waiting for ${waitsFor}`,
  });
  if (elapsed + interval > watch.deadline) {
    const minutes = String(Math.round(elapsed / 60));
    throw new CommandError(
      ExitCode.timeout,
      `${watch.subject} is ${state} after ${minutes} min, ${goal}; run the command again to go on waiting`,
    );
  }
  await client.clock.sleep(interval * 1000, client.signal);
}

/** One look; a server that does not answer properly for a while is no reason to give up a wait of an hour. */
async function look<Object>(
  watch: Watch<Object>,
  hooks: WaitHooks,
  reported: Set<string>,
): Promise<Object | undefined> {
  try {
    return await watch.read();
  } catch (error) {
    if (!(error instanceof KonnectError) || !error.transient) throw error;
    reportOnce(reported, `status ${String(error.status)}`, `still waiting, although: ${error.summary}`, hooks);
    return undefined;
  }
}

function throwIfFailed<Object>(watch: Watch<Object>, object: Object, state: string): void {
  if (!watch.failure.includes(state)) return;
  const reason = watch.reasonOf?.(object);
  throw new CommandError(
    ExitCode.failedState,
    `${watch.subject} is ${state}${reason === undefined ? '' : ` (${reason})`}; ${watch.remedy}`,
  );
}

/** Acts when a state that needs it is entered. Returns what has to be done, '' for nothing. */
async function actIn<Object>(
  watch: Watch<Object>,
  object: Object,
  state: string,
  acting: string,
  reported: Set<string>,
  hooks: WaitHooks,
): Promise<string> {
  const needed = watch.action?.(state, object);
  if (needed === undefined) {
    if (!watch.underway.includes(state)) {
      reportOnce(reported, state, `${watch.subject} is in state ${state}, which is not known here; waiting on`, hooks);
    }
    return '';
  }
  const reason = watch.reasonOf?.(object);
  const remedy = reason === undefined ? needed.remedy : `${needed.remedy} (${reason})`;
  if (remedy !== acting) {
    hooks.onNotice?.(`${watch.subject} is ${state}: ${remedy}`);
    await needed.act?.();
  }
  return remedy;
}

function reportOnce(reported: Set<string>, key: string, message: string, hooks: WaitHooks): void {
  if (reported.has(key)) return;
  reported.add(key);
  hooks.onNotice?.(message);
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
  await waitFor(
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
