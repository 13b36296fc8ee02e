import { readSynthesizedObjects, SYNC_WAVE } from '@org/ollama-eks/pure';
import type { Project } from './project';

/** What is delivered at the same time. */
export interface Wave {
  readonly wave: number;
  readonly names: readonly string[];
}

/** Something that is delivered, and when. */
interface Item {
  readonly name: string;
  readonly wave: number;
}

/** Returns the waves of a project: those of the trees for Argo CD, or else the order of the Helm releases. */
export function wavesOf(project: Project): readonly Wave[] {
  const items = applicationsOf(project) ?? releasesOf(project);
  const waves = [...new Set(items.map(({ wave }) => wave))].sort((one, other) => one - other);
  const namesOf = (wave: number) => items.filter((item) => item.wave === wave).map(({ name }) => name);
  return waves.map((wave) => ({ wave, names: namesOf(wave).sort() }));
}

/** Returns the Applications of Argo CD; undefined without Argo CD. Without an annotation, the wave is 0. @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/ */
function applicationsOf({ output }: Project): readonly Item[] | undefined {
  const synthesized = readSynthesizedObjects(output);
  if (synthesized?.delivery !== 'argocd') return undefined;
  return synthesized.objects
    .filter(({ kind }) => kind === 'Application')
    .map(({ metadata: { name, annotations } }) => ({ name, wave: Number(annotations?.[SYNC_WAVE] ?? 0) }));
}

/** Returns the Helm releases, each in the wave after the releases that it depends on. */
function releasesOf({ stacks }: Project): readonly Item[] {
  const releases = new Map(stacks.flatMap(({ resources }) => Object.entries(resources['helm_release'] ?? {})));
  const waveOf = (id: string): number => {
    const before = releases.get(id)?.['depends_on'];
    const needs = (Array.isArray(before) ? before : [])
      .map((address) => String(address).replace('helm_release.', ''))
      .filter((address) => releases.has(address));
    return 1 + Math.max(0, ...needs.map(waveOf));
  };
  return [...releases].map(([id, { name }]) => ({ name: String(name), wave: waveOf(id) }));
}
