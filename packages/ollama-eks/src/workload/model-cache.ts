// https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from 'kubernetes-types/core/v1';
import type { StorageClass } from 'kubernetes-types/storage/v1';
import type { Manifest } from '../gitops/application';
import { OLLAMA, POOL_LABEL, serverName } from './names';
import { shortHash } from './short-hash';
import type { EbsModelCache, WorkloadPool } from './workload-spec';

/** Label by which the CSI driver tells a node's zone. @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/tree/master/examples/kubernetes/storageclass */
const ZONE_KEY = 'topology.ebs.csi.aws.com/zone';
/**
 * Leaves an object in the cluster when it is no longer wanted, or its Application goes; left over, it must not make the
 * Application out of sync, for which the waves after it would wait.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/compare-options/#ignoring-resources-that-are-extraneous
 */
const KEEP = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
};

/**
 * Name of what a pool's volumes come from. It changes with all that can't be changed in place, so that a change makes
 * new volumes, to which the models are pulled once more, instead of an error that never goes away.
 */
export function cacheName(pool: WorkloadPool, cache: EbsModelCache, tags: Readonly<Record<string, string>>): string {
  return `${serverName(pool.name)}-models-${shortHash([parameters(cache, tags), cache.availabilityZones])}`;
}

/** Encrypted gp3 volumes, made in the zone of the pod that first wants one. */
export function storageClass(
  pool: WorkloadPool,
  cache: EbsModelCache,
  tags: Readonly<Record<string, string>>,
): Manifest {
  const zones = cache.availabilityZones;
  const object: StorageClass & Manifest = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: cacheName(pool, cache, tags), labels: { [POOL_LABEL]: pool.name } },
    provisioner: 'ebs.csi.aws.com',
    parameters: parameters(cache, tags),
    reclaimPolicy: cache.retain === true ? 'Retain' : 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
    ...(zones === undefined
      ? {}
      : {
          allowedTopologies: [{ matchLabelExpressions: [{ key: ZONE_KEY, values: [...zones] }] }],
        }),
  };
  return object;
}

/** The claim of a pool's only server. It stands beside the Deployment, whose pod is the one that makes it bound. */
export function modelClaim(pool: WorkloadPool, cache: EbsModelCache, tags: Readonly<Record<string, string>>): Manifest {
  const object: PersistentVolumeClaim & Manifest = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: cacheName(pool, cache, tags),
      namespace: OLLAMA,
      labels: { [POOL_LABEL]: pool.name },
      ...(cache.retain === true ? { annotations: KEEP } : {}),
    },
    spec: claimSpec(pool, cache, tags),
  };
  return object;
}

/** What is asked of the volume; also of each server's own, where a pool has several. */
export function claimSpec(
  pool: WorkloadPool,
  cache: EbsModelCache,
  tags: Readonly<Record<string, string>>,
): PersistentVolumeClaimSpec {
  return {
    accessModes: ['ReadWriteOnce'],
    storageClassName: cacheName(pool, cache, tags),
    resources: { requests: { storage: `${cache.volume.sizeGiB}Gi` } },
  };
}

/** Parameters of the EBS CSI driver; without an explicit type it takes no notice of the throughput. */
function parameters(cache: EbsModelCache, tags: Readonly<Record<string, string>>): Record<string, string> {
  const tagged = Object.entries(tags).map(([key, value], index) => [
    `tagSpecification_${index + 1}`,
    `${key}=${value}`,
  ]);
  return {
    type: 'gp3',
    encrypted: 'true',
    ...(cache.kmsKeyId === undefined ? {} : { kmsKeyId: cache.kmsKeyId }),
    iops: String(cache.volume.iops),
    throughput: String(cache.volume.throughput),
    'csi.storage.k8s.io/fstype': 'xfs',
    ...(Object.fromEntries(tagged) as Record<string, string>),
  };
}
