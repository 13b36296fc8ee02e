import type { Application } from './application';
import { type AppProject, type ProjectOptions, appProjects } from './app-projects';
import { RETRY, REVISION_HISTORY_LIMIT } from './child-application';
import { CASCADE_FINALIZER, IN_CLUSTER, PROJECTS, ROOT_APPLICATION, SERVER_SIDE_DIFF } from './names';

/** Locations of the tree and of Argo CD. */
export interface RootOptions extends ProjectOptions {
  readonly revision: string;
  readonly path: string;
}

/** The root Application, in the form of the argocd-apps chart's values. */
export interface RootApplication {
  readonly namespace: string;
  readonly additionalAnnotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  readonly project: string;
  readonly source: object;
  readonly destination: { readonly server: string; readonly namespace: string };
  readonly syncPolicy: object;
  readonly revisionHistoryLimit: number;
}

/** Values of the argocd-apps chart. */
export interface ArgoCdAppsValues {
  readonly projects: Readonly<Record<string, AppProject>>;
  readonly applications: Readonly<Record<string, RootApplication>>;
}

/**
 * Returns the projects and the root Application. The root passes its commit to the tree, so every Application is pinned to
 * the same commit, and a new commit changes all of their specs. This way waves gate updates, too.
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/cluster-bootstrapping/
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/build-environment/
 */
export function argoCdAppsValues(applications: readonly Application[], options: RootOptions): ArgoCdAppsValues {
  const { repository, revision, path, namespace } = options;
  const parameter = (name: string, value: string) => ({ name, value, forceString: true });
  return {
    projects: appProjects(applications, options),
    applications: {
      [ROOT_APPLICATION]: {
        namespace,
        additionalAnnotations: SERVER_SIDE_DIFF,
        finalizers: [CASCADE_FINALIZER],
        project: PROJECTS.root,
        source: {
          repoURL: repository,
          targetRevision: revision,
          path,
          helm: {
            parameters: [
              parameter('repository', '$ARGOCD_APP_SOURCE_REPO_URL'),
              parameter('path', '$ARGOCD_APP_SOURCE_PATH'),
              parameter('revision', '$ARGOCD_APP_REVISION'),
            ],
          },
        },
        destination: { server: IN_CLUSTER, namespace },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: ['ServerSideApply=true'],
          retry: RETRY,
        },
        revisionHistoryLimit: REVISION_HISTORY_LIMIT,
      },
    },
  };
}
