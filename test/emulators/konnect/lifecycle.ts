/** Something that changes its state by itself as time goes by. */
export interface Living {
  state: string;
  /** When it came into this state, in virtual milliseconds. */
  enteredAt: number;
}

/** What comes next, so many seconds after the present state was entered; undefined where nothing comes by itself. */
export type Next<Object extends Living> = (
  object: Object,
) => { readonly state: string; readonly after: number } | undefined;

/** Not a state of Konnect: it is not to be found any more. */
export const REMOVED = 'removed';

/** How long things take, in seconds. */
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
  /** How long something terminated is still listed. */
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

/** Moves an object on to where it is by now. */
export function settle<Object extends Living>(object: Object, now: number, next: Next<Object>): void {
  for (let step = next(object); step !== undefined; step = next(object)) {
    const at = object.enteredAt + step.after * 1000;
    if (at > now) return;
    object.state = step.state;
    object.enteredAt = at;
  }
}

/** Brings an object into a state from outside: by a deletion, an acceptance. */
export function enter(object: Living, state: string, now: number): void {
  object.state = state;
  object.enteredAt = now;
}
