/**
 * Failure codes of the sidecar that keeps a server's models loaded, logged as `error[pull-offline]: …`. Programs parse the
 * code, which is stable; the words after it are for people and may change.
 */
export const SERVER_FAILURES = [
  /** A model is missing or of another digest, and pulls are off. */
  'pull-offline',
  /** A model is missing or of another digest, and the Job that pulls it has not finished. */
  'pull-awaited',
  /** One attempt of a pull failed; the message ends with Ollama's reason. */
  'pull-failed',
  /** Every attempt of a pull failed; the message ends with Ollama's reason. */
  'pull-gave-up',
  /** The tag no longer refers to the pinned digest. */
  'digest-moved',
  /** The alias with the context cannot be created; the message ends with Ollama's reason. */
  'alias-failed',
  /** A model did not answer in time, or an idle one has failed to answer twice. The message ends with Ollama's reason, if it gave one. */
  'no-answer',
  /** A model answered with an error; the message ends with Ollama's reason. */
  'answer-failed',
  /** The server does not list the loaded models; the message ends with Ollama's reason. */
  'list-failed',
  /** A model is no longer loaded. */
  'not-loaded',
  /** A model is listed, but its process is gone. */
  'runner-gone',
  /** The process of a model accepts connections and does not answer. */
  'runner-hung',
  /** A model is not entirely in GPU memory. */
  'wrong-place',
  /** A model does not have the promised context. */
  'wrong-context',
  /** The tag of a model has lost the context of its alias. */
  'tag-differs',
] as const;

export type ServerFailureCode = (typeof SERVER_FAILURES)[number];

/** A failure in the sidecar's log. */
export interface ServerFailure {
  /** Code of the failure; undefined for a code of another release. */
  readonly code: ServerFailureCode | undefined;
  /** Message after the code. */
  readonly message: string;
}

const LINE = /\berror\[(?<code>[a-z-]+)\]: (?<message>.*)$/;

/** Parses a line of the sidecar's log. Returns undefined for a line that does not report a failure. */
export function parseServerFailure(line: string): ServerFailure | undefined {
  const { code, message } = LINE.exec(line)?.groups ?? {};
  if (message === undefined) return undefined;
  return { code: SERVER_FAILURES.find((known) => known === code), message };
}
