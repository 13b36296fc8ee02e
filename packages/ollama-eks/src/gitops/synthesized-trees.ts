import { cpSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { load } from 'js-yaml';
import type { Manifest } from './application';
import { unescapeHelm } from './templates';
import { TREE_CHART, clearTree } from './tree-folder';

/**
 * Copies the trees in the output of a synth (`cdktf.out`) to a repository: each to its `path` below the directory. Returns
 * the paths; none if no stack of the output has an `ArgoCdDelivery`.
 */
export function copySynthesizedTrees(synthesized: string, directory: string): readonly string[] {
  const trees = chartFiles(synthesized).map(dirname);
  return trees.map((tree) => {
    const { path } = load(readFileSync(join(tree, 'values.yaml'), 'utf8')) as { readonly path: string };
    const target = join(directory, path);
    clearTree(target);
    cpSync(tree, target, { recursive: true });
    return path;
  });
}

/** An object of the GitOps tree or of the cluster. */
export type TreeObject = Manifest & { readonly [field: string]: unknown };

/** Objects that synth wrote. */
export interface SynthesizedObjects {
  /** Whether Argo CD delivers them; otherwise Helm does. */
  readonly delivery: 'argocd' | 'helm';
  /** Names of the Applications or releases whose objects are rendered; charts of others render their own. */
  readonly owners: readonly string[];
  readonly objects: readonly TreeObject[];
}

/**
 * Reads the objects that a delivery in the output of a synth would apply, with `FILLED_IN` where Helm fills in a value.
 * Undefined if no stack of the output has a delivery.
 */
export function readSynthesizedObjects(synthesized: string): SynthesizedObjects | undefined {
  const trees = chartFiles(synthesized).map(dirname);
  if (trees.length > 0) {
    const folders = trees.flatMap((tree) => foldersIn(join(tree, 'manifests')));
    const files = [...trees.map((tree) => join(tree, 'templates')), ...folders].flatMap(yamlFilesIn);
    return { delivery: 'argocd', owners: folders.map((folder) => basename(folder)), objects: files.map(readObject) };
  }
  const charts = chartFiles(synthesized, (name) => name !== TREE_CHART);
  if (charts.length === 0) return undefined;
  const files = charts.map(dirname).flatMap((chart) => yamlFilesIn(join(chart, 'templates')));
  return { delivery: 'helm', owners: charts.map(chartName), objects: files.map(readObject) };
}

function foldersIn(directory: string): readonly string[] {
  const names = existsSync(directory) ? readdirSync(directory).sort() : [];
  return names.map((name) => join(directory, name));
}

/** Returns the files of objects in a folder, or in the chart in it. */
function yamlFilesIn(directory: string): readonly string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  return names.filter((name) => name.endsWith('.yaml') && name !== 'Chart.yaml').map((name) => join(directory, name));
}

function readObject(file: string): TreeObject {
  return load(unescapeHelm(readFileSync(file, 'utf8'))) as TreeObject;
}

function chartName(file: string): string {
  return (load(readFileSync(file, 'utf8')) as { readonly name?: string }).name ?? '';
}

/** Returns the charts directly in an asset of a stack, by their names. */
function chartFiles(
  synthesized: string,
  isWanted: (name: string) => boolean = (name) => name === TREE_CHART,
): readonly string[] {
  const stacks = join(synthesized, 'stacks');
  const files = existsSync(stacks) ? readdirSync(stacks, { recursive: true, encoding: 'utf8' }) : [];
  return files
    .filter((file) => /(^|[/\\])assets[/\\][^/\\]+[/\\][^/\\]+[/\\]Chart\.yaml$/.test(file))
    .map((file) => join(stacks, file))
    .filter((file) => isWanted(chartName(file)))
    .sort();
}
