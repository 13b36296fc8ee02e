import type { Application } from './application';
import { SYNC_WAVE, hasHooks } from './manifests';
import { CASCADE_FINALIZER, IN_CLUSTER, PROJECTS, SERVER_SIDE_DIFF, namespaceLabels } from './names';

/**
 * How a sync is retried: for about an hour (the pauses add up to 60 minutes), in which whatever is mended outside of Git
 * is taken up. Not for ever: a sync keeps the source that it began with, also with `refresh`, which asks for the newest
 * commit of the same tag or commit id only; and while it lasts no other begins. So what is mended in Git is taken up when
 * the older sync has ended: then Argo CD begins one of the new source, since it holds back only what it has tried.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/#automatic-retry-with-a-limit
 * @see https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/appcontroller.go (autoSync, alreadyAttemptedSync)
 */
export const RETRY = { limit: 11, refresh: true, backoff: { duration: '10s', factor: 2, maxDuration: '10m' } } as const;

/** Syncs kept of each Application; each rendered history entry counts against the object's size. */
export const REVISION_HISTORY_LIMIT = 3;

/** Where the tree is, as the rendered Applications refer to it. */
export interface TreeLocation {
  /** Repository of the tree. */
  readonly repository: string;
  /** Revision of the tree, which every Application names: one with manifests is pinned to it. */
  readonly revision: string;
  /** Path of an Application's manifests in the repository. */
  readonly manifestPath: (application: string) => string;
}

/** The Argo CD Application of an Application. */
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

/** Repository as Argo CD wants it: one of Helm charts in an OCI registry has no scheme. */
export function argoRepository(repository: string): string {
  return repository.replace(/^oci:\/\//, '');
}

/**
 * The source of an Application, another one at each revision of the tree: what has failed is tried again when its source
 * changes, and not before. A chart stays the same, so its source has the revision as its name, which means nothing else.
 * @see https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/appcontroller.go (alreadyAttemptedSync)
 */
function source(application: Application, { repository, revision, manifestPath }: TreeLocation): object {
  const { name, source: from } = application;
  if (from.kind === 'chart') {
    return {
      name: revision,
      repoURL: argoRepository(from.repository),
      chart: from.chart,
      targetRevision: from.version,
      helm: { releaseName: from.releaseName ?? name, valuesObject: from.values },
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

/** The options by name, where a later one replaces an earlier one. */
function lastOfEach(options: readonly string[]): readonly string[] {
  return [...new Map(options.map((option) => [option.split('=')[0], option])).values()].filter(
    (option) => option !== 'CreateNamespace=false',
  );
}
