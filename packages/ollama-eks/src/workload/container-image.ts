import { PINS } from '../catalogue/pins';
import type { Source } from '../catalogue/source';
import { ValidationError } from '../errors';

/** A container image, pinned by tag or, so that its content cannot change, by digest. */
export interface ContainerImage {
  /** Repository including the registry's host: `docker.io/ollama/ollama`. */
  readonly repository: string;
  /** Exact tag; `latest` is not supported. */
  readonly tag: string;
  /**
   * `sha256:` and 64 hexadecimal digits. Takes precedence over the tag, which then only informs the reader.
   * @default - only the tag
   */
  readonly digest?: string;
}

/** An image at the newest version known to work. */
export interface PublishedImage extends ContainerImage {
  /** Source of the version. */
  readonly source: Source;
}

/**
 * Ollama's server and command line. Must be at least 0.30: since then llama-server places the layers, as sizing assumes,
 * and talks to Ollama over connections that last for one request, as the drain assumes.
 */
export const OLLAMA_IMAGE: PublishedImage = {
  repository: 'docker.io/ollama/ollama',
  tag: PINS.ollama.version,
  source: PINS.ollama.source,
};

/** A small image with `sh` and `curl`. */
export const CURL_IMAGE: PublishedImage = {
  repository: 'docker.io/curlimages/curl',
  tag: PINS.curl.version,
  source: PINS.curl.source,
};

/** @see https://github.com/distribution/reference/blob/main/reference.go */
const REPOSITORY = /^([A-Za-z0-9.-]+(:\d+)?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** Floating tags: those without a digit. */
const FLOATING = /^\D*$/;

/**
 * Returns the image reference of a pod: `repository:tag`, or `repository:tag@digest`. Throws a `ValidationError` unless it
 * is well-formed and identifies one release.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */
export function imageReference({ repository, tag, digest }: ContainerImage, property: string): string {
  if (!REPOSITORY.test(repository)) {
    throw new ValidationError({
      property: `${property}.repository`,
      value: repository.includes('@') ? undefined : repository, // may contain a password
      problem: 'must be the repository of an image',
      allowed: 'a registry and a lowercase path, such as "docker.io/ollama/ollama", without scheme, tag and digest',
      remedy: 'copy it from the reference of the image, up to its tag; the registry must be known at synth',
    });
  }
  if (!TAG.test(tag) || FLOATING.test(tag)) {
    throw new ValidationError({
      property: `${property}.tag`,
      value: tag,
      problem: 'must identify one release',
      allowed: 'an exact version, such as "0.32.15"',
      remedy: 'set the release that you have tested',
    });
  }
  if (digest === undefined) return `${repository}:${tag}`;
  if (!DIGEST.test(digest)) {
    throw new ValidationError({
      property: `${property}.digest`,
      value: digest,
      problem: 'must be the digest of an image',
      allowed: '"sha256:" and 64 lowercase hexadecimal digits',
      remedy: 'copy it from the output of `docker buildx imagetools inspect`',
    });
  }
  return `${repository}:${tag}@${digest}`;
}
