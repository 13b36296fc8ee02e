import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import { GP3_LIMITS, type VolumePerformance } from './gp3';
import { bytesPerSecond, MIB } from './units';

/** Bytes per second that Ollama's loader moves, one thread; 1–3 GB/s were seen. @see https://github.com/ollama/ollama/issues/9720 */
const LOADER = 1e9;
/**
 * Mbit/s of one flow through a NAT gateway, and of an instance with fewer than 32 vCPUs to the internet.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-network-bandwidth.html
 */
const INTERNET_MBPS = 5000;

/** Seconds to read so many bytes of models from the volume into the GPUs, nothing cached. */
export function coldLoadSeconds(bytes: number, volume: VolumePerformance, instance: GpuInstanceType): number {
  return Math.ceil(bytes / Math.min(LOADER, diskRate(volume, instance)));
}

/** Seconds to pull so many bytes of models through a NAT gateway, if the registry keeps up. */
export function pullSeconds(bytes: number, volume: VolumePerformance, instance: GpuInstanceType): number {
  const network = bytesPerSecond(Math.min(instance.networkMbps, INTERNET_MBPS));
  return Math.ceil(bytes / Math.min(network, diskRate(volume, instance)));
}

/** Bytes per second: the volume's throughput, what its operations allow, or the instance's EBS limit. */
function diskRate({ iops, throughput }: VolumePerformance, instance: GpuInstanceType): number {
  const volume = Math.min(throughput, iops * GP3_LIMITS.throughput.mostPerIops) * MIB;
  return Math.min(volume, bytesPerSecond(instance.ebsMbps));
}
