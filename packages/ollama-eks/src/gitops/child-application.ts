import type { Application } from './application';
import { withoutEmptyMaps } from './chart-values';
import { SYNC_WAVE, hasHooks } from './manifests';
import { CASCADE_FINALIZER, IN_CLUSTER, PROJECTS, SERVER_SIDE_DIFF, namespaceLabels } from './names';

/**
 * Retries of a sync: for about an hour (the pauses add up to 60 minutes), so that a fix outside Git takes effect. Not
 * forever: a sync keeps the source that it began with, even with `refresh`, which only resolves the same tag or commit ID
 * again, and no other sync begins while it runs. A fix in Git takes effect after the older sync has ended: then Argo CD
 * starts a sync of the new source, since it holds back only sources that it has already tried.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/#automatic-retry-with-a-limit
 * @see https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/appcontroller.go (autoSync, alreadyAttemptedSync)
 */
export const RETRY = { limit: 11, refresh: true, backoff: { duration: '10s', factor: 2, maxDuration: '10m' } } as const;

/** Number of syncs kept for each Application; every history entry counts toward the object's size limit. */
export const REVISION_HISTORY_LIMIT = 3;

/** Location of the tree, as the rendered Applications refer to it. */
export interface TreeLocation {
  /** Repository of the tree. */
  readonly repository: string;
  /** Revision of the tree. Every Application names it; Applications of manifests are pinned to it. */
  readonly revision: string;
  /** Returns the path of an Application's manifests in the repository. */
  readonly manifestPath: (application: string) => string;
}

/** Renders an Application as an Argo CD object. */
export function childApplication(application: Application, location: TreeLocation, namespace: string): object {
  const { name, wave, cascade = true, project, ignoreDifferences } = application;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      namespace,
      annotations: { [SYNC_WAVE]: String(wave), ...SERVER_SIDE_DIFF },
      ...(cascade && { finalizers: [CASCADE_FINALIZER] }),
    },
    spec: {
      project: PROJECTS[project],
      source: source(application, location),
      destination: { server: IN_CLUSTER, namespace: application.namespace.name },
      syncPolicy: syncPolicy(application),
      ...(ignoreDifferences !== undefined && { ignoreDifferences }),
      revisionHistoryLimit: REVISION_HISTORY_LIMIT,
    },
  };
}

/** Returns the address of a chart repository in Argo CD's form: without a scheme for an OCI registry. */
export function argoRepository(repository: string): string {
  return repository.replace(/^oci:\/\//, '');
}

/**
 * Returns the source of an Application, which differs at each revision of the tree: Argo CD retries a failed source only
 * after it changes. A chart stays the same, so its source carries the revision as its name, which has no other effect.
 * @see https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/appcontroller.go (alreadyAttemptedSync)
 */
function source(application: Application, { repository, revision, manifestPath }: TreeLocation): object {
  const { name, source: from } = application;
  if (from.kind === 'chart') {
    const values = withoutEmptyMaps(from.values);
    return {
      name: revision,
      repoURL: argoRepository(from.repository),
      chart: from.chart,
      targetRevision: from.version,
      helm: { releaseName: from.releaseName ?? name, ...(values && { valuesObject: values }) },
    };
  }
  return {
    repoURL: repository,
    targetRevision: revision,
    path: manifestPath(name),
    ...(hasHooks(application) && { helm: { valuesObject: { revision } } }),
  };
}

function syncPolicy({ namespace, syncOptions = [], ignoreDifferences }: Application): object {
  const owned = namespace.podSecurity !== undefined;
  const options = [
    'ServerSideApply=true',
    ...(ignoreDifferences === undefined ? [] : ['RespectIgnoreDifferences=true']),
    ...syncOptions,
    `CreateNamespace=${owned}`,
  ];
  return {
    automated: { prune: true, selfHeal: true },
    syncOptions: lastOfEach(options),
    ...(namespace.podSecurity !== undefined && {
      managedNamespaceMetadata: { labels: namespaceLabels(namespace.podSecurity, namespace.labels) },
    }),
    retry: RETRY,
  };
}

/** Returns the options without repeated names; a later option replaces an earlier one. */
function lastOfEach(options: readonly string[]): readonly string[] {
  return [...new Map(options.map((option) => [option.split('=')[0], option])).values()].filter(
    (option) => option !== 'CreateNamespace=false',
  );
}
