import { creationTime } from '../catalogue/creation-times';
import { coldStart } from './cold-start';

/** Bytes of `qwen3-coder:30b`, whose pull is `model_pull` of `creationTime`. */
const PULLED_BYTES = 18_556_700_761;

/** What decides the first start of a pool. */
export interface FirstStart {
  /** Seconds to load all models when nothing is cached. */
  readonly coldLoadSeconds: number;
  /** Seconds to pull all models, at least. @default 0 */
  readonly pullSeconds?: number;
  /** Bytes to pull. @default - those of `qwen3-coder:30b` */
  readonly modelBytes?: number;
}

/**
 * Returns the seconds from the request of the first node of a pool until its first server has pulled all models, and each has answered.
 * The registry is assumed to be as fast as it was reported for another model.
 */
export function firstAnswerSeconds(start: FirstStart): number {
  const { coldLoadSeconds, pullSeconds = 0, modelBytes = PULLED_BYTES } = start;
  const { node, attach, image, load, answer } = coldStart({ coldLoadSeconds });
  const pull = Math.ceil((creationTime('model_pull').seconds * modelBytes) / PULLED_BYTES);
  return node + attach + image + Math.max(pull, pullSeconds) + load + answer;
}
