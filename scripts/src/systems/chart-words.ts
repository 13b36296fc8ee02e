import type { TreeEffect } from '@org/ollama-eks/pure';

/** Says which version of a chart follows which, or that its settings change. Charts can go back to an older version. */
export function chartWords(name: string, versions: TreeEffect['versions']): string {
  if (versions === undefined) return `settings of ${name} change, and its pods may restart`;
  return `${name} goes from version ${versions.from} to ${versions.to}, and its pods may restart`;
}
