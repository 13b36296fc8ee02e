/** Rules of tags: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
import { ValidationError } from '../errors';
import { isToken } from './check';

/** Tag by which everything that belongs to a cluster is found; its value is the cluster's name. */
export const CLUSTER_TAG = 'ollama-eks/cluster';

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
/** With those that AWS adds, 50 in all. */
const MOST_TAGS = 40;

/** Refuses tags that AWS would. */
export function checkTags(property: string, tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [key, value] of Object.entries(tags)) {
    const problem = problemOf(key, value);
    if (problem !== undefined) {
      throw new ValidationError({
        property: `${property}["${key}"]`,
        value,
        problem,
        allowed: 'keys of 1–128 and values of 0–256 letters, digits, spaces and _.:/=+-@; no key beginning with aws:',
        remedy: 'correct it',
      });
    }
  }
  if (Object.keys(tags).length > MOST_TAGS) {
    throw new ValidationError({
      property,
      value: Object.keys(tags).length,
      problem: 'is more tags than objects of AWS can carry beside their own',
      allowed: `at most ${MOST_TAGS}`,
      remedy: 'drop some',
    });
  }
  return tags;
}

function problemOf(key: string, value: string): string | undefined {
  if (/^aws:/i.test(key)) return 'has a key that AWS keeps for itself';
  if (key.length === 0 || key.length > 128 || !ALLOWED.test(key)) return 'has a key that AWS refuses';
  if (!isToken(value) && (value.length > 256 || !ALLOWED.test(value))) return 'is a value that AWS refuses';
  return undefined;
}
