import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MESH_GROUPS } from '../../src/catalogue/ambient';
import { CHARTS } from '../../src/catalogue/chart-versions';
import { type RenderedTree, treeChanges, type TreeChanges } from '../../src/changes/tree-changes';
import { App } from '../../src/framework';
import type { Application, IApplicationSource } from '../../src/gitops/application';
import { ArgoCdDelivery } from '../../src/gitops/argo-cd-delivery';
import { HelmDelivery } from '../../src/gitops/helm-delivery';
import { readSynthesizedObjects, type TreeObject } from '../../src/gitops/synthesized-trees';
import { PlatformStack } from '../../src/stacks/platform-stack';
import { ollamaApplications } from '../../src/workload/applications';
import type { WorkloadSpec } from '../../src/workload/workload-spec';
import { applications, chartApplication, manifestApplication, object } from '../gitops/support/applications';
import { EBS, workloadPool, workloadSpec } from '../workload/workload-fixture';

type Delivery = 'argocd' | 'helm';
const DELIVERIES: readonly Delivery[] = ['argocd', 'helm'];

const directory = mkdtempSync(join(tmpdir(), 'tree-changes-'));
afterAll(() => rmSync(directory, { recursive: true }));
let count = 0;

/** The mesh, a gateway, and the workload. */
function installation(
  spec: WorkloadSpec = workloadSpec(),
  others: readonly Application[] = [],
): readonly Application[] {
  const mesh = applications().filter(({ namespace }) => namespace.name !== 'ollama');
  return [...mesh, ...ollamaApplications(spec), ...others];
}

/** Returns what synth writes, as it is read back. */
function rendered(all: readonly Application[], delivery: Delivery = 'argocd'): RenderedTree {
  const app = new App({ outdir: join(directory, String((count += 1))), stackTraces: false });
  const stack = new PlatformStack(app, 'platform', { cluster: { clusterName: 'ollama', region: 'us-west-2' } });
  const source: IApplicationSource = { applications: all, definedGroups: MESH_GROUPS };
  if (delivery === 'helm') new HelmDelivery(stack, 'helm', { sources: [source] });
  else {
    const git = { repository: 'https://github.com/acme/platform', revision: 'v1.4.0', path: 'argocd/ollama' };
    new ArgoCdDelivery(stack, 'argocd', { sources: [source], ...git });
  }
  app.synth();
  const objects = readSynthesizedObjects(app.outdir);
  if (objects === undefined) throw new Error('nothing is rendered');
  expect(objects.delivery).toBe(delivery);
  return objects;
}

/** Returns the objects as they run: with the annotation of their owner, defaults, and quantities in their canonical form. */
function running({ objects }: RenderedTree, delivery: Delivery = 'argocd'): readonly TreeObject[] {
  return objects.map((one) => {
    const { metadata, kind } = one;
    const owner = kind === 'Application' ? 'ollama-root' : metadata.namespace === 'ollama' ? 'ollama' : 'gateway';
    const mark: Record<string, string> =
      delivery === 'helm'
        ? { 'meta.helm.sh/release-name': owner }
        : { 'argocd.argoproj.io/tracking-id': `${owner}:${kind}:${metadata.name}` };
    const text = JSON.stringify({
      ...one,
      metadata: { ...metadata, annotations: { ...metadata.annotations, ...mark }, uid: '0a', managedFields: [] },
      status: { observedGeneration: 1 },
    });
    return JSON.parse(
      text
        .replaceAll('filled in at delivery', '0123456789abcdef')
        .replaceAll('"cpu":"1000m"', '"cpu":"1"')
        .replaceAll('"name":"http"', '"protocol":"TCP","name":"http"'),
    ) as TreeObject;
  });
}

function changes(from: readonly Application[], to: readonly Application[], delivery: Delivery = 'argocd'): TreeChanges {
  return treeChanges(running(rendered(from, delivery), delivery), rendered(to, delivery));
}

describe.each(DELIVERIES)('delivered by %s', (delivery) => {
  test('nothing changes if everything runs as it is rendered', () => {
    expect(changes(installation(), installation(), delivery)).toEqual({
      counts: { create: 0, update: 0, delete: 0 },
      effects: [],
    });
  });

  test('an empty cluster loses nothing', () => {
    const tree = rendered(installation(), delivery);
    const { counts, effects } = treeChanges([], tree);
    expect(counts).toMatchObject({ update: 0, delete: 0 });
    expect(counts.create).toBeGreaterThan(10);
    expect(effects).toEqual([]);
  });

  test('another key of the volumes means new volumes, and servers that restart; the old volume stays', () => {
    const other = workloadSpec({}, { cache: { ...EBS, kmsKeyId: 'alias/models' } });
    expect(changes(installation(workloadSpec({}, { cache: EBS })), installation(other), delivery).effects).toEqual([
      {
        object: expect.stringMatching(CLAIM),
        action: 'create',
        effect: 'interrupts',
        subject: 'new-volume',
        name: 'gpu',
      },
      { object: 'Deployment ollama/ollama', action: 'update', effect: 'interrupts', subject: 'servers', name: 'gpu' },
      { object: expect.stringMatching(CLAIM), action: 'keep', effect: 'forgets', subject: 'old-volume', name: 'gpu' },
    ]);
  });

  test('another key of several servers means the same for each of their volumes', () => {
    const several = (kmsKeyId?: string) => installation(workloadSpec({}, { replicas: 2, cache: { ...EBS, kmsKeyId } }));
    const { effects } = changes(several(), several('alias/models'), delivery);
    expect(effects.map(({ action, subject }) => `${action} ${subject}`).sort()).toEqual([
      'create new-volume',
      'create new-volume',
      'keep old-volume',
      'keep old-volume',
      'update servers',
    ]);
  });

  test('an additional server gets an additional volume, and nothing is pulled again', () => {
    const servers = (replicas: number) => installation(workloadSpec({}, { replicas, cache: EBS }));
    const { counts, effects } = changes(servers(2), servers(3), delivery);
    expect(counts.create).toBe(1);
    expect(effects.map(({ subject }) => subject)).not.toContain('new-volume');
  });

  test('another budget of requests restarts servers, and touches no volume', () => {
    const { counts, effects } = changes(
      installation(),
      installation(workloadSpec({ requestTimeoutSeconds: 600 })),
      delivery,
    );
    expect(counts).toMatchObject({ create: 0, delete: 0 });
    expect(effects).toEqual([
      { object: 'Deployment ollama/ollama', action: 'update', effect: 'interrupts', subject: 'servers', name: 'gpu' },
    ]);
  });

  test('a pool that is removed stops, and keeps its volume', () => {
    const two = workloadSpec({ pools: [workloadPool(), workloadPool({ name: 'spare' })] });
    const { counts, effects } = changes(installation(two), installation(), delivery);
    expect(counts.delete).toBeGreaterThan(1);
    const spare = effects.filter(({ name }) => name === 'spare');
    expect(spare.map(({ action, subject }) => [action, subject])).toEqual([
      ['delete', 'servers'],
      ['keep', 'old-volume'],
    ]);
  });
});

const CLAIM = /^PersistentVolumeClaim ollama\/ollama-models-/;

test('a claim that nothing keeps is lost with its models', () => {
  const tree = rendered(installation());
  const cluster = running(tree).map((one) =>
    one.kind === 'PersistentVolumeClaim'
      ? { ...one, metadata: { ...one.metadata, annotations: { 'argocd.argoproj.io/tracking-id': 'ollama:x' } } }
      : one,
  );
  const objects = tree.objects.filter(({ kind }) => kind !== 'PersistentVolumeClaim');
  expect(treeChanges(cluster, { ...tree, objects })).toMatchObject({
    counts: { delete: 1 },
    effects: [{ action: 'delete', effect: 'loses', subject: 'models', name: 'gpu' }],
  });
});

test('what is not a volume and stays is neither counted nor noticed', () => {
  const tree = rendered(installation());
  const kept: TreeObject = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: {
      name: 'extra',
      namespace: 'ollama',
      annotations: { 'meta.helm.sh/release-name': 'ollama', 'helm.sh/resource-policy': 'keep' },
    },
  };
  expect(treeChanges([...running(tree), kept], tree)).toEqual({
    counts: { create: 0, update: 0, delete: 0 },
    effects: [],
  });
});

test('a chart is upgraded, or its settings change', () => {
  const chart = (version: string, values: object) => [
    chartApplication('metrics', 2, { ...CHARTS.istioBase, version }, { values: { ...values } }),
  ];
  const from = installation(workloadSpec(), chart('1.30.5', { a: 1, b: 2 }));
  const effects = (version: string, values: object) =>
    changes(from, installation(workloadSpec(), chart(version, values))).effects;
  const change = { object: 'Application argocd/metrics', action: 'update', subject: 'chart', name: 'metrics' };
  expect(effects('1.30.5', { a: 1, b: 2 })).toEqual([]);
  expect(effects('1.30.5', { a: 1 })).toEqual([{ ...change, effect: 'replaces' }]);
  // A release before this one rendered an empty map of values.
  const empty = rendered(installation(workloadSpec(), chart('1.30.5', {})));
  const older = JSON.parse(JSON.stringify(empty).replace('"metrics"}', '"metrics","valuesObject":{}}')) as RenderedTree;
  expect(older).not.toEqual(empty);
  expect(treeChanges(running(older), empty).effects).toEqual([]);
  expect(effects('1.31.0', { a: 1, b: 2 })).toEqual([
    { ...change, effect: 'upgrades', versions: { from: '1.30.5', to: '1.31.0' } },
  ]);
});

test('an Application that is removed takes its objects with it, and those of others stay', () => {
  const extra = manifestApplication('ollama-extra', 4, 'ollama', [
    object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'extra', {}),
  ]);
  const cluster = running(rendered(installation(workloadSpec(), [extra]))).map((one) =>
    one.metadata.name === 'extra'
      ? { ...one, metadata: { ...one.metadata, annotations: { 'argocd.argoproj.io/tracking-id': 'ollama-extra:x' } } }
      : one,
  );
  const foreign: TreeObject = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'foreign', namespace: 'ollama', annotations: { 'argocd.argoproj.io/tracking-id': 'other:x' } },
  };
  expect(treeChanges([...cluster, foreign], rendered(installation()))).toMatchObject({
    counts: { create: 0, update: 0, delete: 2 },
    effects: [
      { object: 'Application argocd/ollama-extra', action: 'delete', effect: 'interrupts', subject: 'application' },
      { object: 'HTTPRoute ollama/extra', action: 'delete', effect: 'interrupts', subject: 'route' },
    ],
  });
});

test('settings of gateway pods replace them', () => {
  const options = (data: string) => [
    manifestApplication('gateway-options', 6, 'istio-ingress', [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'options' }, data: { deployment: data } } as TreeObject,
    ]),
  ];
  expect(
    changes(installation(workloadSpec(), options('a')), installation(workloadSpec(), options('b'))).effects,
  ).toEqual([{ object: 'ConfigMap istio-ingress/options', action: 'update', effect: 'replaces', subject: 'gateways' }]);
});

test('an output without a delivery has no objects', () => {
  expect(readSynthesizedObjects(join(directory, 'nothing'))).toBeUndefined();
});
