import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Name of a tree's chart. */
export const TREE_CHART = 'ollama-applications';

/** Files and folders that a rendering owns and may remove. */
const OWNED = ['.helmignore', 'Chart.yaml', 'values.yaml', 'templates', 'manifests'];

/** Removes everything that a rendering has written to a directory, and nothing else. */
export function clearTree(directory: string): void {
  const entries = existsSync(directory) ? readdirSync(directory) : [];
  for (const entry of entries.filter((name) => OWNED.includes(name))) {
    rmSync(join(directory, entry), { recursive: true });
  }
}
