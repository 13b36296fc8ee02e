import { MESH_GROUPS } from '../../../src/catalogue/ambient';
import type { IApplicationSource } from '../../../src/gitops/application';
import { contributionsOf } from '../../../src/gitops/contributions';
import { refusal } from '../../refusal';
import { applications } from '../support/applications';

const MANIFEST = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } };
const OWN = {
  name: 'own',
  wave: 6,
  namespace: { name: 'own', podSecurity: 'restricted' },
  project: 'workload',
  source: { kind: 'manifests', manifests: [MANIFEST] },
  healthGate: { timeoutSeconds: 60 },
};
const CHART = { kind: 'chart', repository: 'https://x.io/charts', chart: 'own', version: '1.0.0', values: {} };

/** Returns the error for a source as code without types may pass it. */
const refused = (source: object) =>
  refusal(() => contributionsOf({ sources: [{ applications: applications() }, source as IApplicationSource] }));

it.each<[string, object, string]>([
  ['', {}, 'is required'],
  ['.applications', { applications: { own: OWN } }, 'has the wrong type'],
  ['.applications[0]', { applications: [undefined] }, 'is required'],
  ['.applications[0]', { applications: [null] }, 'has the wrong type'],
  ['.secrets[0].type', { applications: [], secrets: [{ name: 'a', namespace: 'b', data: {} }] }, 'is required'],
  ['.chartRepositories', { applications: [], chartRepositories: 'https://x.io' }, 'has the wrong type'],
  ['.definedGroups[0]', { applications: [], definedGroups: [1] }, 'has the wrong type'],
])('sources[1]%s: %j', (path, source, problem) => {
  const { property, message } = refused(source);
  expect(property).toBe(`sources[1]${path === '' ? '.applications' : path}`);
  expect(message).toContain(problem);
});

it.each<[string, object, string]>([
  ['name', { name: undefined }, 'is required'],
  ['wave', { wave: '6' }, 'has the wrong type'],
  ['namespace', { namespace: 'own' }, 'has the wrong type'],
  ['namespace.podSecurity', { namespace: { name: 'own', podSecurity: 'strict' } }, 'privileged, baseline, restricted'],
  ['project', { project: 'default' }, 'platform, workload'],
  ['healthGate', { healthGate: undefined }, 'is required'],
  ['healthGate.timeoutSeconds', { healthGate: {} }, 'is required'],
  ['cascades', { cascades: false }, 'use cascade, or remove it'],
  ['syncOptions', { syncOptions: 'Prune=false' }, 'a list'],
  ['ignoreDifferences[0].jqPathExpressions', { ignoreDifferences: [{ group: '', kind: 'Secret' }] }, 'is required'],
  ['source', { source: { kind: 'helm' } }, 'an object whose kind is "chart" or "manifests"'],
  ['source.manifests', { source: { kind: 'manifests', manifests: MANIFEST } }, 'a list'],
  [
    'source.manifests[0].metadata',
    { source: { kind: 'manifests', manifests: [{ apiVersion: 'v1', kind: 'Pod' }] } },
    'is required',
  ],
  ['source.values', { source: { ...CHART, values: undefined } }, 'is required'],
  ['source.version', { source: { ...CHART, version: 1.1 } }, 'a string'],
  ['source.images[0].value', { source: { ...CHART, images: [{ repository: 'x.io/own' }] } }, 'is required'],
])('an Application with a wrong %s: %j', (property, change, problem) => {
  const error = refused({ applications: [{ ...OWN, ...change }] });
  expect(error.property).toBe(`sources[1].applications[0].${property}`);
  expect(error.message).toContain(problem);
});

it('an annotation that is not a text is refused, which the API server would do at apply', () => {
  const annotated = { ...MANIFEST, metadata: { name: 'own', annotations: { 'example.com/on': true } } };
  const error = refused({ applications: [{ ...OWN, source: { kind: 'manifests', manifests: [annotated] } }] });
  expect(error.property).toBe('sources[1].applications[0].source.manifests[0].metadata.annotations.example.com/on');
});

it('an error of a Secret does not show its values', () => {
  for (const data of ['hunter2', { a: ['hunter2'] }, undefined]) {
    const secret = { name: 'a', namespace: 'b', type: 'Opaque', data };
    const { property, message } = refused({ applications: [], secrets: [secret] });
    expect(property).toBe('sources[1].secrets[0].data');
    expect(message).not.toContain('hunter2');
  }
});

it('objects may have fields that the library does not read', () => {
  const manifest = { ...MANIFEST, metadata: { name: 'own', finalizers: ['a'] }, data: { a: 'b' } };
  const source = { kind: 'manifests', manifests: [manifest] };
  const sources = [
    { applications: applications(), definedGroups: MESH_GROUPS },
    { applications: [{ ...OWN, source }] },
  ];
  expect(() => contributionsOf({ sources: sources as IApplicationSource[] })).not.toThrow();
});

class Circular {
  public readonly itself = this;
}

// YAML parsers return dates, and a construct refers to itself.
it.each<[string, unknown]>([
  ['a date', new Date(0)],
  ['a map', new Map([['a', 1]])],
  ['an instance of a class', new Circular()],
])('%s is refused where it is, in manifests and in values', (_, value) => {
  const manifests = [{ ...MANIFEST, data: { value } }];
  for (const [source, path] of [
    [{ kind: 'manifests', manifests }, 'source.manifests[0].data.value'],
    [{ ...CHART, values: { value } }, 'source.values.value'],
  ] as const) {
    const { property, message } = refused({
      applications: [{ ...OWN, source }],
      chartRepositories: [CHART.repository],
    });
    expect(property).toBe(`applications[own].${path}`);
    expect(message).toContain('is not a plain JSON value');
  }
});
