/** Syntax of labels. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
import { DNS_SUBDOMAIN } from './kubernetes-names';

/** The name after the slash of a key, and a nonempty value. */
const NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/** What a key must be, for errors. */
export const LABEL_KEY_FORM =
  'at most 63 letters, digits and -_., beginning and ending with a letter or digit; optionally a domain and / before it';
/** What a value must be, for errors. */
export const LABEL_VALUE_FORM =
  'at most 63 letters, digits and -_., beginning and ending with a letter or digit, or empty';

/** Returns whether Kubernetes accepts the key. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  return NAME.test(key.slice(slash + 1)) && (slash < 0 || DNS_SUBDOMAIN.test(key.slice(0, slash)));
}

/** Returns whether Kubernetes accepts the value. */
export function isLabelValue(value: string): boolean {
  return value === '' || NAME.test(value);
}
