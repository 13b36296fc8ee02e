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
  const trees = chartsIn(synthesized).filter(isTree);
  return trees.map(({ folder }) => {
    const { path } = load(readFileSync(join(folder, 'values.yaml'), 'utf8')) as { readonly path: string };
    const target = join(directory, path);
    clearTree(target);
    cpSync(folder, target, { recursive: true });
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
  const charts = chartsIn(synthesized);
  const trees = charts.filter(isTree);
  if (trees.length > 0) {
    const folders = trees.flatMap(({ folder }) => foldersIn(join(folder, 'manifests')));
    const objects = [...trees.flatMap(templatesOf), ...folders.flatMap(objectsIn)];
    return { delivery: 'argocd', owners: folders.map((folder) => basename(folder)), objects };
  }
  if (charts.length === 0) return undefined;
  return { delivery: 'helm', owners: charts.map(({ name }) => name), objects: charts.flatMap(templatesOf) };
}

/** A chart that synth wrote. */
interface Chart {
  readonly folder: string;
  readonly name: string;
}

/** Returns the charts directly in an asset of a stack. */
function chartsIn(synthesized: string): readonly Chart[] {
  const stacks = join(synthesized, 'stacks');
  const files = existsSync(stacks) ? readdirSync(stacks, { recursive: true, encoding: 'utf8' }) : [];
  return files
    .filter((file) => /(^|[/\\])assets[/\\][^/\\]+[/\\][^/\\]+[/\\]Chart\.yaml$/.test(file))
    .sort()
    .map((file) => join(stacks, file))
    .map((file) => ({
      folder: dirname(file),
      name: (load(readFileSync(file, 'utf8')) as { readonly name: string }).name,
    }));
}

/** Whether a chart is the tree of an `ArgoCdDelivery`. Other charts are those of a `HelmDelivery`. */
function isTree({ name }: Chart): boolean {
  return name === TREE_CHART;
}

function foldersIn(directory: string): readonly string[] {
  const names = existsSync(directory) ? readdirSync(directory).sort() : [];
  return names.map((name) => join(directory, name));
}

function templatesOf({ folder }: Chart): readonly TreeObject[] {
  return objectsIn(join(folder, 'templates'));
}

/** Returns the objects in a folder, or in the chart in it. */
function objectsIn(folder: string): readonly TreeObject[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names
    .filter((name) => name.endsWith('.yaml') && name !== 'Chart.yaml')
    .map((name) => load(unescapeHelm(readFileSync(join(folder, name), 'utf8'))) as TreeObject);
}
