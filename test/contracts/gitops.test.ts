/** Compares what the deliveries create with Argo CD's definitions and the values of the charts. */
import { parse } from 'yaml';
import { CHARTS } from '../../packages/ollama-eks/src/catalogue/chart-versions';
import { argoCdValues } from '../../packages/ollama-eks/src/gitops/argo-cd-values';
import { childApplication } from '../../packages/ollama-eks/src/gitops/child-application';
import { argoCdAppsValues } from '../../packages/ollama-eks/src/gitops/root-application';
import { applications } from '../../packages/ollama-eks/test/gitops/support/applications';
import { commentedExample, unknownChartKeys } from './support/chart-values';
import { describeContracts, readContract } from './support/contract-files';
import { CrdSchemas } from './support/crd-schema';

const ROOT = {
  repository: 'https://github.com/acme/platform',
  revision: 'v1.4.0',
  path: 'argocd/g5-12xlarge',
  namespace: 'argocd',
};
const LOCATION = {
  repository: ROOT.repository,
  revision: 'a'.repeat(40),
  manifestPath: (name: string) => `${ROOT.path}/manifests/${name}`,
};
type AppsKey = 'applications' | 'projects';
/** Fields of the argocd-apps chart that are the object's metadata, not its spec. */
const METADATA = ['namespace', 'finalizers', 'additionalAnnotations', 'additionalLabels'];

describeContracts('Argo CD objects', () => {
  const crds = CrdSchemas.newest();
  const values = argoCdAppsValues(applications(), ROOT);
  const specOf = (entry: object) =>
    Object.fromEntries(Object.entries(entry).filter(([key]) => !METADATA.includes(key)));

  it.each(applications())('Application $name is valid', (application) => {
    expect(crds.check(childApplication(application, LOCATION, 'argocd') as never)).toEqual([]);
  });

  it.each(Object.entries(values.projects))('AppProject %s is valid', (name, project) => {
    const object = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name },
      spec: specOf(project),
    };
    expect(crds.check(object)).toEqual([]);
  });

  it.each(Object.entries(values.applications))('the root Application %s is valid', (name, root) => {
    const object = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name }, spec: specOf(root) };
    expect(crds.check(object)).toEqual([]);
  });

  it.each<[AppsKey]>([['applications'], ['projects']])('the argocd-apps chart supports every field of %s', (key) => {
    const text = readContract('kubernetes/charts/argocd-apps-chart-2.0.5.values.yaml') ?? '';
    const known = Object.keys(commentedExample(text, key));
    const entries: readonly object[] = Object.values(values[key] as Readonly<Record<string, object>>);
    const used = entries.flatMap((entry) => Object.keys(entry));
    expect(used.filter((field) => !known.includes(field))).toEqual([]);
  });
});

describeContracts('chart values', () => {
  it('of argo-cd exist in the chart', () => {
    expect(unknownChartKeys('argo-cd', CHARTS.argoCd.version, argoCdValues(applications()))).toEqual([]);
    expect(unknownChartKeys('argo-cd', CHARTS.argoCd.version, argoCdValues(applications(), { repoSever: {} }))).toEqual(
      ['repoSever'],
    );
  });

  it('of argocd-apps exist in the chart', () => {
    const values = { ...argoCdAppsValues(applications(), ROOT) };
    expect(unknownChartKeys('argocd-apps', CHARTS.argoCdApps.version, values)).toEqual([]);
  });

  it('are of the versions that the catalogue pins', () => {
    expect(parse(readContract('kubernetes/charts/argo-cd-chart-10.1.1.values.yaml') ?? '')).toHaveProperty(
      'repoServer',
    );
    expect([CHARTS.argoCd.version, CHARTS.argoCdApps.version]).toEqual(['10.1.1', '2.0.5']);
  });
});
