import { type AppProject, appProjects } from '../../src/gitops/app-projects';
import type { Application } from '../../src/gitops/application';
import { refusal } from '../refusal';
import { CHARTS } from '../../src/catalogue/chart-versions';
import { applications, chartApplication } from './support/applications';

const OPTIONS = { repository: 'https://github.com/acme/platform', namespace: 'argocd' };

describe('appProjects', () => {
  const projects = appProjects(applications(), OPTIONS);

  it('allows the root nothing but Applications', () => {
    expect(projects['ollama-root']).toEqual({
      namespace: 'argocd',
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
      description: 'Holds the Applications of the Ollama endpoint',
      sourceRepos: ['https://github.com/acme/platform'],
      destinations: [{ server: 'https://kubernetes.default.svc', namespace: 'argocd' }],
      clusterResourceWhitelist: [],
      namespaceResourceWhitelist: [{ group: 'argoproj.io', kind: 'Application' }],
    });
  });

  it('allows the workload everything that this library can render for it, whatever is deployed at the moment', () => {
    const workload = projects['ollama-workload'];
    expect(workload).toMatchObject({
      sourceRepos: ['https://github.com/acme/platform'],
      destinations: [{ namespace: 'istio-ingress' }, { namespace: 'ollama' }],
      clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'istio-ingress' }],
    });
    expect(workload?.namespaceResourceWhitelist).toContainEqual({ group: 'apps', kind: 'Deployment' });
    expect(workload?.namespaceResourceWhitelist).toContainEqual({ group: 'apps', kind: 'StatefulSet' });
  });

  it('allows existing namespaces, even after the last Application in them is removed', () => {
    const { destinations } = appProjects(applications(), { ...OPTIONS, existingNamespaces: ['tools'] })[
      'ollama-platform'
    ] as AppProject;
    expect(destinations.map(({ namespace }) => namespace)).toContain('tools');
  });

  it('allows the platform the kinds and repositories of its charts', () => {
    const platform = projects['ollama-platform'];
    expect(platform?.sourceRepos).toEqual([
      'https://aws.github.io/eks-charts',
      'https://blob.istio.io/istio-release/charts',
      'https://github.com/acme/platform',
    ]);
    expect(platform?.destinations.map(({ namespace }) => namespace)).toEqual([
      'istio-system',
      'kube-system',
      'ollama',
      'ollama-monitoring',
    ]);
    expect(platform?.clusterResourceWhitelist).toContainEqual({ group: '', kind: 'Namespace', name: 'istio-system' });
    expect(platform?.clusterResourceWhitelist).toContainEqual({ group: 'storage.k8s.io', kind: 'StorageClass' });
    expect(platform?.namespaceResourceWhitelist).toContainEqual({ group: 'apps', kind: 'DaemonSet' });
  });

  it('has no wildcard', () => {
    expect(JSON.stringify(projects)).not.toContain('*');
  });

  it('requires the kinds of a chart that the catalogue does not list', () => {
    const unknown = chartApplication('other', 0, { ...CHARTS.istiod, chart: 'other' });
    const known = { ...unknown, source: { ...unknown.source, kinds: ['example.com/Other'] } } as Application;
    expect(refusal(() => appProjects([unknown], OPTIONS)).property).toBe('applications[other].source.kinds');
    expect(appProjects([known], OPTIONS)['ollama-platform']?.namespaceResourceWhitelist).toContainEqual({
      group: 'example.com',
      kind: 'Other',
    });
  });
});
