import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Application, Manifest } from '../../src/gitops/application';
import { renderTree, treeFiles } from '../../src/gitops/render-tree';
import { applications, chartApplication, manifestApplication, object } from './support/applications';
import { CHARTS } from '../../src/catalogue/chart-versions';

const OPTIONS = { repository: 'https://github.com/acme/platform', path: 'argocd/g5-12xlarge' };
const file = (list: readonly Application[], path: string) => treeFiles(list, OPTIONS).get(path) ?? '';
/** Renders a template of the tree as Helm does, for the three expressions and the escape that it uses. */
const rendered = (template: string) =>
  template
    .replaceAll('{{ .Values.repository | quote }}', '"https://github.com/acme/platform"')
    .replace(/\{\{ required "[^"]*" \.Values\.revision \| quote \}\}/g, '"0123"')
    .replace(/\{\{ printf "%s(\/manifests\/[^"]*)" \.Values\.path \| quote \}\}/g, '"argocd/g5-12xlarge$1"')
    .replaceAll('{{ "{{" }}', '{{');
const owner = manifestApplication('owner', 0, 'ollama', [object('v1', 'ServiceAccount', 'ollama')], {
  namespace: { name: 'ollama', podSecurity: 'restricted', labels: { 'istio.io/dataplane-mode': 'ambient' } },
});

describe('treeFiles', () => {
  it('is a small chart next to the manifests, first wave first', () => {
    const paths = [...treeFiles(applications(), OPTIONS).keys()];
    expect(paths.filter((path) => !path.startsWith('manifests/'))).toEqual([
      '.helmignore',
      'Chart.yaml',
      'values.yaml',
      'templates/0-gateway-api-crds.yaml',
      'templates/1-istio-base.yaml',
      'templates/2-aws-load-balancer-controller.yaml',
      'templates/2-istio-cni.yaml',
      'templates/2-istiod.yaml',
      'templates/3-foundation.yaml',
      'templates/3-ztunnel.yaml',
      'templates/5-ollama.yaml',
      'templates/6-gateway.yaml',
      'templates/6-model-prover.yaml',
      'templates/8-routes.yaml',
    ]);
    expect(paths.filter((path) => path.startsWith('manifests/ollama/'))).toEqual([
      'manifests/ollama/service-ollama.yaml',
      'manifests/ollama/persistentvolumeclaim-models.yaml',
      'manifests/ollama/deployment-ollama.yaml',
      'manifests/ollama/horizontalpodautoscaler-ollama.yaml',
    ]);
  });

  it('does not depend on the order of Applications', () => {
    const list = applications();
    expect([...treeFiles([...list].reverse(), OPTIONS)]).toEqual([...treeFiles(list, OPTIONS)]);
  });

  it('writes a chart if there are hooks, with an object that is out of sync at each revision', () => {
    const list = applications();
    const folder = 'manifests/model-prover/';
    const paths = [...treeFiles(list, OPTIONS).keys()].filter((path) => path.startsWith(folder));
    expect(paths.map((path) => path.slice(folder.length))).toEqual([
      'Chart.yaml',
      'templates/configmap-model-prover.yaml',
      'templates/job-model-prover.yaml',
      'templates/configmap-model-prover-revision.yaml',
    ]);
    expect(parse(rendered(file(list, `${folder}templates/configmap-model-prover-revision.yaml`)))).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'model-prover-revision', namespace: 'ollama' },
      data: { revision: '0123' },
    });
    const { spec } = parse(rendered(file(list, 'templates/6-model-prover.yaml'))) as { spec: { source: object } };
    expect(spec.source).toEqual({
      repoURL: OPTIONS.repository,
      targetRevision: '0123',
      path: `${OPTIONS.path}/manifests/model-prover`,
      helm: { valuesObject: { revision: '0123' } },
    });
  });

  it('puts the revision in no other applied object', () => {
    const files = [...treeFiles(applications(), OPTIONS)].filter(([path]) => path.startsWith('manifests/'));
    expect(files.filter(([, text]) => text.includes('.Values')).map(([path]) => path)).toEqual([
      'manifests/model-prover/templates/configmap-model-prover-revision.yaml',
    ]);
  });

  it('writes an Application of a chart', () => {
    const values = { pilot: { autoscaleMin: 2 }, meshConfig: { accessLogFile: '/dev/stdout' } };
    const istiod = chartApplication('istiod', 0, CHARTS.istiod, {
      namespace: { name: 'istio-system', podSecurity: 'privileged' },
      values,
    });
    expect(parse(rendered(file([istiod], 'templates/2-istiod.yaml')))).toEqual({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: 'istiod',
        namespace: 'argocd',
        annotations: {
          'argocd.argoproj.io/sync-wave': '0',
          'argocd.argoproj.io/compare-options': 'ServerSideDiff=true',
        },
        finalizers: ['resources-finalizer.argocd.argoproj.io/foreground'],
      },
      spec: {
        project: 'ollama-platform',
        source: {
          name: '0123',
          repoURL: 'https://blob.istio.io/istio-release/charts',
          chart: 'istiod',
          targetRevision: CHARTS.istiod.version,
          helm: { releaseName: 'istiod', valuesObject: values },
        },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'istio-system' },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: ['ServerSideApply=true', 'CreateNamespace=true'],
          managedNamespaceMetadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
          retry: { limit: 11, refresh: true, backoff: { duration: '10s', factor: 2, maxDuration: '10m' } },
        },
        revisionHistoryLimit: 3,
      },
    });
  });

  it('pins an Application of manifests to the commit of the root', () => {
    const template = file([owner], 'templates/2-owner.yaml');
    expect(template).toContain('repoURL: {{ .Values.repository | quote }}');
    expect(template).toContain('.Values.revision | quote }}');
    expect(parse(rendered(template))).toMatchObject({
      spec: {
        source: {
          repoURL: 'https://github.com/acme/platform',
          targetRevision: '0123',
          path: 'argocd/g5-12xlarge/manifests/owner',
        },
        syncPolicy: {
          managedNamespaceMetadata: {
            labels: { 'pod-security.kubernetes.io/enforce': 'restricted', 'istio.io/dataplane-mode': 'ambient' },
          },
        },
      },
    });
  });

  it('creates and labels a namespace in its owner alone', () => {
    const guest = manifestApplication('guest', 1, 'ollama', [object('v1', 'ConfigMap', 'c')]);
    const template = file([owner, guest], 'templates/3-guest.yaml');
    expect(template).not.toContain('managedNamespaceMetadata');
    expect(template).not.toContain('CreateNamespace');
  });

  it('keeps objects that must outlive their Application', () => {
    const kept = { ...owner, cascade: false };
    expect(file([kept], 'templates/2-owner.yaml')).not.toContain('finalizers');
  });

  it('lets an Application choose its sync options', () => {
    const chosen = { ...owner, syncOptions: ['ServerSideApply=false', 'Prune=false'] };
    const parsed = parse(rendered(file([chosen], 'templates/2-owner.yaml'))) as { spec: { syncPolicy: object } };
    expect(parsed.spec.syncPolicy).toMatchObject({
      syncOptions: ['ServerSideApply=false', 'Prune=false', 'CreateNamespace=true'],
    });
  });

  it('neither compares nor overwrites fields that something else writes', () => {
    const ignoreDifferences = [{ group: '', kind: 'Secret', jqPathExpressions: ['.data'] }];
    const parsed = parse(rendered(file([{ ...owner, ignoreDifferences }], 'templates/2-owner.yaml')));
    expect(parsed).toMatchObject({
      spec: {
        ignoreDifferences,
        syncPolicy: { syncOptions: expect.arrayContaining(['RespectIgnoreDifferences=true']) as unknown },
      },
    });
  });

  it('keeps braces in user content', () => {
    const values = { template: 'a {{ .Values.x }} {{{ b }}}', '{{ key }}': 1 };
    const istiod = chartApplication('istiod', 0, CHARTS.istiod, { namespace: { name: 'kube-system' }, values });
    const template = file([istiod], 'templates/2-istiod.yaml');
    expect(template).not.toMatch(/\{\{ \.Values\.x/);
    expect(parse(rendered(template))).toMatchObject({ spec: { source: { helm: { valuesObject: values } } } });
  });

  it('leaves out empty maps of values, which would become null in place of others', () => {
    const [namespace, plugin] = [{ name: 'kube-system' }, CHARTS.nvidiaDevicePlugin];
    const source = (values: object) => {
      const application = chartApplication('plugin', 0, plugin, { namespace, values: { ...values } });
      return parse(rendered(file([application], 'templates/2-plugin.yaml'))) as object;
    };
    expect(source({})).toMatchObject({ spec: { source: { helm: { releaseName: 'plugin' } } } });
    expect(source({})).not.toHaveProperty('spec.source.helm.valuesObject');
    expect(source({ gfd: { enabled: true }, nodeSelector: {} })).toHaveProperty('spec.source.helm.valuesObject', {
      gfd: { enabled: true },
    });
  });

  it('writes chart repositories in registries in the form of Argo CD', () => {
    const istiod = chartApplication(
      'istiod',
      0,
      { ...CHARTS.istiod, repository: 'oci://ghcr.io/istio/release/charts' },
      { namespace: { name: 'kube-system' } },
    );
    const files = treeFiles([istiod], { ...OPTIONS, chartRepositories: ['oci://ghcr.io/istio/release/charts'] });
    expect(parse(rendered(files.get('templates/2-istiod.yaml') ?? ''))).toMatchObject({
      spec: { source: { repoURL: 'ghcr.io/istio/release/charts' } },
    });
  });

  it('sets the namespace of objects, except for cluster-scoped ones', () => {
    const list = [
      {
        ...owner,
        project: 'platform' as const,
        source: {
          kind: 'manifests' as const,
          manifests: [object('v1', 'ConfigMap', 'c'), object('scheduling.k8s.io/v1', 'PriorityClass', 'p')],
        },
      },
    ];
    expect(file(list, 'manifests/owner/configmap-c.yaml')).toContain('namespace: ollama');
    expect(file(list, 'manifests/owner/priorityclass-p.yaml')).not.toContain('namespace');
  });

  it('excludes servers that nothing waits for from the health of their Application', () => {
    const list = applications();
    const annotation = "argocd.argoproj.io/ignore-healthcheck: 'true'";
    expect(file(list, 'manifests/ollama/deployment-ollama.yaml')).toContain(annotation);
    expect(file(list, 'manifests/ollama/persistentvolumeclaim-models.yaml')).toContain(annotation);
    expect(file(list, 'manifests/ollama/horizontalpodautoscaler-ollama.yaml')).toContain(annotation);
    expect(file(list, 'manifests/ollama/service-ollama.yaml')).not.toContain(annotation);
    expect(file(list, 'manifests/model-prover/templates/job-model-prover.yaml')).not.toContain(annotation);
  });

  it('has one file per object, even if names clash', () => {
    const manifests: Manifest[] = [
      object('v1', 'ConfigMap', 'c'),
      object('v1', 'ConfigMap', 'c', undefined, { namespace: 'kube-system' }),
      object('rbac.authorization.k8s.io/v1', 'Role', 'a:b'),
      object('rbac.authorization.k8s.io/v1', 'Role', 'a-b'),
      object('networking.istio.io/v1', 'Gateway', 'g'),
      object('gateway.networking.k8s.io/v1', 'Gateway', 'g'),
    ];
    const list = [{ ...owner, source: { kind: 'manifests' as const, manifests } }];
    const paths = [...treeFiles(list, OPTIONS).keys()].filter((path) => path.startsWith('manifests/'));
    expect(paths).toEqual([
      'manifests/owner/configmap-c.ollama.yaml',
      'manifests/owner/configmap-c.kube-system.yaml',
      'manifests/owner/role-a_3ab.yaml',
      'manifests/owner/role-a-b.yaml',
      'manifests/owner/networking.istio.io.gateway-g.ollama.yaml',
      'manifests/owner/gateway.networking.k8s.io.gateway-g.ollama.yaml',
    ]);
  });

  it('contains no revision, since a commit cannot contain its own ID', () => {
    expect(parse(file([owner], 'values.yaml'))).toEqual({ ...OPTIONS, revision: '' });
    expect(file([owner], 'values.yaml')).toMatchSnapshot();
  });

  it('checks what it renders', () => {
    expect(() => treeFiles([owner, owner], OPTIONS)).toThrow(/name of another/);
  });
});

describe('renderTree', () => {
  const directory = mkdtempSync(join(tmpdir(), 'render-tree-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('writes the tree, and removes the files of an earlier one, but nothing else', () => {
    renderTree(applications(), OPTIONS, directory);
    writeFileSync(join(directory, 'README.md'), 'mine');
    renderTree([owner], OPTIONS, directory);
    const found = readdirSync(directory, { recursive: true, withFileTypes: true });
    expect(
      found
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
        .sort(),
    ).toEqual(['.helmignore', '2-owner.yaml', 'Chart.yaml', 'README.md', 'serviceaccount-ollama.yaml', 'values.yaml']);
    expect(readFileSync(join(directory, 'manifests/owner/serviceaccount-ollama.yaml'), 'utf8')).toBe(
      file([owner], 'manifests/owner/serviceaccount-ollama.yaml'),
    );
  });
});
