import type { Downloads } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { print } from '../program/output';
import { readDownloads } from '../project/downloads';
import { readProject } from '../project/project';
import { copyScript } from './copy-script';

/** Prints the charts and images that a project downloads, and where from. */
export function listDownloads(context: Context, example: string | undefined): void {
  const downloads = readDownloads(readProject(context, example));
  print(context, downloads, () => textOf(downloads));
}

/** Prints a shell script that copies the charts and images to their mirrors. */
export function printCopyScript(context: Context, example: string | undefined): void {
  const downloads = readDownloads(readProject(context, example));
  const { charts, images } = downloads;
  if (![...charts, ...images].some(({ mirror }) => mirror !== undefined)) {
    throw new UsageError('no chart and no image has a mirror', {
      remedy: 'set mirrors of the ArgoCdDelivery or HelmDelivery, and synthesize again: npm run synth',
    });
  }
  const script = copyScript(downloads);
  print(context, { script }, () => script);
}

function textOf({ charts, images }: Downloads): string {
  return [
    'charts',
    ...charts.flatMap(({ name, version, repository, mirror }) => entry(`${name} ${version} of ${repository}`, mirror)),
    '',
    'images',
    ...images.flatMap(({ reference, mirror }) => entry(reference, mirror)),
  ].join('\n');
}

function entry(published: string, mirror: string | undefined): readonly string[] {
  return mirror === undefined ? [`  ${published}`] : [`  ${published}`, `    from ${mirror}`];
}
