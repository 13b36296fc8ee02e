// https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
import { either, recordOf, type Rule, shapeOf, TEXT } from '../check-props';

/** What is not named in a list of mirrors. */
export const ALL_OTHERS = '*';

/** Registries that everything is downloaded from instead of public ones. Their values must be known at synth. */
export interface Mirrors {
  /**
   * Chart repository, `oci://…` or `https://…`, that has all charts under their own names: `istiod` is then pulled from
   * `oci://111122223333.dkr.ecr.us-west-2.amazonaws.com/charts/istiod`. Or repositories by name of the chart, with `*` for all
   * others. A change updates all charts that move.
   * @default - each chart from the repository that publishes it
   */
  readonly charts?: string | Readonly<Record<string, string>>;
  /**
   * Registry and path that has all images under their path in the registry that publishes them: with
   * `111122223333.dkr.ecr.us-west-2.amazonaws.com/mirror`, `docker.io/ollama/ollama` is pulled from
   * `111122223333.dkr.ecr.us-west-2.amazonaws.com/mirror/ollama/ollama`. Or such locations by what they replace, with `*` for
   * all other registries: a registry (`docker.io`), which suits pull-through caches, or a single repository
   * (`nvcr.io/nvidia/k8s-device-plugin`). The longest match counts. Images that are in a mirror already stay. A change restarts all
   * pods whose images move.
   * @default - each image from the registry that publishes it
   */
  readonly images?: string | Readonly<Record<string, string>>;
}

const LOCATIONS = either(TEXT, recordOf(TEXT));

/** What mirrors must be, for callers without types. */
export const MIRRORS: Rule = shapeOf<Mirrors>({ charts: LOCATIONS, images: LOCATIONS });

/** Returns mirrors by what they replace. */
export function byReplaced(mirrors: Mirrors['charts']): ReadonlyMap<string, string> {
  return new Map(Object.entries(typeof mirrors === 'string' ? { [ALL_OTHERS]: mirrors } : (mirrors ?? {})));
}
