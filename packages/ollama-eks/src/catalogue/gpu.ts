/** Resource by which NVIDIA's device plugin offers the GPUs of a node; also the key of the taint that keeps other pods away. */
export const GPU_RESOURCE = 'nvidia.com/gpu';

/** A whole GPU, not a slice (MIG) or a fraction (g6f). */
export interface Gpu {
  /** Name that EC2 uses: `A10G`. */
  readonly name: string;
  /** Memory in MiB, as `DescribeInstanceTypes` lists it. */
  readonly memoryMiB: number;
  /**
   * Memory in MiB that CUDA offers to a program: `memoryMiB` without what the driver and ECC reserve.
   * @default - 95 % of `memoryMiB` (`available` in Ollama's startup logs is 96–99 % on A10G, A100 and H100)
   */
  readonly usableMemoryMiB?: number;
}

/** Returns the memory in MiB of one GPU that CUDA offers to a program. */
export function usableGpuMemoryMiB(gpu: Gpu): number {
  return gpu.usableMemoryMiB ?? Math.floor(gpu.memoryMiB * 0.95);
}
