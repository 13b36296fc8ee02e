import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { App, TerraformStack, Testing } from '../../src/framework';
import type { Application, IApplicationSource, Manifest } from '../../src/gitops/application';
import { HelmDelivery } from '../../src/gitops/helm-delivery';
import { helmManifests } from '../../src/gitops/helm-manifests';
import { releaseChart } from '../../src/gitops/release-chart';
import { PlatformStack } from '../../src/stacks/platform-stack';
import { type Properties, Template } from '../../src/testing/template';
import { MESH_GROUPS } from '../../src/catalogue/ambient';
import { CHARTS } from '../../src/catalogue/chart-versions';
import { applications, chartApplication, manifestApplication, object, proof } from './support/applications';

const SOURCE: IApplicationSource = {
  applications: applications(),
  secrets: [{ name: 'gateway-tls', namespace: 'istio-ingress', type: 'kubernetes.io/tls', data: { 'tls.crt': 'c' } }],
  definedGroups: MESH_GROUPS,
};

function newDelivery(source: IApplicationSource, app: App = Testing.app()): HelmDelivery {
  const stack = new PlatformStack(app, 'platform', { cluster: { clusterName: 'ollama', region: 'us-west-2' } });
  return new HelmDelivery(stack, 'helm', { sources: [source] });
}

const synthesize = (source: IApplicationSource) => Template.fromStack(TerraformStack.of(newDelivery(source)));
const releases = (template: Template) =>
  new Map(
    Object.entries(template.resources('helm_release')).map(([id, properties]) => [
      properties.name as string,
      { id, properties },
    ]),
  );

describe('HelmDelivery', () => {
  const template = synthesize(SOURCE);
  const byName = releases(template);
  const dependencies = (name: string) => (byName.get(name)?.properties.depends_on ?? []) as string[];
  const address = (name: string) => `helm_release.${byName.get(name)?.id}`;

  it('has these addresses', () => {
    expect(template.addresses()).toMatchSnapshot();
  });

  it('creates a release for each Application', () => {
    expect([...byName.keys()].sort()).toEqual(
      applications()
        .map(({ name }) => name)
        .sort(),
    );
    expect(byName.get('istiod')?.properties).toMatchObject({
      repository: 'https://blob.istio.io/istio-release/charts',
      chart: 'istiod',
      version: CHARTS.istiod.version,
      namespace: 'istio-system',
      create_namespace: false,
      wait: true,
      wait_for_jobs: true,
      timeout: 600,
      upgrade_install: true,
    });
  });

  it('makes each wave depend on the previous one, and the first on namespaces and Secrets', () => {
    expect(dependencies('istio-base')).toEqual([address('gateway-api-crds')]);
    expect(dependencies('istiod')).toEqual([address('istio-base')]);
    expect(dependencies('ollama').sort()).toEqual([address('foundation'), address('ztunnel')].sort());
    expect(dependencies('routes').sort()).toEqual([address('gateway'), address('model-prover')].sort());
    expect(dependencies('gateway-api-crds').sort()).toEqual(
      [
        ...Object.keys(template.resources('kubernetes_namespace_v1')).map((id) => `kubernetes_namespace_v1.${id}`),
        ...Object.keys(template.resources('kubernetes_secret_v1')).map((id) => `kubernetes_secret_v1.${id}`),
      ].sort(),
    );
  });

  it('creates every namespace that an Application owns, once, with its Pod Security level', () => {
    const made = Object.values(template.resources('kubernetes_namespace_v1')).map(({ metadata }) => metadata);
    expect(made).toEqual([
      { name: 'istio-ingress', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
      { name: 'istio-system', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
      { name: 'ollama', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    ]);
    Object.values(template.resources('kubernetes_namespace_v1')).forEach((namespace: Properties) =>
      expect(namespace.lifecycle).toBeUndefined(),
    );
  });

  it('does not wait for servers that may not have a GPU', () => {
    expect(byName.get('ollama')?.properties).toMatchObject({ wait: false, wait_for_jobs: false });
  });

  it('keeps the result of a proof without servers, and the gateway and its routes do not wait for servers', () => {
    const prover = applications().find(({ name }) => name === 'model-prover') as Application;
    const job = helmManifests(prover).find(({ kind }) => kind === 'Job');
    expect(job?.metadata.annotations).toMatchObject({ 'helm.sh/hook-delete-policy': 'before-hook-creation' });
    const waiting = [...byName].filter(([, { properties }]) => properties.wait === true).map(([name]) => name);
    expect(waiting).toEqual(expect.arrayContaining(['model-prover', 'gateway', 'routes']));
    expect(waiting).not.toContain('ollama');
  });

  it('escapes what Terraform would read as a template', () => {
    const values = { script: 'echo ${HOME} %{if} $${x}' };
    const escaped = chartApplication('istiod', 0, CHARTS.istiod, { namespace: { name: 'kube-system' }, values });
    const [text] = releases(synthesize({ applications: [escaped] })).get('istiod')?.properties.values as [string];
    expect(text).toBe('script: echo $${HOME} %%{if} $$${x}\n');
  });

  it('plans an update when the content of a chart changes, and none when nothing does', () => {
    const chart = (models: string) =>
      releases(
        synthesize({
          ...SOURCE,
          applications: [...applications().filter(({ name }) => name !== 'model-prover'), proof(models)],
        }),
      ).get('model-prover')?.properties.chart;
    expect(chart('a')).toMatch(/^\$\{path\.module\}\/assets\/helm_chart-model-prover_[0-9A-F]{8}\/[0-9a-f]{16}$/);
    expect(chart('a')).toBe(chart('a'));
    expect(chart('a')).not.toBe(chart('b'));
  });

  it('runs hooks again when any Application changes, and only then', () => {
    const values = (more: readonly Application[] = []) =>
      Object.fromEntries(
        [...releases(synthesize({ ...SOURCE, applications: [...applications(), ...more] }))].flatMap(
          ([name, { properties }]) => (properties.repository === undefined ? [[name, properties.values]] : []),
        ),
      ) as Record<string, unknown>;
    const config = manifestApplication('config', 6, 'ollama', [object('v1', 'ConfigMap', 'c')]);
    expect(values()).toMatchObject({
      ollama: undefined,
      'model-prover': [expect.stringMatching(/^revision: \w{64}\n$/)],
    });
    expect(values()).toEqual(values());
    expect(values([config])['model-prover']).not.toEqual(values()['model-prover']);
  });

  it('writes the charts next to the stack, without paths of this machine', () => {
    const directory = mkdtempSync(join(tmpdir(), 'helm-delivery-'));
    const app = new App({ outdir: directory, stackTraces: false });
    newDelivery(SOURCE, app);
    app.synth();
    const stack = join(directory, 'stacks/platform');
    const files = readdirSync(join(stack, 'assets'), { recursive: true, encoding: 'utf8' });
    const charts = files.flatMap((file) => /helm_chart-(.+)_[0-9A-F]{8}\/.*\/Chart\.yaml$/.exec(file)?.[1] ?? []);
    const ofManifests = SOURCE.applications.filter(({ source }) => source.kind === 'manifests');
    expect(charts.sort()).toEqual(ofManifests.map(({ name }) => name).sort());
    expect(files).toContainEqual(expect.stringMatching(/helm_chart-ollama_.*\/templates\/deployment-ollama\.yaml$/));
    expect(readFileSync(join(stack, 'cdk.tf.json'), 'utf8')).not.toContain(tmpdir());
    rmSync(directory, { recursive: true });
  });
});

describe('releaseChart', () => {
  const annotationsOf = (application: Application, file: string) =>
    (parse(releaseChart(application).get(`templates/${file}`) ?? '') as Manifest | null)?.metadata.annotations;
  const one = (manifest: Manifest, more: Partial<Application> = {}) =>
    manifestApplication('app', 0, 'ollama', [manifest], more);
  const annotated = (annotations: Record<string, string>) => object('v1', 'ConfigMap', 'c', undefined, { annotations });

  it.each([
    ['PreSync', 'pre-install,pre-upgrade'],
    ['Sync', 'post-install,post-upgrade'],
    ['Sync,PostSync', 'post-install,post-upgrade'],
    ['PostDelete', 'post-delete'],
  ])('translates the hook %s to a hook of Helm', (hook, events) => {
    const annotations = {
      'argocd.argoproj.io/hook': hook,
      'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation,HookSucceeded',
      'argocd.argoproj.io/sync-wave': '2',
    };
    expect(annotationsOf(one(annotated(annotations)), 'configmap-c.yaml')).toEqual({
      ...annotations,
      'helm.sh/hook': events,
      'helm.sh/hook-weight': '2',
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    });
  });

  it('omits hooks that only Argo CD runs', () => {
    const skipped = annotated({ 'argocd.argoproj.io/hook': 'SyncFail' });
    expect(releaseChart(one(skipped)).has('templates/configmap-c.yaml')).toBe(false);
  });

  it.each<[string, Application]>([
    ['an object that is not to be deleted', one(annotated({ 'argocd.argoproj.io/sync-options': 'Delete=false' }))],
    [
      'an object that is not to be pruned',
      one(annotated({ 'argocd.argoproj.io/sync-options': 'Replace=true, Prune=false' })),
    ],
    ['an Application that does not cascade', one(object('v1', 'ConfigMap', 'c'), { cascade: false })],
  ])('keeps %s', (_, application) => {
    expect(annotationsOf(application, 'configmap-c.yaml')).toMatchObject({ 'helm.sh/resource-policy': 'keep' });
  });

  it('escapes braces in content', () => {
    const script = { ...object('v1', 'ConfigMap', 'c'), data: { script: 'echo {{ .Values.x }}' } } as Manifest;
    expect(releaseChart(one(script)).get('templates/configmap-c.yaml')).toContain('echo {{ "{{" }} .Values.x }}');
  });
});
