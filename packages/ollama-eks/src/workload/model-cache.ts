import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from 'kubernetes-types/core/v1';
import type { Manifest } from '../gitops/application';
import { volumeSizeGiB } from '../sizing/model-volume';
import { EBS_DRIVER, gp3StorageClass } from './gp3-storage-class';
import { OLLAMA, POOL_LABEL, serverName } from './names';
import { shortHash } from './short-hash';
import type { EbsModelCache, WorkloadPool, WorkloadSpec } from './workload-spec';

/** Name of the models' volume in a server's pod. */
export const MODELS_VOLUME = 'models';

/**
 * Keeps an object in the cluster after it is removed from Git. Such an object must not put the Application out of sync,
 * since later waves would wait for it.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/compare-options/#ignoring-resources-that-are-extraneous
 */
const KEEP = {
  'argocd.argoproj.io/sync-options': 'Prune=false',
  'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
};
/** Also keeps it when its Application is deleted. */
const KEEP_FOREVER = { ...KEEP, 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' };

/** Performance that a claim requests and may change. @see https://kubernetes.io/docs/concepts/storage/volume-attributes-classes/ */
interface VolumeAttributesClass extends Manifest {
  readonly driverName: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Returns the class of a pool's volumes. Its content is immutable, so its name changes with it. */
export function storageClass(pool: WorkloadPool, cache: EbsModelCache): Manifest {
  const { kmsKeyId, availabilityZones, tags } = cache;
  return gp3StorageClass({
    name: volumesName(pool, cache),
    labels: { [POOL_LABEL]: pool.name },
    kmsKeyId,
    availabilityZones,
    tags,
  });
}

/**
 * Returns the performance class of a pool's volumes. When a claim refers to another class, its volume is modified in place
 * while the servers run. The old class is still in use meanwhile, so it is never deleted.
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/modify-volume.md
 */
export function volumeAttributesClass(pool: WorkloadPool, cache: EbsModelCache): Manifest {
  const { iops, throughput } = cache.volume;
  const object: VolumeAttributesClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttributesClass',
    metadata: {
      name: attributesName(pool, cache),
      labels: { [POOL_LABEL]: pool.name },
      annotations: KEEP_FOREVER,
    },
    driverName: EBS_DRIVER,
    parameters: { iops: String(iops), throughput: String(throughput) },
  };
  return object;
}

/**
 * Returns the claims of a pool's servers. They are in the Application of the workload, whose pods bind them. An obsolete
 * claim stays: whether the server works with the new one is known only later, and Git may be reverted.
 */
export function modelClaims(spec: WorkloadSpec, pool: WorkloadPool, cache: EbsModelCache): readonly Manifest[] {
  const retained = cache.retain ?? spec.modelPull === 'offline';
  return claimNames(pool, cache).map((name) => {
    const object: PersistentVolumeClaim & Manifest = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        namespace: OLLAMA,
        labels: { [POOL_LABEL]: pool.name },
        annotations: retained ? KEEP_FOREVER : KEEP,
      },
      spec: {
        ...claimSpec(pool, cache, cache.volume.sizeGiB),
        volumeAttributesClassName: attributesName(pool, cache),
      },
    };
    return object;
  });
}

/** Returns the name of the claim of a pool's only server. */
export function claimName(pool: WorkloadPool, cache: EbsModelCache): string {
  return volumesName(pool, cache);
}

/** Returns the name of a pool's StatefulSet, from which the names of its claims derive. */
export function setName(pool: WorkloadPool, cache: EbsModelCache): string {
  return `${serverName(pool.name)}-${volumesHash(pool, cache)}`;
}

/**
 * Returns the template of a StatefulSet's claims. A template is immutable, so it contains only what is immutable in a claim,
 * too. The set uses the claims of `modelClaims`, since their names match its own.
 */
export function claimTemplate(pool: WorkloadPool, cache: EbsModelCache): PersistentVolumeClaim {
  return {
    metadata: { name: MODELS_VOLUME, labels: { [POOL_LABEL]: pool.name } },
    spec: claimSpec(pool, cache, hardwareSizeGiB(pool)),
  };
}

function claimNames(pool: WorkloadPool, cache: EbsModelCache): readonly string[] {
  if (pool.replicas <= 1) return [claimName(pool, cache)];
  return Array.from({ length: pool.replicas }, (_, index) => `${MODELS_VOLUME}-${setName(pool, cache)}-${index}`);
}

function claimSpec(pool: WorkloadPool, cache: EbsModelCache, sizeGiB: number): PersistentVolumeClaimSpec {
  return {
    accessModes: ['ReadWriteOnce'],
    storageClassName: volumesName(pool, cache),
    resources: { requests: { storage: `${sizeGiB}Gi` } },
  };
}

function volumesName(pool: WorkloadPool, cache: EbsModelCache): string {
  return `${serverName(pool.name)}-${MODELS_VOLUME}-${volumesHash(pool, cache)}`;
}

function attributesName(pool: WorkloadPool, { volume }: EbsModelCache): string {
  return `${serverName(pool.name)}-${MODELS_VOLUME}-${volume.iops}-${volume.throughput}`;
}

/**
 * Returns a hash of everything that cannot change in a volume: its key, its zone, its tags, and a size that depends on the hardware.
 * Synth cannot know whether a claim is bound, and so may grow, or whether it is larger than the new request. So different
 * hardware means a different claim, which the API server always accepts.
 */
function volumesHash(pool: WorkloadPool, cache: EbsModelCache): string {
  const { kmsKeyId, availabilityZones, zoneIndex = 0, tags } = cache;
  const zone = availabilityZones ?? (zoneIndex === 0 ? undefined : zoneIndex);
  return shortHash([kmsKeyId, zone, hardwareSizeGiB(pool), ...(tags === undefined ? [] : [tags])]);
}

function hardwareSizeGiB({ fit }: WorkloadPool): number {
  return volumeSizeGiB(
    fit.models.map(({ model }) => model),
    fit.instance,
  );
}
