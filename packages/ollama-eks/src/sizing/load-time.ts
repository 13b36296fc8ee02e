import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import { GP3_LIMITS, type VolumePerformance } from './gp3';
import { pageCacheMiB } from './host-memory';
import { totalBytes } from './model-volume';
import { serverMemoryMiB } from './pod-resources';
import type { ServedModel } from './served-model';
import { bytesPerSecond, MIB } from './units';

/** Disk from which models are read: a gp3 volume, or the node's own NVMe disks. */
export type ModelDisk = VolumePerformance | 'instance-store';

/**
 * Bytes per second from the page cache into the GPUs: a planning value. Loads without a disk were reported with 4 to 7 GB/s, loads
 * from fast disks with 1 to 3 GB/s.
 * @see https://github.com/ggml-org/llama.cpp/pull/23915
 * @see https://github.com/ollama/ollama/issues/9720
 */
const LOADER = 2e9;
/** Bytes per second of a node's own disks: a planning value, since EC2 does not publish their throughput. */
const INSTANCE_STORE = 1e9;
/**
 * Share of a volume's rate that the readers of the server's script reach, and the bytes per second that the loader reaches alone, as
 * measured on an emulated volume: 917 of 1000 MiB/s, and 326 MiB/s. @see `workload/server-prefetch-functions.ts`
 */
const READERS_SHARE = 0.9;
export const LOADER_ALONE = 326 * MIB;
/**
 * Limit in Mbit/s for one flow through a NAT gateway, and for an instance with fewer than 32 vCPUs to the internet.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-network-bandwidth.html
 */
const INTERNET_MBPS = 5000;

/**
 * Returns the seconds to read models from the disk into the GPUs, without any cache, on an instance with one server. Several readers
 * read what fits its memory while the server starts, the loader reads the rest alone.
 */
export function coldLoadSeconds(models: readonly ServedModel[], disk: ModelDisk, instance: GpuInstanceType): number {
  const rate = diskRate(disk, instance);
  const bytes = totalBytes(models);
  const prefetched = Math.min(bytes, pageCacheMiB(serverMemoryMiB(instance), models.length) * MIB);
  const alone = disk === 'instance-store' ? rate : Math.min(LOADER_ALONE, rate);
  const seconds = prefetched / Math.min(LOADER, READERS_SHARE * rate) + (bytes - prefetched) / alone;
  return Math.ceil(seconds);
}

/**
 * Returns the seconds to read models without the readers, which start with the server: a Job that pulls (`modelPull: 'job'`) ends
 * later, and the pages that it has written are those of its own small container. Excludes what a slower volume adds.
 */
export function loadAloneSeconds(models: readonly ServedModel[]): number {
  return Math.ceil(totalBytes(models) / LOADER_ALONE);
}

/**
 * Returns the minimum seconds to pull models through a NAT gateway onto the disk, as network and disk allow.
 * The registry may be slower: it does not guarantee any rate.
 */
export function pullSeconds(models: readonly ServedModel[], disk: ModelDisk, instance: GpuInstanceType): number {
  const network = bytesPerSecond(Math.min(instance.networkMbps, INTERNET_MBPS));
  return Math.ceil(totalBytes(models) / Math.min(network, diskRate(disk, instance)));
}

/** Returns the bytes per second of a disk: the minimum of its throughput, what its operations allow and the EBS limit. */
function diskRate(disk: ModelDisk, instance: GpuInstanceType): number {
  if (disk === 'instance-store') {
    return INSTANCE_STORE;
  }
  const volume = Math.min(disk.throughput, disk.iops * GP3_LIMITS.throughput.maxPerIops) * MIB;
  return Math.min(volume, bytesPerSecond(instance.ebsMbps));
}
