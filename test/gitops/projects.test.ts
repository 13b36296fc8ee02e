/** Argo CD prunes only what the project permits, so a change must not remove kinds that an earlier release rendered. */
import {
  type GroupKind,
  isClusterScoped,
  kindOf,
  toGroupKind,
} from '../../packages/ollama-eks/src/catalogue/kubernetes-kinds';
import { publishedChart } from '../../packages/ollama-eks/src/catalogue/chart-versions';
import { type AppProject, appProjects } from '../../packages/ollama-eks/src/gitops/app-projects';
import type { Application } from '../../packages/ollama-eks/src/gitops/application';
import { manifestsOf, namespaceOf } from '../../packages/ollama-eks/src/gitops/manifests';
import { PROJECTS } from '../../packages/ollama-eks/src/gitops/names';
import { ollamaApplications } from '../../packages/ollama-eks/src/workload/applications';
import { VARIANTS } from '../../packages/ollama-eks/test/workload/workload-fixture';
import { installations } from '../support/installations';

interface Delivery {
  readonly name: string;
  readonly applications: readonly Application[];
}

const OPTIONS = { repository: 'https://github.com/acme/platform', namespace: 'argocd' };
const DELIVERIES: readonly Delivery[] = [
  ...installations(),
  ...Object.entries(VARIANTS).map(([name, spec]) => ({ name, applications: ollamaApplications(spec) })),
];
/** Returns the kinds of an Application that its project does not permit. */
function orphans(projects: Readonly<Record<string, AppProject>>, application: Application): readonly string[] {
  const project = projects[PROJECTS[application.project]] as AppProject;
  const destinations = new Set(project.destinations.map(({ namespace }) => namespace));
  const namespaces = manifestsOf(application).flatMap((manifest) => namespaceOf(manifest, application) ?? []);
  const { source } = application;
  const kinds =
    source.kind === 'chart'
      ? (source.kinds ?? publishedChart(source.chart)?.kinds ?? [])
      : source.manifests.map(kindOf);
  return [
    ...[application.namespace.name, ...namespaces].filter((name) => !destinations.has(name)),
    ...kinds.filter((kind) => {
      const { group, kind: name } = toGroupKind(kind);
      const allowed: readonly GroupKind[] = isClusterScoped(kind)
        ? project.clusterResourceWhitelist
        : project.namespaceResourceWhitelist;
      return !allowed.some((one) => one.group === group && one.kind === name);
    }),
  ];
}

describe.each(DELIVERIES)('a change from $name', ({ applications: before }) => {
  it.each(DELIVERIES)('to $name orphans nothing', ({ applications: after }) => {
    const projects = appProjects(after, OPTIONS);
    expect(before.flatMap((application) => orphans(projects, application))).toEqual([]);
  });
});

it('is tested by a change that removes kinds', () => {
  const kinds = DELIVERIES.map(
    ({ applications }) => new Set(applications.flatMap(manifestsOf).map((manifest) => kindOf(manifest))),
  );
  for (const kind of [
    'apps/Deployment',
    'apps/StatefulSet',
    'PersistentVolumeClaim',
    'gateway.networking.k8s.io/Gateway',
  ])
    expect(new Set(kinds.map((rendered) => rendered.has(kind)))).toEqual(new Set([true, false]));
});
