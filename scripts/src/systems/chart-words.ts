import type { TreeEffect } from '@org/ollama-eks/pure';

/** Says which version of a chart follows which. It may be an older one, since charts can go back. */
export function chartWords(name: string, { from, to }: Required<TreeEffect>['versions']): string {
  return `${name} goes from version ${from} to ${to}, and its pods roll`;
}
