/** What the kubelet leaves to pods: https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go */
import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import type { SystemInstanceType } from '../catalogue/system-instance-type';

/** What a node has for pods. */
export interface Allocatable {
  /** Thousandths of a CPU. */
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}

/**
 * Share of the listed memory that the hypervisor and the kernel keep; the figure that Karpenter plans with.
 * @see https://karpenter.sh/docs/reference/settings/ (vm-memory-overhead-percent)
 */
const MEMORY_OVERHEAD = 0.075;
/** Reserved for kubelet and container runtime: so many MiB, and so many more per pod. */
const RESERVED_MIB = 255;
const RESERVED_MIB_PER_POD = 11;
/** `memory.available` of the hard eviction threshold, in MiB. */
const EVICTION_MIB = 100;

/**
 * What a node of that type has for pods, DaemonSets included.
 * @param maxPods most pods that the kubelet reserves memory for; @default the type's own number
 */
export function allocatable(type: GpuInstanceType | SystemInstanceType, maxPods: number = type.maxPods): Allocatable {
  const memoryMiB = Math.floor(type.memoryGiB * 1024 * (1 - MEMORY_OVERHEAD));
  return {
    cpuMillis: type.vcpus * 1000 - reservedCpuMillis(type.vcpus),
    memoryMiB: memoryMiB - RESERVED_MIB_PER_POD * maxPods - RESERVED_MIB - EVICTION_MIB,
  };
}

/** 6 % of the first CPU, 1 % of the second, 0.5 % of the third and fourth, 0.25 % of each further one. */
function reservedCpuMillis(vcpus: number): number {
  const shares = [60, 10, 5, 5];
  const first = shares.slice(0, vcpus).reduce((sum, share) => sum + share, 0);
  return Math.ceil(first + Math.max(0, vcpus - shares.length) * 2.5);
}
