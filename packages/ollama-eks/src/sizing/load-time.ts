import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import { GP3_LIMITS, type VolumePerformance } from './gp3';
import { bytesPerSecond, MIB } from './units';

/** Disk from which models are read: a gp3 volume, or the node's own NVMe disks. */
export type ModelDisk = VolumePerformance | 'instance-store';

/** Bytes per second that Ollama's loader reads with one thread; 1–3 GB/s were observed. @see https://github.com/ollama/ollama/issues/9720 */
const LOADER = 1e9;
/**
 * Limit in Mbit/s for one flow through a NAT gateway, and for an instance with fewer than 32 vCPUs to the internet.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-network-bandwidth.html
 */
const INTERNET_MBPS = 5000;

/**
 * Returns the seconds to read that many bytes of models from the disk into the GPUs, without any cache. NVMe disks are assumed to
 * be faster than Ollama's loader: EC2 does not publish their throughput, and those of the smallest sizes may be slower.
 */
export function coldLoadSeconds(bytes: number, disk: ModelDisk, instance: GpuInstanceType): number {
  return Math.ceil(bytes / Math.min(LOADER, diskRate(disk, instance)));
}

/**
 * Returns the minimum seconds to pull that many bytes of models through a NAT gateway onto the disk, as network and disk allow.
 * The registry may be slower: it does not guarantee any rate.
 */
export function pullSeconds(bytes: number, disk: ModelDisk, instance: GpuInstanceType): number {
  const network = bytesPerSecond(Math.min(instance.networkMbps, INTERNET_MBPS));
  return Math.ceil(bytes / Math.min(network, diskRate(disk, instance)));
}

/** Returns the bytes per second of a disk: the minimum of its throughput, what its operations allow and the EBS limit. */
function diskRate(disk: ModelDisk, instance: GpuInstanceType): number {
  if (disk === 'instance-store') {
    return Number.POSITIVE_INFINITY;
  }
  const volume = Math.min(disk.throughput, disk.iops * GP3_LIMITS.throughput.maxPerIops) * MIB;
  return Math.min(volume, bytesPerSecond(instance.ebsMbps));
}
