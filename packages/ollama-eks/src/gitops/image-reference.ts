// https://github.com/distribution/reference/blob/main/normalize.go
import { isInstance } from '../is-instance';

/** Parts of an image reference. */
export interface ImageReference {
  /** Registry's host and path, complete: `docker.io/library/redis` for `redis`. */
  readonly repository: string;
  /** Host of the registry. */
  readonly registry: string;
  /** Tag with its colon, and digest with its `@`; either may be missing. */
  readonly suffix: string;
}

/** Other names of registries. @see https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html */
const ALIASES: Readonly<Record<string, string>> = {
  'ecr-public.aws.com': 'public.ecr.aws',
  'index.docker.io': 'docker.io',
};

/** Returns a registry, or a path in one, under the usual name of the registry. */
export function usualLocation(location: string): string {
  const [host = '', ...path] = location.split('/');
  return [ALIASES[host] ?? host, ...path].join('/');
}

/** Returns a registry, or a repository in one, under its complete name: `docker.io/library/redis` for `docker.io/redis`. */
export function completeLocation(location: string): string {
  return location.includes('/') ? parseImageReference(location).repository : usualLocation(location);
}

/** Splits an image reference, and completes it as container runtimes do. */
export function parseImageReference(text: string): ImageReference {
  const [, name = text, suffix = ''] = /^([^@]+?)((?::[^/:@]+)?(?:@.+)?)$/.exec(text) ?? [];
  const [first = '', ...rest] = name.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const registry = hasHost ? usualLocation(first) : 'docker.io';
  const path = hasHost ? rest.join('/') : name;
  const isOfficial = registry === 'docker.io' && !path.includes('/');
  return { registry, repository: `${registry}/${isOfficial ? 'library/' : ''}${path}`, suffix };
}

/** Lists of containers in the spec of a pod, and in the values of charts. */
const CONTAINERS = /[cC]ontainers$/;

/**
 * Returns a copy of an object or of a chart's values with other images: those of containers, and of volumes. Instances of classes
 * stay as they are: `checkContent` refuses them.
 * @param map returns the new reference
 */
export function mapImages<Part>(part: Part, map: (reference: string) => string): Part {
  if (Array.isArray(part)) return part.map((item: unknown) => mapImages(item, map)) as Part;
  if (typeof part !== 'object' || part === null || isInstance(part)) return part;
  const entries = Object.entries(part).map(([key, value]: [string, unknown]) => {
    const inner = mapImages(value, map);
    if (!Array.isArray(inner)) return [key, inner];
    if (CONTAINERS.test(key)) return [key, inner.map((container) => mapText(container, 'image', map))];
    return [key, key === 'volumes' ? inner.map((volume) => mapVolume(volume, map)) : inner];
  });
  return Object.fromEntries(entries) as Part;
}

/** @see https://kubernetes.io/docs/concepts/storage/volumes/#image */
function mapVolume(volume: unknown, map: (reference: string) => string): unknown {
  if (typeof volume !== 'object' || volume === null || !('image' in volume)) return volume;
  return { ...volume, image: mapText(volume.image, 'reference', map) };
}

function mapText(part: unknown, key: string, map: (reference: string) => string): unknown {
  if (typeof part !== 'object' || part === null) return part;
  const text: unknown = (part as Readonly<Record<string, unknown>>)[key];
  return typeof text === 'string' && text !== '' ? { ...part, [key]: map(text) } : part;
}
