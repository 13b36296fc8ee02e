/** Form of a digest, for errors. */
export const DIGEST_FORM = 'sha256: and 64 lowercase hex digits';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Whether a value is the digest of a manifest or a layer. */
export function isDigest(value: unknown): value is string {
  return typeof value === 'string' && DIGEST.test(value);
}
