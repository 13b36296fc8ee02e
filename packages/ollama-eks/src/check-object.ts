import { ValidationError } from './errors';

/**
 * Refuses what is no object, such as null or a name: callers without types may give anything.
 * @throws ValidationError that says what the object should hold
 */
export function checkObject(value: unknown, property: string, allowed: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ValidationError({
      property,
      value,
      problem: value === undefined ? 'is missing' : 'is no object',
      allowed,
      remedy: 'give such an object',
    });
  }
}
