import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import { GP3_LIMITS, type VolumePerformance } from './gp3';
import { bytesPerSecond, MIB } from './units';

/** What models are read from: a gp3 volume, or the node's own NVMe disks. */
export type ModelDisk = VolumePerformance | 'instance-store';

/** Bytes per second that Ollama's loader moves, one thread; 1–3 GB/s were seen. @see https://github.com/ollama/ollama/issues/9720 */
const LOADER = 1e9;
/**
 * Mbit/s of one flow through a NAT gateway, and of an instance with fewer than 32 vCPUs to the internet.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-network-bandwidth.html
 */
const INTERNET_MBPS = 5000;

/**
 * Seconds to read so many bytes of models from the disk into the GPUs, nothing cached. NVMe disks are taken to be faster than
 * Ollama's loader: EC2 tells no throughput of theirs, and those of the smallest sizes may be slower.
 */
export function coldLoadSeconds(bytes: number, disk: ModelDisk, instance: GpuInstanceType): number {
  return Math.ceil(bytes / Math.min(LOADER, diskRate(disk, instance)));
}

/**
 * Seconds to pull so many bytes of models through a NAT gateway onto the disk. It is the least that network and disk allow, and
 * holds only if the registry keeps up, which it promises nobody.
 */
export function pullSeconds(bytes: number, disk: ModelDisk, instance: GpuInstanceType): number {
  const network = bytesPerSecond(Math.min(instance.networkMbps, INTERNET_MBPS));
  return Math.ceil(bytes / Math.min(network, diskRate(disk, instance)));
}

/** Bytes per second of a volume: its throughput, what its operations allow, or the instance's EBS limit. */
function diskRate(disk: ModelDisk, instance: GpuInstanceType): number {
  if (disk === 'instance-store') {
    return Number.POSITIVE_INFINITY;
  }
  const volume = Math.min(disk.throughput, disk.iops * GP3_LIMITS.throughput.mostPerIops) * MIB;
  return Math.min(volume, bytesPerSecond(instance.ebsMbps));
}
