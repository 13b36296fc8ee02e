import { cacheName, modelClaim, storageClass } from '../../src/workload/model-cache';
import type { EbsModelCache } from '../../src/workload/workload-spec';
import { EBS, workloadPool } from './workload-fixture';

const TAGS = { Project: 'ollama', Team: 'platform' };
const POOL = workloadPool();
const FULL: EbsModelCache = {
  ...EBS,
  availabilityZones: ['us-west-2a', 'us-west-2b'],
  kmsKeyId: 'alias/models',
  retain: true,
};

describe('volume of models', () => {
  it('is an encrypted gp3 volume with tags, of its own class', () => {
    expect(storageClass(POOL, EBS, TAGS)).toEqual({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: cacheName(POOL, EBS, TAGS), labels: { 'ollama-eks/pool': 'gpu' } },
      provisioner: 'ebs.csi.aws.com',
      parameters: {
        type: 'gp3',
        encrypted: 'true',
        iops: '4000',
        throughput: '1000',
        'csi.storage.k8s.io/fstype': 'xfs',
        tagSpecification_1: 'Project=ollama',
        tagSpecification_2: 'Team=platform',
      },
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
    });
  });

  it('may be bound to zones, encrypted with your own key, and kept', () => {
    expect(storageClass(POOL, FULL, TAGS)).toMatchObject({
      parameters: { kmsKeyId: 'alias/models' },
      reclaimPolicy: 'Retain',
      allowedTopologies: [
        {
          matchLabelExpressions: [{ key: 'topology.ebs.csi.aws.com/zone', values: ['us-west-2a', 'us-west-2b'] }],
        },
      ],
    });
  });

  it('is claimed by name of the class', () => {
    expect(modelClaim(POOL, EBS, TAGS)).toEqual({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: cacheName(POOL, EBS, TAGS), namespace: 'ollama', labels: { 'ollama-eks/pool': 'gpu' } },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: cacheName(POOL, EBS, TAGS),
        resources: { requests: { storage: '60Gi' } },
      },
    });
  });

  it('stays when the workload goes, on request, and is not in the way then', () => {
    expect(modelClaim(POOL, FULL, TAGS).metadata.annotations).toEqual({
      'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
      'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
    });
  });

  it.each<[string, EbsModelCache]>([
    ['throughput', { ...EBS, volume: { ...EBS.volume, throughput: 500 } }],
    ['IOPS', { ...EBS, volume: { ...EBS.volume, iops: 5000 } }],
    ['key', { ...EBS, kmsKeyId: 'alias/other' }],
    ['zones', { ...EBS, availabilityZones: ['us-west-2a'] }],
  ])('is another volume with another %s, which can not be changed in place', (_, cache) => {
    expect(cacheName(POOL, cache, TAGS)).not.toBe(cacheName(POOL, EBS, TAGS));
  });

  it('stays the same volume when it grows', () => {
    const larger = { ...EBS, volume: { ...EBS.volume, sizeGiB: 500 } };
    expect(cacheName(POOL, larger, TAGS)).toBe(cacheName(POOL, EBS, TAGS));
  });

  it('is never called gp3, which other tools call theirs', () => {
    expect(cacheName(POOL, EBS, TAGS)).toMatch(/^ollama-models-[0-9a-f]{10}$/);
    expect(cacheName(workloadPool({ name: 'spare' }), EBS, TAGS)).toMatch(/^ollama-spare-models-[0-9a-f]{10}$/);
  });
});
