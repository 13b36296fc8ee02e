import { createHash } from 'node:crypto';

/** Returns a hash of ten hexadecimal digits, for names of immutable objects. */
export function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 10);
}
