import { ValidationError } from './errors';

/** Returns whether a value is an object, not null or a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Refuses anything but an object, such as null or a name: callers without types may pass any value.
 * @throws ValidationError that describes the expected object
 */
export function checkObject(value: unknown, property: string, allowed: string): void {
  if (!isObject(value)) {
    throw new ValidationError({
      property,
      value,
      problem: value === undefined ? 'is required' : 'is not an object',
      allowed,
      remedy: 'pass such an object',
    });
  }
}
