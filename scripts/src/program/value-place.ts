import { UsageError } from './errors';
import { getValue, isObject } from './value-path';

/** What a format calls an object. */
type Noun = 'an object' | 'a table';

const REMEDY = 'correct or remove it, then run this again';

/**
 * Throws UsageError if setting a value would lose what the user wrote: if a parent is not an object, or if an object is in the place of a
 * single value.
 */
export function requirePlace(file: string, values: object, path: readonly string[], value: unknown, noun: Noun): void {
  for (const parent of path.slice(1).map((_, index) => path.slice(0, index + 1))) {
    const found = getValue(values, parent);
    if (found === undefined || isObject(found)) continue;
    throw new UsageError(`${file}: ${parent.join('.')} must be ${noun}, but is ${kindOf(found)}`, {
      allowed: noun,
      remedy: REMEDY,
    });
  }
  if (value === undefined || isObject(value) || !isObject(getValue(values, path))) return;
  throw new UsageError(`${file}: ${path.join('.')} must not be ${noun}`, { allowed: kindOf(value), remedy: REMEDY });
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return value instanceof Date ? 'a date' : `a ${typeof value === 'bigint' ? 'number' : typeof value}`;
}
