import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { App, TerraformStack, Testing } from '../../src/framework';
import type { Application, IApplicationSource } from '../../src/gitops/application';
import { APPLICATION_HEALTH_CHECK, APPLICATION_HEALTH_KEY } from '../../src/gitops/application-health';
import { CRD_HEALTH_CHECK, CRD_HEALTH_KEY } from '../../src/gitops/crd-health';
import { syncTimeoutSeconds } from '../../src/gitops/argo-cd-values';
import { longestRollout } from '../../src/gitops/order';
import { ArgoCdDelivery } from '../../src/gitops/argo-cd-delivery';
import type { ArgoCdDeliveryProps } from '../../src/gitops/argo-cd-delivery-props';
import { copySynthesizedTrees } from '../../src/gitops/synthesized-trees';
import { PlatformStack } from '../../src/stacks/platform-stack';
import { type Properties, Template } from '../../src/testing/template';
import { MESH_GROUPS } from '../../src/catalogue/ambient';
import { ollamaApplications } from '../../src/workload/applications';
import { workloadSpec } from '../workload/workload-fixture';
import { refusal } from '../refusal';
import { applications, manifestApplication, object } from './support/applications';

const SOURCE: IApplicationSource = {
  applications: applications(),
  secrets: [{ name: 'gateway-tls', namespace: 'istio-ingress', type: 'kubernetes.io/tls', data: { 'tls.crt': 'c' } }],
  chartRepositories: [],
  definedGroups: MESH_GROUPS,
};
const QUICK = manifestApplication('quick', 0, 'kube-system', [object('v1', 'ConfigMap', 'c')]);
const TLS: IApplicationSource = {
  applications: [],
  secrets: [{ name: 's', namespace: 'x', type: 'Opaque', data: { a: 'b' } }],
  existingNamespaces: ['x'],
};
const PROPS = {
  repository: 'https://github.com/acme/platform',
  revision: 'v1.4.0',
  path: 'argocd/g5-12xlarge',
  sources: [SOURCE],
};

function newDelivery(props: Partial<ArgoCdDeliveryProps> = {}, app: App = Testing.app()): ArgoCdDelivery {
  const stack = new PlatformStack(app, 'platform', { cluster: { clusterName: 'ollama', region: 'us-west-2' } });
  return new ArgoCdDelivery(stack, 'argocd', { ...PROPS, ...props });
}

function synthesize(props: Partial<ArgoCdDeliveryProps> = {}): Template {
  return Template.fromStack(TerraformStack.of(newDelivery(props)));
}

function release(template: Template, chart: string): Properties {
  const found = Object.values(template.resources('helm_release')).find((properties) => properties.chart === chart);
  return found ?? {};
}

function valuesOf(template: Template, chart: string): unknown {
  const [text] = release(template, chart).values as [string];
  return parse(text);
}

describe('ArgoCdDelivery', () => {
  const template = synthesize();

  it('has these addresses', () => {
    expect(template.addresses()).toMatchSnapshot();
  });

  it('installs Argo CD, pinned, without an endpoint', () => {
    expect(release(template, 'argo-cd')).toMatchObject({
      name: 'argocd',
      repository: 'https://argoproj.github.io/argo-helm',
      version: '10.1.1',
      wait: true,
      upgrade_install: true,
    });
    expect(valuesOf(template, 'argo-cd')).toMatchObject({
      server: { replicas: 0 },
      dex: { enabled: false },
      configs: { cm: { 'admin.enabled': false, [APPLICATION_HEALTH_KEY]: APPLICATION_HEALTH_CHECK } },
    });
  });

  it('passes the commit of the root to its children', () => {
    expect(valuesOf(template, 'argocd-apps')).toMatchObject({
      applications: {
        'ollama-root': {
          namespace: 'argocd',
          project: 'ollama-root',
          source: {
            repoURL: 'https://github.com/acme/platform',
            targetRevision: 'v1.4.0',
            path: 'argocd/g5-12xlarge',
            helm: {
              parameters: [
                { name: 'repository', value: '$ARGOCD_APP_SOURCE_REPO_URL', forceString: true },
                { name: 'path', value: '$ARGOCD_APP_SOURCE_PATH', forceString: true },
                { name: 'revision', value: '$ARGOCD_APP_REVISION', forceString: true },
              ],
            },
          },
          syncPolicy: {
            automated: { prune: true, selfHeal: true },
            syncOptions: ['ServerSideApply=true'],
            retry: { limit: 11, refresh: true },
          },
        },
      },
    });
  });

  it('waits at destroy for as long as all waves may take', () => {
    const waves = new Map<number, number>();
    for (const { wave, healthGate } of applications()) {
      waves.set(wave, Math.max(waves.get(wave) ?? 0, healthGate.timeoutSeconds));
    }
    const total = [...waves.values()].reduce((sum, seconds) => sum + seconds, 0);
    expect(release(template, 'argocd-apps')).toMatchObject({ wait: true, timeout: total });
    expect(release(synthesize({ sources: [{ applications: [QUICK] }] }), 'argocd-apps').timeout).toBe(1800);
  });

  it('limits the time of a sync, but not below the time that all waves may take', () => {
    const timeouts = [[], [QUICK], applications()].map((some) => syncTimeoutSeconds(some));
    expect(timeouts[0]).toBe(4 * 3600);
    for (const [index, some] of [[QUICK], applications()].entries())
      expect(timeouts[index + 1]).toBeGreaterThanOrEqual(2 * longestRollout(some));
    const long = { ...QUICK, healthGate: { timeoutSeconds: 9000 } };
    expect(syncTimeoutSeconds([long])).toBe(18_000);
  });

  it('creates Secrets in their labeled namespace before the root', () => {
    const [namespace] = Object.values(template.resources('kubernetes_namespace_v1')).filter(
      ({ lifecycle }) => lifecycle !== undefined,
    );
    expect(namespace).toMatchObject({
      metadata: { name: 'istio-ingress', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
      lifecycle: { ignore_changes: ['metadata[0].labels', 'metadata[0].annotations'] },
    });
    expect(template.resource('kubernetes_secret_v1')).toMatchObject({
      metadata: { name: 'gateway-tls', namespace: 'istio-ingress' },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': 'c' },
    });
    const [secret = ''] = Object.keys(template.resources('kubernetes_secret_v1'));
    const [argoCd] = Object.entries(template.resources('helm_release')).filter(([, { chart }]) => chart === 'argo-cd');
    expect(release(template, 'argocd-apps').depends_on).toEqual(
      expect.arrayContaining([`kubernetes_secret_v1.${secret}`, `helm_release.${argoCd?.[0]}`]),
    );
  });

  it('merges values, but keeps the health checks that waves depend on', () => {
    const cm = { [APPLICATION_HEALTH_KEY]: 'return {}', [CRD_HEALTH_KEY]: 'return {}' };
    const values = { server: { replicas: 1 }, configs: { cm } };
    expect(valuesOf(synthesize({ values }), 'argo-cd')).toMatchObject({
      server: { replicas: 1 },
      repoServer: { replicas: 2 },
      configs: {
        cm: {
          'admin.enabled': false,
          [APPLICATION_HEALTH_KEY]: APPLICATION_HEALTH_CHECK,
          [CRD_HEALTH_KEY]: CRD_HEALTH_CHECK,
        },
      },
    });
  });

  it('labels the Secret of a private repository, and never reads it', () => {
    const labelled = synthesize({ repositorySecret: 'platform-repository' });
    expect(labelled.resource('kubernetes_labels')).toMatchObject({
      kind: 'Secret',
      metadata: { name: 'platform-repository', namespace: 'argocd' },
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
    });
    expect(labelled.dataSources('kubernetes_secret_v1')).toEqual({});
  });

  it('does not create an existing namespace of Argo CD', () => {
    const names = (given: Template) =>
      Object.values(given.resources('kubernetes_namespace_v1')).map(
        ({ metadata }) => (metadata as { name: string }).name,
      );
    expect(names(template)).toContain('argocd');
    expect(names(synthesize({ createNamespace: false }))).not.toContain('argocd');
  });

  it('adds only projects and root to an existing Argo CD, requires its health check, and warns without that of definitions', () => {
    const existing = synthesize({ existing: true, namespace: 'gitops' });
    expect(Object.values(existing.resources('helm_release')).map(({ chart }) => chart)).toEqual(['argocd-apps']);
    const hash = createHash('sha256').update(APPLICATION_HEALTH_CHECK.trim()).digest('hex');
    const data = `self.data["${APPLICATION_HEALTH_KEY}"]`;
    expect(existing.dataSource('kubernetes_config_map_v1')).toMatchObject({
      metadata: { name: 'argocd-cm', namespace: 'gitops' },
      lifecycle: { postcondition: [{ condition: `\${try(sha256(trimspace(${data})) == "${hash}", false)}` }] },
    });
    const [settings = ''] = Object.keys(existing.dataSources('kubernetes_config_map_v1'));
    expect(existing.checks()).toEqual({
      [`${settings}_crd_health`]: {
        assert: {
          condition: `\${can(data.kubernetes_config_map_v1.${settings}.data["${CRD_HEALTH_KEY}"])}`,
          error_message: expect.stringContaining('Set it to CRD_HEALTH_CHECK of @org/ollama-eks'),
        },
      },
    });
    expect(release(existing, 'argocd-apps').namespace).toBe('gitops');
    expect(valuesOf(existing, 'argocd-apps')).toMatchObject({ projects: { 'ollama-root': { namespace: 'gitops' } } });
  });

  it.each<[Partial<ArgoCdDeliveryProps>, string]>([
    ...['HEAD', 'main', 'latest', 'v1', 'v1.4', '1.4.0', 'abc1234', 'v1.*', ''].map(
      (revision): [Partial<ArgoCdDeliveryProps>, string] => [{ revision }, 'revision'],
    ),
    [{ repository: 'https://user:secret@github.com/acme/platform' }, 'repository'],
    [{ repository: 'https://secret@github.com/acme/platform' }, 'repository'],
    [{ repository: 'http://secret@github.com/acme/platform' }, 'repository'],
    [{ repository: 'https://github.com/acme/platform?token=secret@' }, 'repository'],
    [{ repository: 'https://user:a/secret@github.com/acme/platform' }, 'repository'],
    [{ repository: 'user:secret@github.com/acme/platform' }, 'repository'],
    ...['Argo CD', '', 'kube-system', 'ollama', 'a.b'].map((namespace): [Partial<ArgoCdDeliveryProps>, string] => [
      { namespace },
      'namespace',
    ]),
    [{ repositorySecret: '' }, 'repositorySecret'],
    [{ repositorySecret: 'A B' }, 'repositorySecret'],
    [{ existing: true, createNamespace: true }, 'createNamespace'],
    [{ repository: 'platform' }, 'repository'],
    [{ path: '/argocd' }, 'path'],
    [{ sources: [] }, 'sources'],
    [{ sources: [{ applications: ollamaApplications(workloadSpec()) }] }, 'applications[ollama].source.manifests[2]'],
    [{ path: '../argocd' }, 'path'],
    [{ existing: true, values: {} }, 'values'],
    [{ sources: [{ applications: [QUICK, QUICK] }] }, 'applications[quick].name'],
    [{ sources: [TLS, TLS] }, 'secrets[x/s]'],
    [
      {
        sources: [
          { applications: [], secrets: [{ name: 's', namespace: 'nowhere', type: 'Opaque', data: { a: 'b' } }] },
        ],
      },
      'secrets[nowhere/s].namespace',
    ],
    [
      {
        sources: [
          {
            applications: [],
            secrets: [{ name: 's', namespace: 'x', type: 'Opaque', data: {} }],
            existingNamespaces: ['x'],
          },
        ],
      },
      'secrets[x/s].data',
    ],
  ])('refuses %j', (props, property) => {
    const error = refusal(() => newDelivery(props));
    expect(error.property).toBe(property);
    expect(error.message).not.toContain('secret@');
  });

  it.each([
    'https://github.com/acme/platform.git',
    'ssh://git@github.com/acme/platform',
    'git@github.com:acme/platform.git',
  ])('accepts the repository %s', (repository) => {
    expect(() => newDelivery({ repository })).not.toThrow();
  });

  it.each(['v1.4.0', 'v1.4.0-rc.1', 'a'.repeat(40), '0'.repeat(64)])('accepts the revision %s', (revision) => {
    expect(() => newDelivery({ revision })).not.toThrow();
  });

  it('refuses at synth what a source contributes too late', () => {
    const list: Application[] = [...applications()];
    const delivery = newDelivery({ sources: [{ applications: list, definedGroups: MESH_GROUPS }] });
    expect(delivery.node.validate()).toEqual([]);
    list.push(manifestApplication('late', 6, 'ollama', [object('v1', 'ConfigMap', 'late')]));
    expect(delivery.node.validate().join()).toMatch(/after this delivery was created/);
  });
});

describe('copySynthesizedTrees', () => {
  const directory = mkdtempSync(join(tmpdir(), 'trees-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('copies the tree of a synth to its path in a repository', () => {
    const app = new App({ outdir: join(directory, 'cdktf.out'), stackTraces: false });
    const delivery = newDelivery({}, app);
    app.synth();
    const repository = join(directory, 'repository');
    expect(copySynthesizedTrees(app.outdir, repository)).toEqual(['argocd/g5-12xlarge']);
    const template = readFileSync(join(repository, 'argocd/g5-12xlarge/templates/2-istiod.yaml'), 'utf8');
    expect(template).toContain('chart: istiod');
    const json = readFileSync(join(app.outdir, 'stacks/platform/cdk.tf.json'), 'utf8');
    expect(json).not.toContain(tmpdir());
    expect(json).not.toContain(process.cwd());
    expect(delivery.tree.path).toMatch(/^assets\/argocd_tree_[0-9A-F]{8}\/[0-9a-f]{16}$/);
  });

  it('finds no tree in an output without one', () => {
    expect(copySynthesizedTrees(join(directory, 'nothing'), directory)).toEqual([]);
  });
});
