import type { Clock, Context } from './context';
import { CommandError, ExitCode } from './exit-codes';
import type { Wait } from './reporter';

/** Clock and signal of a wait. */
export interface Waiter {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** Callbacks during a wait. */
export interface WaitHooks {
  /** Called after every read. */
  readonly onProgress?: (wait: Wait) => void;
  /** Called once per notable event: an unknown state, a failed read. */
  readonly onNotice?: (message: string) => void;
  /** Called when the wait for a subject has ended, successfully or not. */
  readonly onEnd?: (subject: string) => void;
}

/** A state that requires action. */
export interface ActionNeeded {
  /** Required action, for the message. */
  readonly remedy: string;
  /** Performs the action if this program can. Called each time the state is entered. */
  readonly act?: () => Promise<void>;
}

/** Definition of a wait. */
export interface Watch<Object> {
  /** Name of the object: `network "ollama-eks"`. */
  readonly subject: string;
  readonly read: () => Promise<Object>;
  readonly stateOf: (object: Object) => string;
  readonly reasonOf?: (object: Object) => string | undefined;
  readonly success: readonly string[];
  /** States that end the wait with an error. */
  readonly failure: readonly string[];
  /** Known intermediate states. Unknown ones do not end the wait either, but are reported once. */
  readonly underway: readonly string[];
  readonly action?: (state: string, object: Object) => ActionNeeded | undefined;
  /** Usual duration in seconds. */
  readonly expected: number;
  /** Seconds after which the wait times out. */
  readonly deadline: number;
  /** Seconds between two reads. @default 30 */
  readonly interval?: number;
  /** Remedy for a failure state. */
  readonly remedy: string;
  /**
   * Describes the failure of a read if it is temporary; returns undefined for a failure that ends the wait.
   * @default - every failure ends the wait
   */
  readonly temporary?: (error: unknown) => TemporaryFailure | undefined;
}

/** A failed read that does not end the wait. */
export interface TemporaryFailure {
  /** Each kind is reported once. */
  readonly kind: string;
  readonly summary: string;
  /** Milliseconds that the server asked to wait, if it did. */
  readonly retryAfter?: number | undefined;
}

/** Seconds between two reads. */
const INTERVAL = 30;

/** Returns hooks that report a wait to the user. */
export function waitHooks({ reporter }: Pick<Context, 'reporter'>): WaitHooks {
  return { ...progressHooks({ reporter }), onNotice: (message) => reporter.warn(message) };
}

/** Returns hooks that report only the progress of a wait, whose events its reader reports. */
export function progressHooks({ reporter }: Pick<Context, 'reporter'>): WaitHooks {
  return {
    onProgress: (wait) => reporter.waiting(wait),
    onEnd: (subject) => reporter.waited(subject),
  };
}

/**
 * Reads an object repeatedly until it is in a success state.
 * Throws CommandError: exit code 6 in a failure state, with its reason; 5 at the deadline. Rethrows a failed read that is not temporary.
 */
export async function waitFor<Object>(waiter: Waiter, watch: Watch<Object>, hooks: WaitHooks = {}): Promise<Object> {
  try {
    return await readUntil(waiter, watch, hooks);
  } finally {
    hooks.onEnd?.(watch.subject);
  }
}

async function readUntil<Object>(waiter: Waiter, watch: Watch<Object>, hooks: WaitHooks): Promise<Object> {
  const started = waiter.clock.now();
  const reported = new Set<string>();
  let state = 'not read yet';
  let acting = '';
  for (;;) {
    const { object, failure } = await readOnce(watch);
    if (failure !== undefined) {
      reportOnce(reported, failure.kind, `still waiting, although: ${failure.summary}`, hooks);
    } else {
      state = watch.stateOf(object);
      if (watch.success.includes(state)) return object;
      throwIfFailed(watch, object, state);
      acting = await actIn(watch, object, state, acting, reported, hooks);
    }
    const goal = `not ${watch.success.join(' or ')}${acting === '' ? '' : ` (${acting})`}`;
    const interval = Math.max(watch.interval ?? INTERVAL, (failure?.retryAfter ?? 0) / 1000);
    await pause(waiter, { ...watch, interval }, started, { state, goal, waitsFor: watch.success.join(' or ') }, hooks);
  }
}

/** Reports the state, then waits until the next read is due. Throws CommandError (exit code 5) if that is after the deadline. */
export async function pause(
  waiter: Waiter,
  watch: Pick<Watch<unknown>, 'subject' | 'expected' | 'deadline' | 'interval'>,
  started: number,
  { state, goal, waitsFor }: { readonly state: string; readonly goal: string; readonly waitsFor: string },
  hooks: WaitHooks,
): Promise<void> {
  const elapsed = (waiter.clock.now() - started) / 1000;
  const interval = watch.interval ?? INTERVAL;
  hooks.onProgress?.({
    step: watch.subject,
    elapsedSeconds: elapsed,
    expectedSeconds: watch.expected,
    waitsFor: `${state}, waiting for ${waitsFor}`,
  });
  if (elapsed + interval > watch.deadline) {
    const minutes = String(Math.round(elapsed / 60));
    throw new CommandError(ExitCode.timeout, `${watch.subject} is ${state} after ${minutes} min, ${goal}`, {
      remedy: 'run the command again to continue waiting',
    });
  }
  await waiter.clock.sleep(interval * 1000, waiter.signal);
}

/** Reads the object, or describes the temporary failure. Rethrows any other failure. */
async function readOnce<Object>(
  watch: Watch<Object>,
): Promise<{ object: Object; failure?: undefined } | { object?: undefined; failure: TemporaryFailure }> {
  try {
    return { object: await watch.read() };
  } catch (error) {
    const failure = watch.temporary?.(error);
    if (failure === undefined) throw error;
    return { failure };
  }
}

function throwIfFailed<Object>(watch: Watch<Object>, object: Object, state: string): void {
  if (!watch.failure.includes(state)) return;
  const reason = watch.reasonOf?.(object);
  throw new CommandError(
    ExitCode.failedState,
    `${watch.subject} is ${state}${reason === undefined ? '' : ` (${reason})`}`,
    { remedy: watch.remedy },
  );
}

/** Acts when a state that requires action is entered. Returns the required action, or '' for none. */
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
      reportOnce(reported, state, `${watch.subject} is in the unknown state ${state}; still waiting`, hooks);
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
