/** Compares objects of the GitOps tree with the objects of a cluster, to which the API server has added its defaults. */
import { isObject } from '../check-object';
import { FILLED_IN } from '../gitops/templates';

/** Suffixes of a quantity. @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
const QUANTITY = /^(\d+(?:\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti|)$/;

/**
 * Returns whether everything that is rendered runs as it is rendered. Fields that are not rendered may have any value, since defaults
 * cannot be distinguished from fields that were rendered earlier; lists must have the same length.
 */
export function runsAs(running: unknown, rendered: unknown): boolean {
  if (rendered === undefined || rendered === FILLED_IN) return true;
  if (isEmpty(rendered)) return isEmpty(running) || JSON.stringify(running) === JSON.stringify(rendered);
  if (Array.isArray(rendered)) {
    return (
      Array.isArray(running) &&
      running.length === rendered.length &&
      rendered.every((item, index) => runsAs(running[index], item))
    );
  }
  if (isObject(rendered)) {
    return isObject(running) && Object.entries(rendered).every(([key, value]) => runsAs(running[key], value));
  }
  return running === rendered || quantityOf(running) === quantityOf(rendered);
}

/** The API server leaves out what is empty. */
function isEmpty(value: unknown): boolean {
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === '' || value === false || value === 0 || isEmptyList(value);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Returns a quantity as a number, since the API server writes `1000m` as `1`; any other value as it is. */
function quantityOf(value: unknown): unknown {
  const [, digits, suffix = ''] = QUANTITY.exec(String(value)) ?? [];
  return digits === undefined ? value : Number(digits) * (SUFFIXES[suffix] ?? 1);
}
