import { CHARTS } from '../../../src/catalogue/chart-versions';
import { RETIRED_LOCATIONS } from '../../../src/catalogue/retired-locations';
import { Testing, TerraformStack, Token } from '../../../src/framework';
import type { Application, Manifest } from '../../../src/gitops/application';
import { checkApplications } from '../../../src/gitops/checks/check-applications';
import { aws } from '../../../src/providers/aws';
import { refusal } from '../../refusal';
import {
  applications,
  chartApplication,
  manifestApplication,
  object,
  podTemplate,
  proof,
  servers,
} from '../support/applications';

const owner = manifestApplication('owner', 0, 'ollama', [object('v1', 'ServiceAccount', 'ollama')], {
  namespace: { name: 'ollama', podSecurity: 'restricted' },
});
const app = (manifests: readonly Manifest[], more: Partial<Application> = {}) =>
  manifestApplication('app', 1, 'ollama', manifests, more);
const config = object('v1', 'ConfigMap', 'config');
const chart = (source: object) => {
  const base = chartApplication('istiod', 1, CHARTS.istiod, { namespace: { name: 'kube-system' } });
  return { ...base, source: { ...base.source, ...source } } as Application;
};
const token = Token.asString({ resolve: () => 'x', creationStack: [], toString: () => 'x' });
const deployment = (image: string) =>
  object('apps/v1', 'Deployment', 'd', { template: { spec: { containers: [{ name: 'c', image }] } } });

describe('checkApplications', () => {
  it('accepts one of everything', () => {
    expect(() => checkApplications(applications())).not.toThrow();
  });

  it.each<[string, readonly Application[], string, RegExp]>([
    [
      'a token as a value of a chart',
      [chart({ values: { a: [{ b: token }] } })],
      'applications[istiod].source.values.a[0].b',
      /only known at apply/,
    ],
    [
      'a token within a text',
      [chart({ values: { a: `name-${token}` } })],
      'applications[istiod].source.values.a',
      /only known at apply/,
    ],
    [
      'a number token',
      [chart({ values: { a: Token.asNumber({}) } })],
      'applications[istiod].source.values.a',
      /only known at apply/,
    ],
    [
      'a list token',
      [chart({ values: { a: Token.asList({}) } })],
      'applications[istiod].source.values.a',
      /only known at apply/,
    ],
    [
      'a token as a key',
      [chart({ values: { [token]: 1 } })],
      'applications[istiod].source.values.<key>',
      /only known at apply/,
    ],
    [
      'a token as a name',
      [owner, manifestApplication(token, 1, 'ollama', [config])],
      'applications[?].name',
      /only known at apply/,
    ],
    [
      'a token in a manifest',
      [owner, app([{ ...config, metadata: { name: 'config', labels: { a: token } } }])],
      'applications[app].source.manifests[0].metadata.labels.a',
      /only known/,
    ],
    [
      'a value that JSON cannot represent',
      [chart({ values: { a: Number.NaN } })],
      'applications[istiod].source.values.a',
      /NaN: is not a plain JSON value/,
    ],
    ['a duplicate name', [owner, owner], 'applications[owner].name', /name of another/],
    ['the name of the root', [{ ...owner, name: 'ollama-root' }], 'applications[ollama-root].name', /root Application/],
    ['a name that is not a DNS label', [{ ...owner, name: 'Owner' }], 'applications[Owner].name', /a DNS label/],
    [
      'a name too long for a release',
      [{ ...owner, name: 'a'.repeat(54) }],
      `applications[${'a'.repeat(54)}].name`,
      /a DNS label/,
    ],
    [
      'a namespace that is not a DNS label',
      [{ ...owner, namespace: { name: 'a.b', podSecurity: 'baseline' } }],
      'applications[owner].namespace.name',
      /a DNS label/,
    ],
    ['a wave out of range', [{ ...owner, wave: 7 as 6 }], 'applications[owner].wave', /not a wave/],
    [
      'a timeout of nothing',
      [{ ...owner, healthGate: { timeoutSeconds: 0 } }],
      'applications[owner].healthGate.timeoutSeconds',
      /not a valid timeout/,
    ],
    [
      'two owners of a namespace',
      [owner, app([config], { namespace: { name: 'ollama', podSecurity: 'baseline' } })],
      'applications[app].namespace.podSecurity',
      /which owner owns/,
    ],
    ['no owner of a namespace', [app([config])], 'applications[app].namespace.name', /nothing creates/],
    [
      'an object in a namespace without an owner',
      [owner, app([object('v1', 'ConfigMap', 'c', undefined, { namespace: 'other' })])],
      'applications[app].source.manifests[0].metadata.namespace',
      /nothing creates/,
    ],
    [
      'an owner in a later wave',
      [{ ...owner, wave: 2 }, app([config])],
      'applications[app].namespace.name',
      /created in wave 2 by owner/,
    ],
    [
      'an owner of an existing namespace',
      [{ ...owner, namespace: { name: 'kube-system', podSecurity: 'restricted' } }],
      'applications[owner].namespace.podSecurity',
      /already exists/,
    ],
    [
      'labels of a namespace with another owner',
      [owner, app([config], { namespace: { name: 'ollama', labels: { a: 'b' } } })],
      'applications[app].namespace.labels',
      /does not own/,
    ],
    [
      'an undeclared chart repository',
      [chart({ repository: 'https://charts.example.com' })],
      'applications[istiod].source.repository',
      /not a declared chart repository/,
    ],
    ...RETIRED_LOCATIONS.map(({ location }): [string, readonly Application[], string, RegExp] => [
      `a chart from ${location}`,
      [chart({ repository: `https://${location}/charts` })],
      'applications[istiod].source.repository',
      /removed in December 2026/,
    ]),
    [
      'an image from a retired location',
      [chart({ values: { global: { hub: 'gcr.io/istio-release' } } })],
      'applications[istiod].source.values.global.hub',
      /December 2026/,
    ],
    ...['latest', 'main', 'HEAD', '', '1.31', '1.x', '^1.31.0', '~1.31.0', '>=1.31.0', '*', '1.31.0 - 1.31.2'].map(
      (version): [string, readonly Application[], string, RegExp] => [
        `the floating version "${version}"`,
        [chart({ version })],
        'applications[istiod].source.version',
        /not an exact version/,
      ],
    ),
    ...['ollama', 'ollama:latest', 'example.com:5000/ollama', 'ollama:main'].map(
      (image): [string, readonly Application[], string, RegExp] => [
        `the floating image ${image}`,
        [owner, app([deployment(image)])],
        'applications[app].source.manifests[0].spec.template.spec.containers[0].image',
        /floating/,
      ],
    ),
    [
      'ApplyOutOfSyncOnly',
      [{ ...owner, syncOptions: ['ApplyOutOfSyncOnly=true'] }],
      'applications[owner].syncOptions',
      /skip the wait/,
    ],
    [
      'a Namespace among manifests',
      [owner, app([object('v1', 'Namespace', 'ollama')], { project: 'platform' })],
      'applications[app].source.manifests[0]',
      /the delivery creates namespaces/,
    ],
    [
      'a cluster-scoped object of the project workload',
      [owner, app([object('scheduling.k8s.io/v1', 'PriorityClass', 'p')])],
      'applications[app].source.manifests[0]',
      /cluster-scoped/,
    ],
    [
      'a chart with cluster-scoped objects in the project workload',
      [{ ...chart({}), project: 'workload' }],
      'applications[istiod].source.chart',
      /project `workload` does not allow/,
    ],
    [
      'one object twice',
      [owner, app([config]), { ...app([config]), name: 'other' }],
      'applications[other].source.manifests[0]',
      /is also in app/,
    ],
    [
      'an invalid name of an object',
      [owner, app([object('v1', 'ConfigMap', 'My_Config')])],
      'applications[app].source.manifests[0].metadata.name',
      /valid name/,
    ],
    ['no objects', [owner, app([])], 'applications[app].source.manifests', /does not keep empty folders/],
    [
      'an object with the name of the revision record',
      [owner, { ...proof(), name: 'proof' }, app([object('v1', 'ConfigMap', 'proof-revision')])],
      'applications[proof].source.manifests[2]',
      /is also in app/,
    ],
    [
      'a hook in an Application without a gate',
      [owner, { ...proof(), healthGate: { timeoutSeconds: 1, waitForHealth: false } }],
      'applications[model-prover].source.manifests[1].metadata.annotations',
      /waitForHealth: false/,
    ],
    [
      'a chart without a gate',
      [{ ...chart({}), healthGate: { timeoutSeconds: 1, waitForHealth: false } }],
      'applications[istiod].healthGate.waitForHealth',
      /chart/,
    ],
  ])('refuses %s', (_, list, property, problem) => {
    const error = refusal(() => checkApplications(list));
    expect(error.property).toBe(property);
    expect(error.message).toMatch(problem);
  });

  it('never shows a token', () => {
    const error = refusal(() => checkApplications([chart({ values: { a: token } })]));
    expect(error.message).not.toContain('TfToken');
  });

  it('refuses an attribute of a real resource', () => {
    const vpc = new aws.Vpc(new TerraformStack(Testing.app(), 'stack'), 'vpc');
    expect(refusal(() => checkApplications([chart({ values: { vpc: vpc.id } })])).message).toMatch(
      /only known at apply/,
    );
  });

  it.each(['1.31.1', 'v1.31.1', '1.31.0-rc.0', '1.2.3+build.4'])('accepts the version %s', (version) => {
    expect(() => checkApplications([chart({ version })])).not.toThrow();
  });

  it.each(['ollama:0.32.15', 'example.com:5000/ollama:0.32.15', `ollama@sha256:${'a'.repeat(64)}`])(
    'accepts the image %s',
    (image) => {
      expect(() => checkApplications([owner, app([deployment(image)])])).not.toThrow();
    },
  );

  it('accepts a declared repository and a declared namespace', () => {
    const mirror = 'oci://111122223333.dkr.ecr.us-west-2.amazonaws.com/istio';
    expect(() => checkApplications([chart({ repository: mirror })], { chartRepositories: [mirror] })).not.toThrow();
    expect(() => checkApplications([app([config])], { existingNamespaces: ['ollama'] })).not.toThrow();
  });

  it('accepts RBAC names with colons', () => {
    const role = object('rbac.authorization.k8s.io/v1', 'Role', 'ollama:reader');
    expect(() => checkApplications([owner, app([role])])).not.toThrow();
  });
});

describe('definitions of kinds', () => {
  const definition = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'things.example.com', {
    group: 'example.com',
    names: { kind: 'Thing' },
  });
  const thing = app([object('example.com/v1', 'Thing', 't')]);
  const definer = (wave: 0 | 1) =>
    manifestApplication('definer', wave, 'kube-system', [definition], { project: 'platform' });

  it('must precede their objects', () => {
    expect(() => checkApplications([owner, definer(0), thing])).not.toThrow();
    expect(refusal(() => checkApplications([owner, definer(1), thing])).message).toMatch(/needs the definition/);
  });
});

describe('claims of volumes', () => {
  const claim = (more = {}) => object('v1', 'PersistentVolumeClaim', 'models', { storageClassName: 'models' }, more);
  const pod = object('apps/v1', 'Deployment', 'd', { template: podTemplate('d', 0, ['models']) });
  const storageClass = (volumeBindingMode?: string) =>
    ({ ...object('storage.k8s.io/v1', 'StorageClass', 'models'), volumeBindingMode }) as Manifest;

  it('may be in the wave of the pods that mount them', () => {
    expect(() => checkApplications([owner, app([claim(), pod])])).not.toThrow();
    expect(() => checkApplications([owner, servers()])).not.toThrow();
    const cronJob = object('batch/v1', 'CronJob', 'c', {
      jobTemplate: { spec: { template: podTemplate('d', 0, ['models']) } },
    });
    expect(() => checkApplications([owner, app([claim(), cronJob])])).not.toThrow();
  });

  it('may have the names that a StatefulSet gives its claims', () => {
    const named = (name: string) => object('v1', 'PersistentVolumeClaim', name, { storageClassName: 'models' });
    const set = object('apps/v1', 'StatefulSet', 'ollama', {
      volumeClaimTemplates: [{ metadata: { name: 'models' } }],
    });
    expect(() =>
      checkApplications([owner, app([named('models-ollama-0'), named('models-ollama-11'), set])]),
    ).not.toThrow();
    for (const name of ['models-ollama', 'models-other-0', 'cache-ollama-0', 'models-ollama-x0']) {
      expect(refusal(() => checkApplications([owner, app([named(name), set])])).message).toMatch(/its wave never ends/);
    }
  });

  it('are refused in an earlier Application or sync wave than their pods', () => {
    const later = manifestApplication('later', 2, 'ollama', [pod]);
    expect(refusal(() => checkApplications([owner, app([claim()]), later])).message).toMatch(/its wave never ends/);
    const earlier = claim({ annotations: { 'argocd.argoproj.io/sync-wave': '-1' } });
    expect(refusal(() => checkApplications([owner, app([earlier, pod])])).message).toMatch(/its wave never ends/);
  });

  it('may be in any wave if they bind at once', () => {
    const list = (mode?: string) => [
      owner,
      manifestApplication('storage', 0, 'ollama', [storageClass(mode)], { project: 'platform' }),
      app([claim()]),
    ];
    expect(() => checkApplications(list('Immediate'))).not.toThrow();
    expect(() => checkApplications(list())).not.toThrow();
    expect(refusal(() => checkApplications(list('WaitForFirstConsumer'))).message).toMatch(/never ends/);
  });
});
