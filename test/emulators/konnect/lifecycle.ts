/** An object that changes its state over time. */
export interface Living {
  state: string;
  /** When it entered this state, in virtual milliseconds. */
  enteredAt: number;
}

/** Next state, and its delay in seconds after the current state was entered; undefined if the state is final. */
export type Next<Object extends Living> = (
  object: Object,
) => { readonly state: string; readonly after: number } | undefined;

/** Not a state of Konnect: the object no longer exists. */
export const REMOVED = 'removed';

/** Durations, in seconds. */
export interface Timeline {
  readonly created: number;
  /** Kong: 30 to 40 minutes. */
  readonly networkReady: number;
  readonly networkGone: number;
  readonly groupReady: number;
  readonly groupGone: number;
  readonly attachmentPending: number;
  readonly attachmentReady: number;
  readonly attachmentGone: number;
  readonly dnsReady: number;
  /** How long a terminated object is still listed. */
  readonly listedAfterwards: number;
}

export const TIMELINE: Timeline = {
  created: 10,
  networkReady: 35 * 60,
  networkGone: 10 * 60,
  groupReady: 8 * 60,
  groupGone: 4 * 60,
  attachmentPending: 60,
  attachmentReady: 3 * 60,
  attachmentGone: 3 * 60,
  dnsReady: 2 * 60,
  listedAfterwards: 60,
};

/** Advances an object to its state at the current time. */
export function settle<Object extends Living>(object: Object, now: number, next: Next<Object>): void {
  for (let step = next(object); step !== undefined; step = next(object)) {
    const at = object.enteredAt + step.after * 1000;
    if (at > now) return;
    object.state = step.state;
    object.enteredAt = at;
  }
}

/** Puts an object into a state because of an action, such as its deletion. */
export function enter(object: Living, state: string, now: number): void {
  object.state = state;
  object.enteredAt = now;
}
