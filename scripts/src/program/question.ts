/** A question that is asked until its answer is valid. */
export interface Question<Answer> {
  /** The question, without its preset: `AWS region?` */
  readonly text: string;
  /** Answer of a user who presses Enter, and of one who is not asked. */
  readonly preset: string;
  /** Parses an answer. Throws an error with structure for an invalid one: the user is asked again. */
  readonly parse: (text: string) => Answer;
  /** Explains the question, and lists answers, for a user who answers `?`. */
  readonly help: () => string;
  /** What the answer leads to, shown at once. @default - nothing is shown */
  readonly consequence?: (answer: Answer) => string;
}
