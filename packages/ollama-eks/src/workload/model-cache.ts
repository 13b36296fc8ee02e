// https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from 'kubernetes-types/core/v1';
import type { StorageClass } from 'kubernetes-types/storage/v1';
import type { Manifest } from '../gitops/application';
import { volumeSizeGiB } from '../sizing/model-volume';
import { OLLAMA, POOL_LABEL, serverName } from './names';
import { shortHash } from './short-hash';
import type { EbsModelCache, WorkloadPool, WorkloadSpec } from './workload-spec';

/** Volume of a server's pod that holds the models. */
export const MODELS_VOLUME = 'models';

const DRIVER = 'ebs.csi.aws.com';
/** Label by which the CSI driver tells a node's zone. @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/tree/master/examples/kubernetes/storageclass */
const ZONE_KEY = 'topology.ebs.csi.aws.com/zone';
/**
 * Leaves an object in the cluster when Git no longer has it. Left over, it must not make the Application out of sync, for
 * which the waves after it would wait.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/compare-options/#ignoring-resources-that-are-extraneous
 */
const KEEP = {
  'argocd.argoproj.io/sync-options': 'Prune=false',
  'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
};
/** Leaves it there when its Application goes, too. */
const KEEP_FOREVER = { ...KEEP, 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' };

/** Performance that a claim asks for and may change. @see https://kubernetes.io/docs/concepts/storage/volume-attributes-classes/ */
interface VolumeAttributesClass extends Manifest {
  readonly driverName: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Encrypted gp3 volumes, created in the zone of the pod that first wants one. Its name changes with its content, which cannot. */
export function storageClass(pool: WorkloadPool, cache: EbsModelCache): Manifest {
  const zones = cache.availabilityZones;
  const object: StorageClass & Manifest = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: volumesName(pool, cache), labels: { [POOL_LABEL]: pool.name } },
    provisioner: DRIVER,
    parameters: {
      type: 'gp3',
      encrypted: 'true',
      ...(cache.kmsKeyId === undefined ? {} : { kmsKeyId: cache.kmsKeyId }),
      'csi.storage.k8s.io/fstype': 'xfs',
    },
    reclaimPolicy: 'Delete',
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

/**
 * Performance of a pool's volumes. A claim that names another one has its volume modified in place, the servers running.
 * While the driver does so, the old one is still in use, so it is never deleted.
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
    driverName: DRIVER,
    parameters: { iops: String(iops), throughput: String(throughput) },
  };
  return object;
}

/**
 * The claims of a pool's servers. They stand beside the workload, whose pods are what makes them bound. One that is no longer
 * wanted stays: whether the server with the new one works is seen only later, and Git may go back to it.
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

/** Name of the claim of a pool's only server. */
export function claimName(pool: WorkloadPool, cache: EbsModelCache): string {
  return volumesName(pool, cache);
}

/** Name of the set of a pool's servers, which its claims are named after. */
export function setName(pool: WorkloadPool, cache: EbsModelCache): string {
  return `${serverName(pool.name)}-${volumesHash(pool, cache)}`;
}

/**
 * The template of a set's claims, which cannot be changed: it has nothing that can be changed in a claim. The set takes the
 * claims that stand beside it, since they have the names that it would give.
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
 * Changes with what a volume cannot change: its key, its zone, and that it is too large for other hardware. Whether a claim
 * is bound, and so may grow, or holds more than is asked for now, cannot be known here; so another size of the hardware is
 * another claim, which the API server refuses in no case.
 */
function volumesHash(pool: WorkloadPool, cache: EbsModelCache): string {
  return shortHash([cache.kmsKeyId, cache.availabilityZones, hardwareSizeGiB(pool)]);
}

function hardwareSizeGiB({ fit }: WorkloadPool): number {
  return volumeSizeGiB(
    fit.models.map(({ model }) => model),
    fit.instance,
  );
}
