import type { GpuInstanceType } from '../../catalogue/gpu-instance-type';
import { checkInteger } from '../../check-integer';
import { checkGp3, type Gp3Volume, GP3_LIMITS, iopsFor, throughputFor } from '../../sizing/gp3';

/** Images of AL2023 and Bottlerocket need 20 GiB or more; a smaller volume has no room for Ollama's image. */
const LEAST_GIB = 30;
/**
 * gp3 has supported more since September 2025, but AWS provider 5 refuses it in launch templates.
 * @see https://github.com/hashicorp/terraform-provider-aws/pull/44604
 */
const MOST_IOPS = 16_000;
const MOST_THROUGHPUT = 1000;

/** Options of a node's gp3 root volume. A change replaces the nodes one by one. */
export interface RootVolumeProps {
  /** Size in GiB, 30–65 536. @default - depends on the pool */
  readonly sizeGiB?: number;
  /** I/O operations per second, 3000–16 000. @default - what `throughput` needs */
  readonly iops?: number;
  /** Throughput in MiB/s, 125–1000 and at most a quarter of `iops`. @default - depends on the pool, at most a quarter of `iops` */
  readonly throughput?: number;
  /**
   * ARN of the KMS key that encrypts the volume; may be a token. Its policy must allow the service-linked role of Auto
   * Scaling to use it; otherwise no node starts.
   * @default - the account's default key for EBS
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
   */
  readonly kmsKeyArn?: string;
}

/** The root volume of a node, with every default filled in. */
export interface RootVolume extends Gp3Volume {
  /** Undefined for the account's default key. */
  readonly kmsKeyArn?: string;
}

/** Returns the root volume of a node, with defaults filled in. Refuses what gp3, launch templates or the instance do not support. */
export function rootVolume(
  props: RootVolumeProps = {},
  defaults: Pick<Gp3Volume, 'sizeGiB' | 'throughput'>,
  instance: GpuInstanceType | undefined,
  property: string,
): RootVolume {
  const throughput = props.throughput ?? throughputFor(defaults.throughput, props.iops);
  const volume = {
    sizeGiB: props.sizeGiB ?? defaults.sizeGiB,
    iops: props.iops ?? iopsFor(throughput),
    throughput,
    ...(props.kmsKeyArn !== undefined && { kmsKeyArn: props.kmsKeyArn }),
  };
  checkInteger(`${property}.sizeGiB`, volume.sizeGiB, { min: LEAST_GIB, max: GP3_LIMITS.sizeGiB.max, unit: 'GiB' });
  checkInteger(`${property}.iops`, volume.iops, {
    min: GP3_LIMITS.iops.min,
    max: MOST_IOPS,
    unit: 'operations a second',
  });
  checkInteger(`${property}.throughput`, throughput, {
    min: GP3_LIMITS.throughput.min,
    max: MOST_THROUGHPUT,
    unit: 'MiB/s',
  });
  checkGp3(volume, instance, property);
  return volume;
}
