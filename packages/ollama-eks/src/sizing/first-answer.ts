import { creationTime } from '../catalogue/creation-times';
import { modelFigures } from '../catalogue/model';
import { coldStart } from './cold-start';

/** The model whose pull is `model_pull` of `creationTime`. */
const PULLED = 'qwen3-coder:30b';

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
  const { bytes } = modelFigures(PULLED);
  const { coldLoadSeconds, pullSeconds = 0, modelBytes = bytes } = start;
  const { node, attach, image, load, answer } = coldStart({ coldLoadSeconds });
  const pull = Math.ceil((creationTime('model_pull').seconds * modelBytes) / bytes);
  return node + attach + image + Math.max(pull, pullSeconds) + load + answer;
}
