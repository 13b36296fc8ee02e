import type { Deployment, StatefulSet } from 'kubernetes-types/apps/v1';
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2';
import type { ConfigMap, PersistentVolumeClaim, Service } from 'kubernetes-types/core/v1';
import { poolManifests, servingServices } from '../../src/workload/server-workload';
import { EBS, manifest, manifestsOf, SMALL, VARIANTS, workloadPool, workloadSpec } from './workload-fixture';

const LABELS = { 'app.kubernetes.io/name': 'ollama', 'ollama-eks/pool': 'gpu' };
const kinds = (overrides: Parameters<typeof workloadPool>[0]) =>
  poolManifests(workloadSpec(), workloadPool(overrides)).map(({ kind, metadata }) => `${kind} ${metadata.name}`);

describe('servers', () => {
  it('are called through a Service for each kind of request, with the same servers', () => {
    const selectors = (replicas: number) =>
      servingServices(workloadSpec({}, { replicas })).map(({ metadata, ...service }) => [
        metadata.name,
        (service as Service).spec?.selector,
      ]);
    const selector = { 'app.kubernetes.io/name': 'ollama' };
    expect(selectors(1)).toEqual(['ollama', 'ollama-reads'].map((name) => [name, selector]));
    expect(selectors(2)).toEqual(['ollama', 'ollama-sessions', 'ollama-reads'].map((name) => [name, selector]));
  });

  it('have Services that set the protocol', () => {
    expect(servingServices(workloadSpec())[0]).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ollama', namespace: 'ollama', labels: { 'app.kubernetes.io/name': 'ollama' } },
      spec: {
        selector: { 'app.kubernetes.io/name': 'ollama' },
        ports: [{ name: 'http', port: 11434, targetPort: 'http', appProtocol: 'http' }],
      },
    });
  });

  it('resolve before they are ready through a separate Service', () => {
    expect(manifest(workloadSpec(), 'Service', 'ollama-servers')).toMatchObject({
      spec: { clusterIP: 'None', publishNotReadyAddresses: true, selector: LABELS },
    });
  });

  it('never block the maintenance of a node', () => {
    expect(manifest(workloadSpec(), 'PodDisruptionBudget')).toEqual({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'ollama', namespace: 'ollama', labels: LABELS },
      spec: { maxUnavailable: 1, selector: { matchLabels: LABELS }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    });
  });

  it.each([
    ['a spare one', { replicas: 0 }, [/^PersistentVolumeClaim ollama-models-\w{10}$/, /^Deployment ollama$/]],
    ['one on EBS', {}, [/^PersistentVolumeClaim ollama-models-\w{10}$/, /^Deployment ollama$/]],
    [
      'several on EBS',
      { replicas: 2 },
      [
        /^PersistentVolumeClaim models-ollama-\w{10}-0$/,
        /^PersistentVolumeClaim models-ollama-\w{10}-1$/,
        /^StatefulSet ollama-\w{10}$/,
        /^HorizontalPodAutoscaler ollama$/,
      ],
    ],
    ['one on instance store', { cache: { kind: 'instance-store', sizeGiB: 100 } as const }, [/^Deployment ollama$/]],
    [
      'several on instance store',
      { replicas: 2, cache: { kind: 'instance-store', sizeGiB: 100 } as const },
      [/^Deployment ollama$/, /^HorizontalPodAutoscaler ollama$/],
    ],
  ])('%s', (_, overrides, workload) => {
    const always = [/^ConfigMap ollama-\w{10}$/, /^Service ollama-servers$/];
    const expected = [...always, ...workload, /^PodDisruptionBudget ollama$/];
    expect(kinds(overrides)).toEqual(expected.map((name) => expect.stringMatching(name) as string));
  });

  it('keep the files that they started with, since the name of the ConfigMap changes with its content', () => {
    const configOf = (models?: Parameters<typeof workloadPool>[1]) =>
      poolManifests(workloadSpec(), workloadPool({}, models)).find(({ kind }) => kind === 'ConfigMap') as ConfigMap;
    const names = [undefined, undefined, [SMALL]].map((models) => configOf(models).metadata?.name);
    expect(configOf()).toMatchObject({ immutable: true });
    expect(names[0]).toBe(names[1]);
    expect(names[0]).not.toBe(names[2]);
    // An option that delays deletion until the sync ends would make the sync wait for servers.
    expect(configOf().metadata).not.toHaveProperty('annotations');
  });

  it('release volume and GPU on EBS before the next server starts', () => {
    const { spec } = manifest<Deployment>(workloadSpec(), 'Deployment');
    const claim = manifest<PersistentVolumeClaim>(workloadSpec(), 'PersistentVolumeClaim');
    expect(spec?.strategy).toEqual({ type: 'Recreate' });
    expect(spec?.template.spec?.volumes).toContainEqual({
      name: 'models',
      persistentVolumeClaim: { claimName: claim.metadata.name },
    });
  });

  it('have a volume each on EBS, start together and are updated one by one', () => {
    const { spec } = manifest<StatefulSet>(workloadSpec({}, { replicas: 3, cache: EBS }), 'StatefulSet');
    expect(spec).toMatchObject({
      serviceName: 'ollama-servers',
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate' },
      volumeClaimTemplates: [{ metadata: { name: 'models' } }],
    });
    expect(spec?.template.spec?.volumes?.map(({ name }) => name)).not.toContain('models');
  });

  it('request their space from the node on instance store', () => {
    const spec = workloadSpec({}, { cache: { kind: 'instance-store', sizeGiB: 200 } });
    const pod = manifest<Deployment>(spec, 'Deployment').spec?.template.spec;
    expect(pod?.volumes).toContainEqual({ name: 'models', emptyDir: { sizeLimit: '200Gi' } });
    expect(pod?.containers[0]?.resources?.requests).toMatchObject({ 'ephemeral-storage': '200Gi' });
  });

  it('keep their number, without replicas in their own object', () => {
    const { metadata } = manifest(VARIANTS['several servers on EBS'] ?? workloadSpec(), 'StatefulSet');
    const scaler = manifest<HorizontalPodAutoscaler>(
      VARIANTS['several servers on EBS'] ?? workloadSpec(),
      'HorizontalPodAutoscaler',
    );
    expect(scaler.spec).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: metadata.name },
      minReplicas: 3,
      maxReplicas: 3,
    });
    expect(scaler.metadata.annotations).toEqual({ 'argocd.argoproj.io/ignore-healthcheck': 'true' });
  });

  it.each(Object.entries(VARIANTS))('stay scaled to zero, without replicas in Git (%s)', (_, spec) => {
    const workloads = manifestsOf(spec).filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
    expect(workloads.length).toBe(spec.pools.length);
    for (const workload of workloads) expect((workload as Deployment).spec).not.toHaveProperty('replicas');
  });

  it('of two pools have separate names and the same Services', () => {
    const names = manifestsOf(VARIANTS['two pools'] ?? workloadSpec())
      .filter(({ kind }) => kind === 'Deployment' || kind === 'Service')
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names).toEqual([
      'Service ollama',
      'Service ollama-sessions',
      'Service ollama-reads',
      'Service ollama-servers',
      'Deployment ollama',
      'Service ollama-spare-servers',
      'Deployment ollama-spare',
    ]);
  });
});
