/** Replaces the locations of charts and images with those of mirrors. */
import { CHART_IMAGES, type ChartImage } from '../catalogue/chart-images';
import type { Application, ChartSource, Json } from './application';
import { isMap, type Values } from './chart-values';
import { completeLocation, mapImages, parseImageReference, usualLocation } from './image-reference';
import { ALL_OTHERS, byReplaced, type Mirrors } from './mirrors';
import { refuse } from './refuse';

/** An image that a chart uses with its values. */
export interface UsedImage {
  readonly image: ChartImage;
  /** Repository or hub that the values set, or that of the chart. */
  readonly repository: string;
  readonly tag: string;
}

/**
 * Returns an Application that is downloaded from the mirrors.
 * @throws ValidationError if it is not known which images its chart uses
 */
export function mirrored(application: Application, mirrors: Mirrors): Application {
  const { source } = application;
  if (source.kind === 'chart') {
    if (mirrors.images !== undefined) checkImagesKnown(application, source);
    return { ...application, source: mirroredChart(source, mirrors) };
  }
  return { ...application, source: mapImages(source, (image) => mirroredImage(image, mirrors)) };
}

/** Returns a chart that is downloaded from the mirrors, and whose values name only images of the mirrors. */
export function mirroredChart(source: ChartSource, mirrors: Mirrors = {}): ChartSource {
  const { chart, repository, values } = source;
  const charts = byReplaced(mirrors.charts);
  const isMirrored = [...charts.values()].includes(repository);
  return {
    ...source,
    repository: isMirrored ? repository : (charts.get(chart) ?? charts.get(ALL_OTHERS) ?? repository),
    values: mirrors.images === undefined ? values : mirroredValues(source, mirrors),
  };
}

/** Returns the reference of an image in the mirrors: the reference itself if no mirror has it, or if it is one of a mirror. */
export function mirroredImage(reference: string, { images }: Mirrors): string {
  const locations = new Map([...byReplaced(images)].map(([key, location]) => [usualLocation(key), location]));
  const { repository, registry, suffix } = parseImageReference(reference);
  if ([...locations.values()].some((location) => pathBelow(repository, usualLocation(location)) !== undefined)) {
    return reference;
  }
  const [nearest] = [...locations]
    .flatMap(([replaced, location]) => {
      const path = pathBelow(repository, replaced);
      return path === undefined ? [] : [{ location, path }];
    })
    .sort((one, other) => one.path.length - other.path.length);
  const others = locations.get(ALL_OTHERS);
  if (nearest !== undefined) return nearest.location + nearest.path + suffix;
  return others === undefined ? reference : others + repository.slice(registry.length) + suffix;
}

/** Returns the images that a chart uses with its values; none if they are not known. */
export function imagesOf({ chart, version, values, images }: ChartSource): readonly UsedImage[] {
  return (images ?? CHART_IMAGES.get(chart) ?? [])
    .filter(({ enabledBy }) => enabledBy === undefined || lookUp(values, enabledBy) === true)
    .map((image) => ({
      image,
      repository: repositoryOf(image, values),
      tag: textAt(values, tagValue(image)) ?? image.tag ?? version,
    }));
}

function mirroredValues(source: ChartSource, mirrors: Mirrors): Values {
  const ofContainers = mapImages(source.values, (image) => mirroredImage(image, mirrors));
  return imagesOf(source).reduce((values, { image, repository, tag }) => {
    const location = withLocation(values, image, mirroredLocation(image, repository, mirrors));
    // The tag is pinned, so that what was mirrored is what runs.
    return withValue(location, tagValue(image).split('.'), tag);
  }, ofContainers);
}

/** Returns the repository with its registry, which charts may set by a value of its own. */
function repositoryOf({ repository, value, registryValue }: ChartImage, values: Values): string {
  if (registryValue === undefined) return textAt(values, value) ?? repository;
  const { registry, path } = splitRepository(repository);
  return `${textAt(values, registryValue) ?? registry}/${textAt(values, value) ?? path}`;
}

function withLocation(values: Values, { value, registryValue }: ChartImage, location: string): Values {
  if (registryValue === undefined) return withValue(values, value.split('.'), location);
  const { registry, path } = splitRepository(location);
  return withValue(withValue(values, registryValue.split('.'), registry), value.split('.'), path);
}

function splitRepository(location: string): { readonly registry: string; readonly path: string } {
  const { registry, repository } = parseImageReference(location);
  return { registry, path: repository.slice(registry.length + 1) };
}

/** A hub moves with its images. */
function mirroredLocation({ names: [name] = [] }: ChartImage, repository: string, mirrors: Mirrors): string {
  return name === undefined
    ? mirroredImage(repository, mirrors)
    : mirroredImage(`${repository}/${name}`, mirrors).slice(0, -name.length - 1);
}

function checkImagesKnown(application: Application, { chart, images }: ChartSource): void {
  if (images !== undefined || CHART_IMAGES.has(chart)) return;
  refuse(application, {
    property: 'source.images',
    problem: 'is required with `mirrors.images`: the catalogue does not list the images of this chart',
    allowed:
      'the images that the templates of the chart can name, each with the value that sets it; [] if there are none',
    remedy: 'list the images that `helm template` renders for the chart',
  });
}

/** Returns the path of a repository below a location; undefined if it is not below. An official image has two names. */
function pathBelow(repository: string, location: string): string | undefined {
  if (repository === completeLocation(location)) return '';
  return repository.startsWith(`${location}/`) ? repository.slice(location.length) : undefined;
}

/** Path of the value that sets the tag of an image. */
function tagValue({ value }: ChartImage): string {
  return value.replace(/[^.]+$/, 'tag');
}

function textAt(values: Values, path: string): string | undefined {
  const found = lookUp(values, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function lookUp(values: Values, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((part, key) => (isMap(part) ? part[key] : undefined), values);
}

function withValue(values: Values, [key = '', ...rest]: readonly string[], value: string): Values {
  const below = values[key];
  return { ...values, [key]: rest.length === 0 ? value : withValue(isMap(below) ? below : {}, rest, value) };
}
