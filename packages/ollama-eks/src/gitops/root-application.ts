import type { Application } from './application';
import { type AppProject, type ProjectOptions, appProjects } from './app-projects';
import { RETRY, REVISION_HISTORY_LIMIT } from './child-application';
import { CASCADE_FINALIZER, IN_CLUSTER, PROJECTS, ROOT_APPLICATION, SERVER_SIDE_DIFF } from './names';

/** Where the root finds the tree, and where Argo CD is. */
export interface RootOptions extends ProjectOptions {
  readonly revision: string;
  readonly path: string;
}

/** The root Application, as the argocd-apps chart takes it. */
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
 * The projects and the root Application. The root hands the commit that it is at to the tree, so each Application in it
 * is of the same commit, and a new commit changes their specs: then waves gate updates, too.
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
