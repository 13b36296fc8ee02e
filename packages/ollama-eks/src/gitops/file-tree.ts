import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kindOf } from '../catalogue/kubernetes-kinds';
import { objectToYaml } from '../yaml';
import type { Manifest } from './application';

/** File contents, keyed by path relative to the root of the tree. */
export type FileTree = ReadonlyMap<string, string>;

/** Writes files to a directory, which is created if needed. */
export function writeFiles(files: FileTree, directory: string): void {
  const folders = new Set([...files.keys()].map((path) => dirname(join(directory, path))));
  folders.forEach((folder) => mkdirSync(folder, { recursive: true }));
  files.forEach((text, path) => writeFileSync(join(directory, path), text));
}

/** Returns one file per object, such as `deployment-ollama.yaml`; names that would clash include group and namespace. */
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

/** Returns a name that is valid on every file system: characters found only in names of RBAC objects become codes. */
function fileName(kind: string, name: string): string {
  const code = (character: string) => `_${character.charCodeAt(0).toString(16)}`;
  return `${kind.toLowerCase().replace('/', '.')}-${name.replace(/[^a-z0-9.-]/g, code)}`;
}
