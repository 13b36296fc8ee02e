/** What the kubelet leaves for pods: https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go */
import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import type { SystemInstanceType } from '../catalogue/system-instance-type';

/** Resources of a node that are available to pods. */
export interface Allocatable {
  /** Thousandths of a CPU. */
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}

/**
 * Share of the listed memory that the hypervisor and the kernel reserve; Karpenter plans with the same figure.
 * @see https://karpenter.sh/docs/reference/settings/ (vm-memory-overhead-percent)
 */
const MEMORY_OVERHEAD = 0.075;
/** MiB reserved for the kubelet and the container runtime, in addition to `RESERVED_MIB_PER_POD` for each pod. */
const RESERVED_MIB = 255;
const RESERVED_MIB_PER_POD = 11;
/** `memory.available` of the hard eviction threshold, in MiB. */
const EVICTION_MIB = 100;

/**
 * Returns the resources of a node of that type that are available to pods, including those of DaemonSets.
 * @param maxPods number of pods for which the kubelet reserves memory; @default - `maxPods` of the type
 */
export function allocatable(type: GpuInstanceType | SystemInstanceType, maxPods: number = type.maxPods): Allocatable {
  const memoryMiB = Math.floor(type.memoryGiB * 1024 * (1 - MEMORY_OVERHEAD));
  return {
    cpuMillis: type.vcpus * 1000 - reservedCpuMillis(type.vcpus),
    memoryMiB: memoryMiB - RESERVED_MIB_PER_POD * maxPods - RESERVED_MIB - EVICTION_MIB,
  };
}

/**
 * Returns the maximum number of pods on a node with prefix delegation. The kubelet does not know about the prefixes, so the node
 * must be configured with this number.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html#determine-max-pods
 */
export function maxPodsWithPrefixes(vcpus: number): number {
  return vcpus < 30 ? 110 : 250;
}

/** 6 % of the first CPU, 1 % of the second, 0.5 % of the third and fourth, 0.25 % of each additional one. */
function reservedCpuMillis(vcpus: number): number {
  const shares = [60, 10, 5, 5];
  const first = shares.slice(0, vcpus).reduce((sum, share) => sum + share, 0);
  return Math.ceil(first + Math.max(0, vcpus - shares.length) * 2.5);
}
