import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kindOf } from '../catalogue/kubernetes-kinds';
import { objectToYaml } from '../yaml';
import type { Manifest } from './application';

/** Texts by their path relative to the root of the tree. */
export type FileTree = ReadonlyMap<string, string>;

/** Writes files below a directory, which it makes. */
export function writeFiles(files: FileTree, directory: string): void {
  const folders = new Set([...files.keys()].map((path) => dirname(join(directory, path))));
  folders.forEach((folder) => mkdirSync(folder, { recursive: true }));
  files.forEach((text, path) => writeFileSync(join(directory, path), text));
}

/** One file per object: `deployment-ollama.yaml`; with group and namespace where that would name two. */
export function manifestFiles(manifests: readonly Manifest[], prefix: string): readonly (readonly [string, string])[] {
  const short = ({ kind, metadata }: Manifest) => fileName(kind, metadata.name);
  const long = (manifest: Manifest) =>
    fileName(kindOf(manifest), `${manifest.metadata.name}.${manifest.metadata.namespace ?? 'cluster'}`);
  const count = (name: string) => manifests.filter((other) => short(other) === name).length;
  return manifests.map((manifest) => {
    const file = count(short(manifest)) === 1 ? short(manifest) : long(manifest);
    return [`${prefix}${file}.yaml`, objectToYaml(manifest)];
  });
}

/** A name for any file system; characters that only names of RBAC objects have are written as their code. */
function fileName(kind: string, name: string): string {
  const code = (character: string) => `_${character.charCodeAt(0).toString(16)}`;
  return `${kind.toLowerCase().replace('/', '.')}-${name.replace(/[^a-z0-9.-]/g, code)}`;
}
