import { publishedChart } from '../catalogue/chart-versions';
import { type GroupKind, isClusterScoped, kindOf, toGroupKind } from '../catalogue/kubernetes-kinds';
import type { Application } from './application';
import { argoRepository } from './child-application';
import { manifestsOf, namespaceOf } from './manifests';
import { IN_CLUSTER, PROJECT_FINALIZER, PROJECTS } from './names';
import { compare } from './order';
import { type MemberProject, PROJECT_SCOPES } from './project-scope';
import { refuse } from './refuse';

/** A cluster-scoped kind that a project allows, with one name or with any. */
interface ClusterKind extends GroupKind {
  readonly name?: string;
}

/** What an Argo CD project allows, in the form of the argocd-apps chart's values. */
export interface AppProject {
  readonly namespace: string;
  readonly finalizers: readonly string[];
  readonly description: string;
  readonly sourceRepos: readonly string[];
  readonly destinations: readonly { readonly server: string; readonly namespace: string }[];
  readonly clusterResourceWhitelist: readonly ClusterKind[];
  readonly namespaceResourceWhitelist: readonly GroupKind[];
}

/** Where the Applications are kept. */
export interface ProjectOptions {
  /** Git repository of the tree. */
  readonly repository: string;
  /** Namespace of Argo CD. */
  readonly namespace: string;
  /**
   * Namespaces that something else owns. They stay permitted after the last Application in them is removed.
   * @default - none
   */
  readonly existingNamespaces?: readonly string[];
}

/**
 * Returns the projects that Applications belong to, with the sources that they need and with the namespaces and kinds of
 * `PROJECT_SCOPES` and of their own content. Anyone who can push to the repository can change these Applications, and
 * nothing else. Projects stay until nothing refers to them.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
 */
export function appProjects(
  applications: readonly Application[],
  options: ProjectOptions,
): Readonly<Record<string, AppProject>> {
  const { repository, namespace } = options;
  const projects: Record<string, AppProject> = {
    [PROJECTS.root]: {
      namespace,
      finalizers: [PROJECT_FINALIZER],
      description: 'Holds the Applications of the Ollama endpoint',
      sourceRepos: [repository],
      destinations: [{ server: IN_CLUSTER, namespace }],
      clusterResourceWhitelist: [],
      namespaceResourceWhitelist: [{ group: 'argoproj.io', kind: 'Application' }],
    },
  };
  for (const project of ['platform', 'workload'] as const) {
    const members = applications.filter((application) => application.project === project);
    if (members.length > 0) {
      projects[PROJECTS[project]] = memberProject(members, project, options);
    }
  }
  return projects;
}

function memberProject(members: readonly Application[], project: MemberProject, options: ProjectOptions): AppProject {
  const { repository, namespace, existingNamespaces = [] } = options;
  const scope = PROJECT_SCOPES[project];
  const kinds = sorted([...scope.kinds, ...members.flatMap(kindsOf)]);
  const owned = members.filter((member) => member.namespace.podSecurity !== undefined);
  const ownNamespaces = sorted([...scope.ownNamespaces, ...owned.map((member) => member.namespace.name)]);
  const namespaces = sorted([...scope.namespaces, ...existingNamespaces, ...members.flatMap(namespacesOf)]);
  return {
    namespace,
    finalizers: [PROJECT_FINALIZER],
    description:
      project === 'platform' ? 'What the Ollama endpoint runs on' : 'The Ollama endpoint itself, in its own namespaces',
    sourceRepos: sorted(members.map((member) => sourceRepository(member, repository))),
    destinations: namespaces.map((name) => ({ server: IN_CLUSTER, namespace: name })),
    clusterResourceWhitelist: [
      ...kinds.filter(isClusterScoped).map(toGroupKind),
      ...ownNamespaces.map((name) => ({ group: '', kind: 'Namespace', name })),
    ],
    namespaceResourceWhitelist: kinds.filter((kind) => !isClusterScoped(kind)).map(toGroupKind),
  };
}

function sourceRepository({ source }: Application, repository: string): string {
  return source.kind === 'chart' ? argoRepository(source.repository) : repository;
}

function namespacesOf(application: Application): readonly string[] {
  const ofManifests = manifestsOf(application).flatMap((manifest) => namespaceOf(manifest, application) ?? []);
  return [application.namespace.name, ...ofManifests];
}

function kindsOf(application: Application): readonly string[] {
  const { source } = application;
  if (source.kind === 'manifests') {
    return manifestsOf(application).map(kindOf);
  }
  const kinds = source.kinds ?? publishedChart(source.chart)?.kinds;
  if (kinds === undefined) {
    return refuse(application, {
      property: 'source.kinds',
      problem: 'is required: the catalogue does not list the kinds of this chart, so its project would allow nothing',
      allowed: 'group/Kind, or Kind for the core group',
      remedy: 'list the kinds that `helm template` renders for the chart',
    });
  }
  return kinds;
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort(compare);
}
