import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  DOWNLOADS_FILE,
  type ChartDownload,
  type Downloads,
  type DownloadsFile,
  type ImageDownload,
} from '@org/ollama-eks/pure';
import { UsageError } from '../program/errors';
import type { Project } from './project';
import { readSynthFile } from './synth-file';

/** Returns what the deliveries of a project download, each chart and image once. Throws UsageError if it has no delivery. */
export function readDownloads({ stacks, output }: Project): Downloads {
  const deliveries = stacks
    .map(({ directory }) => join(directory, DOWNLOADS_FILE))
    .filter((path) => existsSync(path))
    .flatMap((path) => readSynthFile<DownloadsFile>(path).deliveries);
  if (deliveries.length === 0) {
    throw new UsageError(`${output} does not list what is downloaded: the project has no delivery`, {
      remedy: 'run this in a project with an ArgoCdDelivery or a HelmDelivery, and synthesize it again: npm run synth',
    });
  }
  return {
    charts: uniqueCharts(deliveries.flatMap(({ charts }) => charts)),
    images: uniqueImages(deliveries.flatMap(({ images }) => images)),
  };
}

function uniqueCharts(charts: readonly ChartDownload[]): readonly ChartDownload[] {
  return [...new Map(charts.map((chart) => [JSON.stringify(chart), chart])).values()];
}

/** Lists an image that several deliveries download once, with all that use it. */
function uniqueImages(images: readonly ImageDownload[]): readonly ImageDownload[] {
  const found = new Map<string, ImageDownload>();
  for (const image of images) {
    const key = JSON.stringify({ ...image, usedBy: undefined });
    const users = new Set([...(found.get(key)?.usedBy ?? []), ...image.usedBy]);
    found.set(key, { ...image, usedBy: [...users].sort() });
  }
  return [...found.values()];
}
