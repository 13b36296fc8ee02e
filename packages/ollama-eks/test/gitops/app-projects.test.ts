import { appProjects } from '../../src/gitops/app-projects';
import type { Application } from '../../src/gitops/application';
import { refusal } from '../refusal';
import { CHARTS } from '../../src/catalogue/chart-versions';
import { applications, chartApplication, manifestApplication, object } from './support/applications';

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

  it('allows the workload exactly what it is made of', () => {
    expect(projects['ollama-workload']).toMatchObject({
      sourceRepos: ['https://github.com/acme/platform'],
      destinations: [{ namespace: 'istio-ingress' }, { namespace: 'ollama' }],
      clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'istio-ingress' }],
      namespaceResourceWhitelist: [
        { group: '', kind: 'ConfigMap' },
        { group: '', kind: 'PersistentVolumeClaim' },
        { group: '', kind: 'Service' },
        { group: 'apps', kind: 'Deployment' },
        { group: 'autoscaling', kind: 'HorizontalPodAutoscaler' },
        { group: 'batch', kind: 'Job' },
        { group: 'elbv2.k8s.aws', kind: 'TargetGroupBinding' },
        { group: 'gateway.networking.k8s.io', kind: 'Gateway' },
        { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' },
      ],
    });
  });

  it('allows the platform what its charts render, from where they come', () => {
    const platform = projects['ollama-platform'];
    expect(platform?.sourceRepos).toEqual([
      'https://aws.github.io/eks-charts',
      'https://blob.istio.io/istio-release/charts',
      'https://github.com/acme/platform',
    ]);
    expect(platform?.destinations.map(({ namespace }) => namespace)).toEqual(['istio-system', 'kube-system', 'ollama']);
    expect(platform?.clusterResourceWhitelist).toContainEqual({ group: '', kind: 'Namespace', name: 'istio-system' });
    expect(platform?.clusterResourceWhitelist).toContainEqual({ group: 'storage.k8s.io', kind: 'StorageClass' });
    expect(platform?.namespaceResourceWhitelist).toContainEqual({ group: 'apps', kind: 'DaemonSet' });
  });

  it('has no wildcard', () => {
    expect(JSON.stringify(projects)).not.toContain('*');
  });

  it('asks for the kinds of a chart that the catalogue does not know', () => {
    const unknown = chartApplication('other', 0, { ...CHARTS.istiod, chart: 'other' });
    const known = { ...unknown, source: { ...unknown.source, kinds: ['apps/Deployment'] } } as Application;
    expect(refusal(() => appProjects([unknown], OPTIONS)).property).toBe('applications[other].source.kinds');
    expect(appProjects([known], OPTIONS)['ollama-platform']?.namespaceResourceWhitelist).toEqual([
      { group: 'apps', kind: 'Deployment' },
    ]);
  });

  it('forbids namespaced kinds where there are none, since an empty list allows all', () => {
    const classes = manifestApplication('c', 0, 'kube-system', [object('storage.k8s.io/v1', 'StorageClass', 's')], {
      project: 'platform',
    });
    expect(appProjects([classes], OPTIONS)['ollama-platform']).toMatchObject({
      namespaceResourceWhitelist: [],
      namespaceResourceBlacklist: [{ group: '*', kind: '*' }],
    });
  });
});
