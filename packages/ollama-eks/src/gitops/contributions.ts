import type { Application, ClusterSecret, IApplicationSource } from './application';
import { type CheckOptions, checkApplications } from './checks/check-applications';
import { checkComplete } from './checks/check-complete';
import { checkSecrets } from './checks/check-secrets';

/** All contributions of a delivery's sources, after all checks. */
export interface Contributions extends Required<CheckOptions> {
  readonly applications: readonly Application[];
  readonly secrets: readonly ClusterSecret[];
}

/** Collects and checks the contributions of the sources. */
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
 * Returns an error, for the validation at synth, if sources have contributed more since their delivery was created. Such
 * Applications would be left out silently.
 */
export function lateContributions(sources: readonly IApplicationSource[], taken: Contributions): string[] {
  const now = JSON.stringify(sources.flatMap((source) => source.applications));
  return now === JSON.stringify(taken.applications)
    ? []
    : ['a source contributed Applications after this delivery was created: create the delivery last'];
}
