/** Where a figure was read, and when. */
export interface Source {
  /** Title of the document, file or thread. */
  readonly title: string;
  /** URL; undefined if it is not known, because only a copy was found. */
  readonly url?: string;
  /** Date on which it was read, as `YYYY-MM-DD`. */
  readonly date: string;
}
