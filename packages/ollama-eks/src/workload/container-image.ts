import { ValidationError } from '../errors';

/** A container image, pinned by tag and, for bytes that can't change, by digest. */
export interface ContainerImage {
  /** With registry host: `docker.io/ollama/ollama`, or that of a pull-through cache. */
  readonly repository: string;
  /** Exact tag; `latest` is refused. */
  readonly tag: string;
  /**
   * `sha256:` and 64 hexadecimal digits; wins over the tag, which stays for the reader.
   * @default - the tag alone
   */
  readonly digest?: string;
}

/**
 * Ollama's server and command line. At least 0.30: since then llama-server places the layers, which sizing reckons with.
 * @see https://github.com/ollama/ollama/releases/tag/v0.32.15 (read 2026-08-21)
 */
export const OLLAMA_IMAGE: ContainerImage = { repository: 'docker.io/ollama/ollama', tag: '0.32.15' };

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** Tags that move with time. */
const FLOATING = /^(latest|main|master|edge|nightly|stable|rocm)$/;

/**
 * The reference that a pod names: `repository:tag`, or `repository:tag@digest`.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */
export function imageReference(image: ContainerImage, property: string): string {
  if (!TAG.test(image.tag) || FLOATING.test(image.tag)) {
    throw new ValidationError({
      property: `${property}.tag`,
      value: image.tag,
      problem: 'the tag does not name one release',
      allowed: `an exact tag such as "${OLLAMA_IMAGE.tag}"`,
      remedy: 'name the release that you have tested',
    });
  }
  if (image.digest !== undefined && !DIGEST.test(image.digest)) {
    throw new ValidationError({
      property: `${property}.digest`,
      value: image.digest,
      problem: 'this is no digest of an image',
      allowed: '"sha256:" and 64 lower-case hexadecimal digits',
      remedy: 'take it from `docker buildx imagetools inspect`',
    });
  }
  const reference = `${image.repository}:${image.tag}`;
  return image.digest === undefined ? reference : `${reference}@${image.digest}`;
}
