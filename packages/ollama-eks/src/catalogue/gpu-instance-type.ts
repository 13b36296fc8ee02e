/** A GPU of an instance type. */
export interface Gpu {
  /** Name as EC2 writes it: `A10G`. */
  readonly name: string;
  /** Memory in MiB, as `DescribeInstanceTypes` lists it. */
  readonly memoryMiB: number;
  /**
   * Memory in MiB that CUDA offers to a program; what the driver and ECC keep is already taken off.
   * @default 92 % of `memoryMiB`
   */
  readonly usableMemoryMiB?: number;
}

/** An EC2 instance type with NVIDIA GPUs. Pass an object of this shape for a type that isn't listed. */
export interface GpuInstanceType {
  /** API name: `g5.xlarge`. */
  readonly name: string;
  readonly vcpus: number;
  /** Memory in GiB. */
  readonly memoryGiB: number;
  /** The GPU; all GPUs of an instance type are alike. */
  readonly gpu: Gpu;
  /** Number of GPUs. */
  readonly gpuCount: number;
  /** Local NVMe storage in GB (10^9 bytes), all disks together; 0 where there is none. */
  readonly instanceStoreGB: number;
  /** Most that the instance can move to and from EBS, in Mbit/s. */
  readonly ebsMbps: number;
  /**
   * Whether `ebsMbps` is reached for 30 minutes a day at least and not all the time.
   * @default false
   */
  readonly ebsBurst?: boolean;
  /** Network bandwidth in Mbit/s; the baseline where the size bursts. */
  readonly networkMbps: number;
  /** Number of Elastic Fabric Adapter interfaces; 0 where there are none. */
  readonly efaInterfaces: number;
  /** Most pods without prefix delegation; the kubelet's memory reservation follows from it. */
  readonly maxPods: number;
  /**
   * On-demand list price in USD per hour, in the regions of `INSTANCE_PRICES`.
   * @default none: the type is sold in Capacity Blocks only, or its price isn't known
   */
  readonly pricePerHour?: number;
  /**
   * Sold in Capacity Blocks for ML only.
   * @default false
   */
  readonly capacityBlocksOnly?: boolean;
}

/** The listed instance type of that name, or the object itself once checked. */
export declare function gpuInstanceType(type: string | GpuInstanceType, property?: string): GpuInstanceType;
