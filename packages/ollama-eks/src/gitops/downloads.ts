/** Lists what a delivery downloads: charts and images, where they are published, and where they are downloaded from. */
import type { Application, ChartSource } from './application';
import { mapImages } from './image-reference';
import { imagesOf, mirroredChart, mirroredImage } from './mirrored';
import type { Mirrors } from './mirrors';
import { compare } from './order';

/** Name of the file that synth writes next to `cdk.tf.json`, with what the stack's deliveries download. */
export const DOWNLOADS_FILE = 'downloads.json';

/** Content of the file. */
export interface DownloadsFile {
  /** Version of the file format. */
  readonly formatVersion: 1;
  /** In order of construction. */
  readonly deliveries: readonly Downloads[];
}

/** What a delivery downloads. */
export interface Downloads {
  /** By name. */
  readonly charts: readonly ChartDownload[];
  /** By reference. */
  readonly images: readonly ImageDownload[];
}

/** A chart that a delivery downloads. */
export interface ChartDownload {
  readonly name: string;
  readonly version: string;
  /** Repository that publishes it. */
  readonly repository: string;
  /** Repository that it is downloaded from instead; undefined if no mirror has it. */
  readonly mirror?: string;
}

/** An image that nodes pull for a delivery. */
export interface ImageDownload {
  /** `docker.io/ollama/ollama:0.32.15`. */
  readonly reference: string;
  /** Reference that is pulled instead; undefined if no mirror has it. */
  readonly mirror?: string;
  /** Names of the Applications that use it. */
  readonly usedBy: readonly string[];
}

/** Returns what Applications download that were not mirrored yet. */
export function downloadsOf(
  applications: readonly Pick<Application, 'name' | 'source'>[],
  mirrors: Mirrors = {},
): Downloads {
  const users = new Map<string, Set<string>>();
  for (const { name, source } of applications) {
    for (const reference of referencesOf(source)) users.set(reference, (users.get(reference) ?? new Set()).add(name));
  }
  const charts = applications.flatMap(({ source }) => (source.kind === 'chart' ? chartDownload(source, mirrors) : []));
  return {
    charts: charts.sort((one, other) => compare(one.name, other.name)),
    images: [...users]
      .map(([reference, usedBy]) => ({
        reference,
        ...moved(reference, mirroredImage(reference, mirrors)),
        usedBy: [...usedBy].sort(compare),
      }))
      .sort((one, other) => compare(one.reference, other.reference)),
  };
}

function chartDownload(source: ChartSource, mirrors: Mirrors): ChartDownload {
  const { chart: name, version, repository } = source;
  return { name, version, repository, ...moved(repository, mirroredChart(source, mirrors).repository) };
}

function referencesOf(source: Application['source']): readonly string[] {
  const references: string[] = [];
  mapImages(source.kind === 'chart' ? source.values : source.manifests, (reference) => {
    references.push(reference);
    return reference;
  });
  return source.kind === 'chart' ? [...references, ...chartReferences(source)] : references;
}

function chartReferences(source: ChartSource): readonly string[] {
  return imagesOf(source).flatMap(({ image: { names, tagSuffix = '' }, repository, tag }) => {
    const repositories = names === undefined ? [repository] : names.map((name) => `${repository}/${name}`);
    return repositories.map((one) => `${one}:${tag}${tagSuffix}`);
  });
}

function moved(published: string, mirror: string): { readonly mirror?: string } {
  return mirror === published ? {} : { mirror };
}
