import { CHART_REPOSITORY, IMAGE_LOCATION } from '../../catalogue/artifact-locations';
import { CHART_IMAGES } from '../../catalogue/chart-images';
import { retiredLocationIn } from '../../catalogue/retired-locations';
import { checkForm, type TextForm } from '../../check-text';
import { ValidationError } from '../../errors';
import { completeLocation, usualLocation } from '../image-reference';
import { ALL_OTHERS, byReplaced, type Mirrors } from '../mirrors';

const CHART_MIRROR: TextForm = {
  pattern: CHART_REPOSITORY,
  allowed: '"https://…" or "oci://…", without credentials or query, known at synth',
  remedy: 'set the repository of the charts, such as oci://111122223333.dkr.ecr.us-west-2.amazonaws.com/charts',
};
const IMAGE_MIRROR: TextForm = {
  pattern: IMAGE_LOCATION,
  allowed: 'a registry, optionally with a path, without scheme and tag, known at synth',
  remedy: 'set the location of the images, such as 111122223333.dkr.ecr.us-west-2.amazonaws.com/mirror',
};
const REPLACED_IMAGES: TextForm = {
  pattern: IMAGE_LOCATION,
  allowed: 'a registry such as docker.io, a repository such as docker.io/ollama/ollama, or * for all other registries',
  remedy: 'copy it from the reference of the image, without its tag',
};

/** User and password in front of a host, wherever the author believes it to begin; an image may end in a digest. */
const CREDENTIALS = /@(?!sha256:)/;
/** A query, which may contain a token. */
const QUERY = /[?#]/;

/** Throws a `ValidationError` for mirrors that nothing could be downloaded from, or that would have no effect. */
export function checkMirrors({ charts, images }: Mirrors): void {
  for (const [property, location] of locationsOf('mirrors.charts', charts)) {
    checkLocation(property, location, CHART_MIRROR);
  }
  const names = new Map<string, string>();
  for (const replaced of [...byReplaced(images).keys()].filter((key) => key !== ALL_OTHERS)) {
    checkText('mirrors.images.<key>', replaced, REPLACED_IMAGES);
    checkHub(usualLocation(replaced));
    checkNames(names, replaced);
  }
  // Errors of locations repeat the keys, which are valid now.
  for (const [property, location] of locationsOf('mirrors.images', images)) {
    checkLocation(property, location, IMAGE_MIRROR);
  }
}

function locationsOf(property: string, mirrors: Mirrors['charts']): readonly (readonly [string, string])[] {
  return typeof mirrors === 'string'
    ? [[property, mirrors]]
    : [...byReplaced(mirrors)].map(([key, location]) => [`${property}["${key}"]`, location]);
}

/** Like `checkForm`, but its errors do not repeat what may be a password or a token. */
function checkText(property: string, text: string, form: TextForm): void {
  const { allowed, remedy } = form;
  if (CREDENTIALS.test(text)) {
    throw new ValidationError({ property, problem: 'must not contain credentials', allowed, remedy });
  }
  if (QUERY.test(text)) {
    throw new ValidationError({ property, problem: 'must not contain a query', allowed, remedy });
  }
  checkForm(property, text, form);
}

function checkLocation(property: string, location: string, form: TextForm): void {
  checkText(property, location, form);
  const retired = retiredLocationIn(location);
  if (retired !== undefined) {
    throw new ValidationError({
      property,
      value: location,
      problem: `uses ${retired.location}, which is retired in December 2026`,
      allowed: retired.replacement,
      remedy: 'use a mirror of the new location',
    });
  }
}

/** Refuses two names of what is replaced. */
function checkNames(names: Map<string, string>, replaced: string): void {
  const complete = completeLocation(replaced);
  const other = names.get(complete);
  if (other !== undefined) {
    throw new ValidationError({
      property: 'mirrors.images.<key>',
      value: replaced,
      problem: `is another name of ${other}, which also has a mirror`,
      allowed: 'one name of each registry and repository',
      remedy: 'remove one of them',
    });
  }
  names.set(complete, replaced);
}

/** The charts of Istio have one value for the location of all images. */
function checkHub(replaced: string): void {
  const hub = [...CHART_IMAGES.values()]
    .flat()
    .find(({ repository, names }) => names !== undefined && replaced.startsWith(`${repository}/`))?.repository;
  if (hub === undefined) return;
  throw new ValidationError({
    property: 'mirrors.images.<key>',
    value: replaced,
    problem: `is one of several images that are pulled from the same location, ${hub}`,
    allowed: hub,
    remedy: `set the mirror of ${hub}`,
  });
}
