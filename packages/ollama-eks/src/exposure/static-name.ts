import { createHash } from 'node:crypto';

/** Characters of the digest that tells shortened names apart. */
const DIGEST_LENGTH = 6;

/**
 * `base-suffix`, within a service's limit: a base that is too long is cut and told apart by a digest of the whole, so
 * that the name is known at synth and the same every time.
 */
export function staticName(base: string, suffix: string, limit: number): string {
  const name = `${base}-${suffix}`;
  if (name.length <= limit) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, DIGEST_LENGTH);
  const room = limit - suffix.length - digest.length - 2;
  return `${base.slice(0, room).replace(/-+$/, '')}-${digest}-${suffix}`;
}
