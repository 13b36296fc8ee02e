import type { Application, Wave } from './application';

/** The Applications of one wave. */
export interface ApplicationWave {
  readonly wave: Wave;
  readonly applications: readonly Application[];
}

/** Sorts Applications in order of deployment: by wave, then by name. */
export function inOrder(applications: readonly Application[]): readonly Application[] {
  return [...applications].sort((a, b) => a.wave - b.wave || compare(a.name, b.name));
}

/** Groups Applications by wave, first wave first; waves without Applications are omitted. */
export function byWave(applications: readonly Application[]): readonly ApplicationWave[] {
  const waves = new Map<Wave, Application[]>();
  for (const application of inOrder(applications)) {
    waves.set(application.wave, [...(waves.get(application.wave) ?? []), application]);
  }
  return [...waves].map(([wave, members]) => ({ wave, applications: members }));
}

/** Compares by code unit, which gives the same order on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Returns the maximum time that all waves may take in sequence, in seconds. */
export function longestRollout(applications: readonly Application[]): number {
  return byWave(applications)
    .map((wave) => Math.max(...wave.applications.map(({ healthGate }) => healthGate.timeoutSeconds)))
    .reduce((sum, seconds) => sum + seconds, 0);
}
