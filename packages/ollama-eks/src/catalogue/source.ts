/** Where a figure was read, and when. */
export interface Source {
  /** What was read: a document, a file or a thread, by the name that its owner gives it. */
  readonly title: string;
  /** Where it is; undefined where that isn't known, because it was found as a copy only. */
  readonly url?: string;
  /** When it was read, as `YYYY-MM-DD`. */
  readonly date: string;
}
