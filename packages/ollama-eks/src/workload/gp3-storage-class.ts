// https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
import type { StorageClass } from 'kubernetes-types/storage/v1';
import type { Manifest } from '../gitops/application';

export const EBS_DRIVER = 'ebs.csi.aws.com';
/** Label in which the CSI driver reports a node's zone. @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/tree/master/examples/kubernetes/storageclass */
const ZONE_KEY = 'topology.ebs.csi.aws.com/zone';

/** A class of volumes. Its content is immutable. */
export interface Gp3StorageClassProps {
  readonly name: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** KMS key that encrypts the volumes. @default - the default key of EBS */
  readonly kmsKeyId?: string;
  /** Zones of the volumes. @default - every zone */
  readonly availabilityZones?: readonly string[];
  /** Tags of the volumes. @default - those that the CSI driver adds to all volumes */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Returns a class of encrypted gp3 volumes, created in the zone of their first pod, and deleted with their claims. */
export function gp3StorageClass({ name, labels, kmsKeyId, availabilityZones, tags }: Gp3StorageClassProps): Manifest {
  const object: StorageClass & Manifest = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, ...(labels !== undefined && { labels }) },
    provisioner: EBS_DRIVER,
    parameters: {
      type: 'gp3',
      encrypted: 'true',
      ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
      'csi.storage.k8s.io/fstype': 'xfs',
      ...tagParameters(tags),
    },
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
    ...(availabilityZones === undefined
      ? {}
      : { allowedTopologies: [{ matchLabelExpressions: [{ key: ZONE_KEY, values: [...availabilityZones] }] }] }),
  };
  return object;
}

/** @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md */
function tagParameters(tags: Gp3StorageClassProps['tags'] = {}): Record<string, string> {
  const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  return Object.fromEntries(pairs.map((pair, index) => [`tagSpecification_${index + 1}`, pair]));
}
