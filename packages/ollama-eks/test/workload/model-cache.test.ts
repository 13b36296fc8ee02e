import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { Manifest } from '../../src/gitops/application';
import { requireFit } from '../../src/sizing/fit';
import type { EbsModelCache, WorkloadPool, WorkloadSpec } from '../../src/workload/workload-spec';
import { CODER, EBS, manifest, manifestsOf, SMALL, workloadPool, workloadSpec } from './workload-fixture';

const KINDS = ['StorageClass', 'VolumeAttributesClass', 'PersistentVolumeClaim', 'StatefulSet'];
const KEPT = 'Prune=false';
const KEPT_FOREVER = 'Prune=false,Delete=false';

type Claim = Manifest & PersistentVolumeClaim;

const volumesOf = (spec: WorkloadSpec) => manifestsOf(spec).filter(({ kind }) => KINDS.includes(kind));
const names = (spec: WorkloadSpec) => volumesOf(spec).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
const claims = (spec: WorkloadSpec) =>
  manifestsOf(spec).filter((object): object is Claim => object.kind === 'PersistentVolumeClaim');
const syncOptions = (spec: WorkloadSpec) =>
  claims(spec).map(({ metadata }) => metadata.annotations?.['argocd.argoproj.io/sync-options']);
const withCache = (cache: Partial<EbsModelCache>, pool: Partial<WorkloadPool> = {}) =>
  workloadSpec({}, { cache: { ...EBS, ...cache }, ...pool });
const withVolume = (volume: Partial<EbsModelCache['volume']>, pool: Partial<WorkloadPool> = {}) =>
  withCache({ volume: { ...EBS.volume, ...volume } }, pool);

describe('the volume of a server', () => {
  it('is an encrypted gp3 volume with its own class', () => {
    expect(manifest(withCache({}), 'StorageClass')).toEqual({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name: expect.stringMatching(/^ollama-models-[0-9a-f]{10}$/) as string,
        labels: { 'ollama-eks/pool': 'gpu' },
      },
      provisioner: 'ebs.csi.aws.com',
      parameters: { type: 'gp3', encrypted: 'true', 'csi.storage.k8s.io/fstype': 'xfs' },
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
    });
  });

  it('may be bound to zones, and encrypted with your own key', () => {
    const spec = withCache({ availabilityZones: ['us-west-2a', 'us-west-2b'], kmsKeyId: 'alias/models' });
    expect(manifest(spec, 'StorageClass')).toMatchObject({
      parameters: { kmsKeyId: 'alias/models' },
      allowedTopologies: [
        {
          matchLabelExpressions: [{ key: 'topology.ebs.csi.aws.com/zone', values: ['us-west-2a', 'us-west-2b'] }],
        },
      ],
    });
  });

  it('gets its performance from a VolumeAttributesClass, which is never deleted', () => {
    expect(manifest(withCache({}), 'VolumeAttributesClass')).toEqual({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttributesClass',
      metadata: {
        name: 'ollama-models-4000-1000',
        labels: { 'ollama-eks/pool': 'gpu' },
        annotations: {
          'argocd.argoproj.io/sync-options': KEPT_FOREVER,
          'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
        },
      },
      driverName: 'ebs.csi.aws.com',
      parameters: { iops: '4000', throughput: '1000' },
    });
  });

  it('has a claim that no change deletes, and that does not block later waves when it is obsolete', () => {
    const { name } = manifest(withCache({}), 'StorageClass').metadata;
    expect(claims(withCache({}))).toEqual([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name,
          namespace: 'ollama',
          labels: { 'ollama-eks/pool': 'gpu' },
          annotations: {
            'argocd.argoproj.io/sync-options': KEPT,
            'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
          },
        },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: name,
          volumeAttributesClassName: 'ollama-models-4000-1000',
          resources: { requests: { storage: '60Gi' } },
        },
      },
    ]);
  });

  it('never has the name gp3, which other tools use', () => {
    const spare = workloadSpec({}, { name: 'spare', cache: EBS });
    expect(claims(spare)[0]?.metadata.name).toMatch(/^ollama-spare-models-[0-9a-f]{10}$/);
  });

  it.each<[string, WorkloadSpec, string]>([
    ['goes with the workload', withCache({}), KEPT],
    ['stays when the workload goes, on request', withCache({ retain: true }), KEPT_FOREVER],
    [
      'stays when the workload goes and models cannot be pulled again',
      { ...withCache({}), modelPull: 'offline' },
      KEPT_FOREVER,
    ],
    ['goes all the same, on request', { ...withCache({ retain: false }), modelPull: 'offline' }, KEPT],
  ])('%s', (_, spec, options) => {
    expect(syncOptions(spec)).toEqual([options]);
  });
});

describe.each([
  ['one server', 1],
  ['several servers', 3],
])('a change for %s', (_, replicas) => {
  const before = withCache({}, { replicas });

  it.each<[string, WorkloadSpec]>([
    ['a smaller model', workloadSpec({ pools: [workloadPool({ replicas }, [SMALL])] })],
    ['a further model', workloadSpec({ pools: [workloadPool({ replicas }, [CODER, { ...SMALL, parallel: 2 }])] })],
  ])('to %s does not change the volumes', (__, after) => {
    const same = workloadSpec({ pools: [workloadPool({ replicas })] });
    const template = ({ kind }: Manifest) => kind !== 'StatefulSet';
    expect(volumesOf(after).filter(template)).toEqual(volumesOf(same).filter(template));
    expect(names(after)).toEqual(names(same));
  });

  it('to a different performance modifies the volumes in place', () => {
    const after = withVolume({ iops: 3000, throughput: 500 }, { replicas });
    const [first, old, ...others] = names(before);
    expect(names(after)).toEqual([first, old?.replace('4000-1000', '3000-500'), ...others]);
    expect(manifest(after, 'StorageClass')).toEqual(manifest(before, 'StorageClass'));
    const attributes = claims(after).map(({ spec }) => spec?.volumeAttributesClassName);
    expect(attributes).toEqual(Array(replicas).fill('ollama-models-3000-500'));
  });

  it('to a larger size grows the volumes in place', () => {
    const after = withVolume({ sizeGiB: 500 }, { replicas });
    expect(names(after)).toEqual(names(before));
    expect(claims(after).map(({ spec }) => spec?.resources?.requests?.storage)).toEqual(Array(replicas).fill('500Gi'));
  });

  it('to whether they outlive the workload changes only their claims', () => {
    const after = withCache({ retain: true }, { replicas });
    expect(names(after)).toEqual(names(before));
    expect(manifest(after, 'StorageClass')).toEqual(manifest(before, 'StorageClass'));
    expect(syncOptions(after)).toEqual(Array(replicas).fill(KEPT_FOREVER));
  });

  const otherHardware = { ...workloadPool(), fit: requireFit([CODER], 'g6e.12xlarge') };
  it.each<[string, WorkloadSpec]>([
    ['key', withCache({ kmsKeyId: 'alias/other' }, { replicas })],
    ['zone', withCache({ availabilityZones: ['us-west-2a'] }, { replicas })],
    ['place of a zone without a name', withCache({ zoneIndex: 1 }, { replicas })],
    ['size of the GPUs', workloadSpec({ pools: [{ ...otherHardware, cache: EBS, replicas }] })],
  ])(
    'to a different %s, which is immutable in a volume, creates new volumes in addition to the old ones',
    (__, after) => {
      const kept = (spec: WorkloadSpec) => names(spec).filter((name) => !name.startsWith('VolumeAttributesClass'));
      expect(kept(after)).toHaveLength(kept(before).length);
      expect(kept(after).filter((name) => kept(before).includes(name))).toEqual([]);
    },
  );
});

describe('the volumes of a set of servers', () => {
  const set = (spec: WorkloadSpec) => manifest<StatefulSet>(spec, 'StatefulSet');

  it('have the names that the StatefulSet gives its servers', () => {
    const spec = withCache({}, { replicas: 3 });
    const { metadata } = set(spec);
    expect(claims(spec).map((claim) => claim.metadata.name)).toEqual(
      [0, 1, 2].map((index) => `models-${metadata.name}-${index}`),
    );
  });

  it('are not deleted with the StatefulSet, and its immutable template contains nothing that can change', () => {
    const { spec } = set(withCache({}, { replicas: 2 }));
    expect(spec?.persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: 'Retain', whenScaled: 'Retain' });
    const templates = [withVolume({ sizeGiB: 500 }), withVolume({ throughput: 500 }), withCache({ retain: true })].map(
      ({ pools }) => set(workloadSpec({ pools: pools.map((pool) => ({ ...pool, replicas: 2 })) })).spec,
    );
    for (const other of templates) expect(other?.volumeClaimTemplates).toEqual(spec?.volumeClaimTemplates);
  });
});
