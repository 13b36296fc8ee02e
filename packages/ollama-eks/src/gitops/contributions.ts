import type { Application, ClusterSecret, IApplicationSource } from './application';
import { type CheckOptions, checkApplications } from './checks/check-applications';
import { checkComplete } from './checks/check-complete';
import { checkMirrors } from './checks/check-mirrors';
import { checkSecrets } from './checks/check-secrets';
import { readSources } from './checks/read-sources';
import { mirrored } from './mirrored';
import { byReplaced, type Mirrors } from './mirrors';

/** All contributions of a delivery's sources, after all checks. */
export interface Contributions extends Required<CheckOptions> {
  /** As they are deployed: downloaded from the mirrors. */
  readonly applications: readonly Application[];
  /** As the sources contributed them. */
  readonly published: readonly Application[];
  readonly secrets: readonly ClusterSecret[];
}

/** What a delivery adds to the contributions of its sources. */
export interface DeliveryOptions {
  readonly sources: readonly IApplicationSource[];
  readonly existingNamespaces?: readonly string[];
  readonly mirrors?: Mirrors;
}

/** Collects and checks the contributions of the sources, and replaces what mirrors have. */
export function contributionsOf({ existingNamespaces = [], mirrors = {}, ...options }: DeliveryOptions): Contributions {
  checkMirrors(mirrors);
  const sources = readSources(options.sources);
  const published = sources.flatMap((source) => source.applications);
  const contributions = {
    published,
    applications: published.map((application) => mirrored(application, mirrors)),
    secrets: sources.flatMap((source) => source.secrets ?? []),
    chartRepositories: [
      ...sources.flatMap((source) => source.chartRepositories ?? []),
      ...byReplaced(mirrors.charts).values(),
    ],
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
  return now === JSON.stringify(taken.published)
    ? []
    : ['a source contributed Applications after this delivery was created: create the delivery last'];
}
