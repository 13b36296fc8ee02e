import { cpSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
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

function chartFiles(synthesized: string): readonly string[] {
  const stacks = join(synthesized, 'stacks');
  const files = existsSync(stacks) ? readdirSync(stacks, { recursive: true, encoding: 'utf8' }) : [];
  return files
    .filter((file) => /(^|[/\\])assets[/\\][^/\\]+[/\\][^/\\]+[/\\]Chart\.yaml$/.test(file))
    .map((file) => join(stacks, file))
    .filter((file) => (load(readFileSync(file, 'utf8')) as { readonly name?: string }).name === TREE_CHART)
    .sort();
}
