/** Where a figure was read, and when. */
export interface Source {
  /** What was read: a document, a file or a thread, by the name that its owner gives it. */
  readonly title: string;
  /** Where it is. */
  readonly url: string;
  /** When it was read, as `YYYY-MM-DD`. */
  readonly date: string;
}
