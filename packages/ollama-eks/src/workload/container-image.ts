import type { Source } from '../catalogue/source';
import { ValidationError } from '../errors';

/** A container image, pinned by tag and, for bytes that can't change, by digest. */
export interface ContainerImage {
  /** With the registry's host: `docker.io/ollama/ollama`, or that of a pull-through cache. */
  readonly repository: string;
  /** Exact tag; `latest` is refused. */
  readonly tag: string;
  /**
   * `sha256:` and 64 hexadecimal digits; wins over the tag, which stays for the reader.
   * @default - the tag alone
   */
  readonly digest?: string;
}

/** An image at the newest version known to be good. */
export interface PublishedImage extends ContainerImage {
  /** Where the version was read. */
  readonly source: Source;
}

/**
 * Ollama's server and command line. At least 0.30: since then llama-server places the layers, which sizing reckons
 * with, and talks to Ollama over connections that last for one request, which the drain looks at.
 */
export const OLLAMA_IMAGE: PublishedImage = {
  repository: 'docker.io/ollama/ollama',
  tag: '0.32.15',
  source: {
    title: 'ollama/ollama v0.32.15',
    url: 'https://github.com/ollama/ollama/releases/tag/v0.32.15',
    date: '2026-11-23',
  },
};

/** Small image with `sh` and `curl`. */
export const CURL_IMAGE: PublishedImage = {
  repository: 'docker.io/curlimages/curl',
  tag: '8.21.0',
  source: {
    title: 'curl/curl-container 8.21.0',
    url: 'https://github.com/curl/curl-container/releases',
    date: '2026-11-23',
  },
};

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** Tags that move with time: no digit in them. */
const FLOATING = /^\D*$/;

/**
 * The reference that a pod names: `repository:tag`, or `repository:tag@digest`. Throws unless it names one release.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */
export function imageReference({ repository, tag, digest }: ContainerImage, property: string): string {
  if (!TAG.test(tag) || FLOATING.test(tag)) {
    throw new ValidationError({
      property: `${property}.tag`,
      value: tag,
      problem: 'the tag does not name one release',
      allowed: 'an exact version such as "0.32.15"',
      remedy: 'name the release that you have tested',
    });
  }
  if (digest === undefined) return `${repository}:${tag}`;
  if (!DIGEST.test(digest)) {
    throw new ValidationError({
      property: `${property}.digest`,
      value: digest,
      problem: 'this is no digest of an image',
      allowed: '"sha256:" and 64 lower-case hexadecimal digits',
      remedy: 'take it from `docker buildx imagetools inspect`',
    });
  }
  return `${repository}:${tag}@${digest}`;
}
