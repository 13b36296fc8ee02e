import type { Clock, Context } from './context';
import { CommandError, ExitCode } from './exit-codes';
import type { Wait } from './reporter';

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
  /**
   * What a look failed with where that passes by itself; undefined for a failure that ends the wait.
   * @default - every failure ends it
   */
  readonly passing?: (error: unknown) => PassingFailure | undefined;
}

/** A look that failed, and is no reason to give up a wait of an hour. */
export interface PassingFailure {
  /** Each kind is reported once. */
  readonly kind: string;
  readonly summary: string;
}

/** Seconds between two looks. */
const INTERVAL = 30;

/** Tells people of a wait. */
export function waitHooks({ reporter }: Pick<Context, 'reporter'>): WaitHooks {
  return {
    onProgress: (wait) => reporter.waiting(wait),
    onNotice: (message) => reporter.warn(message),
  };
}

/**
 * Looks again and again until a success state is there.
 * Throws CommandError: exit code 6 in a failure state, with its reason; 5 at the deadline; and at once what a look throws that does not pass.
 */
export async function waitFor<Object>(waiter: Waiter, watch: Watch<Object>, hooks: WaitHooks = {}): Promise<Object> {
  const started = waiter.clock.now();
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
    await pause(waiter, watch, started, { state, goal, waitsFor: watch.success.join(' or ') }, hooks);
  }
}

/** Reports where things stand, then waits until the next look is due. Throws CommandError (exit code 5) when there is no time for one. */
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
      remedy: 'run the command again to go on waiting',
    });
  }
  await waiter.clock.sleep(interval * 1000, waiter.signal);
}

/** One look; undefined for one that failed with what passes by itself. */
async function look<Object>(
  watch: Watch<Object>,
  hooks: WaitHooks,
  reported: Set<string>,
): Promise<Object | undefined> {
  try {
    return await watch.read();
  } catch (error) {
    const passing = watch.passing?.(error);
    if (passing === undefined) throw error;
    reportOnce(reported, passing.kind, `still waiting, although: ${passing.summary}`, hooks);
    return undefined;
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
