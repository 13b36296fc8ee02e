/**
 * Codes of what fails in the sidecar that keeps a server's models loaded. It logs them as `error[pull-offline]: …`:
 * programs go by the code, which stays, and people by the words after it, which may change.
 */
export const SERVER_FAILURES = [
  /** A model is missing or of another digest, and pulls are off. */
  'pull-offline',
  /** One attempt of a pull failed; the words end in Ollama's reason. */
  'pull-failed',
  /** Every attempt of a pull failed; the words end in Ollama's reason. */
  'pull-gave-up',
  /** What the tag leads to is not what was pinned. */
  'digest-moved',
  /** The alias with the context cannot be created; the words end in Ollama's reason. */
  'alias-failed',
  /** A model did not answer in time; the words end in Ollama's reason. */
  'no-answer',
  /** The server does not list what is loaded; the words end in Ollama's reason. */
  'list-failed',
  /** A model is no longer loaded. */
  'not-loaded',
  /** A model is not wholly in GPU memory. */
  'wrong-place',
  /** A model has another context than promised. */
  'wrong-context',
  /** The tag of a model has lost the context of its alias. */
  'tag-differs',
] as const;

export type ServerFailureCode = (typeof SERVER_FAILURES)[number];

/** A failure as the sidecar logs it. */
export interface ServerFailure {
  /** Undefined for a code of another release. */
  readonly code: ServerFailureCode | undefined;
  /** The words after the code. */
  readonly message: string;
}

const LINE = /\berror\[(?<code>[a-z-]+)\]: (?<message>.*)$/;

/** Reads a line of the sidecar's log; undefined for one that reports no failure. */
export function parseServerFailure(line: string): ServerFailure | undefined {
  const { code, message } = LINE.exec(line)?.groups ?? {};
  if (message === undefined) return undefined;
  return { code: SERVER_FAILURES.find((known) => known === code), message };
}
