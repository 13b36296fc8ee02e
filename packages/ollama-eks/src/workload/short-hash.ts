import { createHash } from 'node:crypto';

/** Ten hexadecimal digits that change with the value; for the names of objects that can't be changed, only replaced. */
export function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 10);
}
