import type { Application, ClusterSecret, IApplicationSource } from './application';
import { type CheckOptions, checkApplications } from './checks/check-applications';
import { checkComplete } from './checks/check-complete';
import { checkSecrets } from './checks/check-secrets';

/** All that the sources of a delivery contribute, checked. */
export interface Contributions extends Required<CheckOptions> {
  readonly applications: readonly Application[];
  readonly secrets: readonly ClusterSecret[];
}

/** Gathers and checks what the sources contribute. */
export function contributionsOf(
  sources: readonly IApplicationSource[],
  existingNamespaces: readonly string[] = [],
): Contributions {
  const contributions = {
    applications: sources.flatMap((source) => source.applications),
    secrets: sources.flatMap((source) => source.secrets ?? []),
    chartRepositories: sources.flatMap((source) => source.chartRepositories ?? []),
    existingNamespaces: [...sources.flatMap((source) => source.existingNamespaces ?? []), ...existingNamespaces],
  };
  checkApplications(contributions.applications, contributions);
  checkSecrets(contributions);
  checkComplete(sources, contributions.applications);
  return contributions;
}

/**
 * What is wrong when sources contribute more after their delivery was made: it would be left out without a word. For the
 * validation at synth.
 */
export function lateContributions(sources: readonly IApplicationSource[], taken: Contributions): string[] {
  const now = JSON.stringify(sources.flatMap((source) => source.applications));
  return now === JSON.stringify(taken.applications)
    ? []
    : ['a source has contributed Applications after this delivery was made: make the delivery last'];
}
