import { checkObject } from '../check-object';
import { ValidationError } from '../errors';
import { checkPrice } from './check-price';
import { EBS_BURST, GPU_INSTANCE_TYPES, type GpuInstanceTypeRow } from './gpu-instance-types';
import { near } from './near';
import { unusableBecause } from './unusable-families';

/** A GPU of an instance type: a whole one, no slice of it (MIG) and no part (g6f). */
export interface Gpu {
  /** Name as EC2 writes it: `A10G`. */
  readonly name: string;
  /** Memory in MiB, as `DescribeInstanceTypes` lists it. */
  readonly memoryMiB: number;
  /**
   * Memory in MiB that CUDA offers to a program; what driver and ECC keep is taken off.
   * @default 95 % of `memoryMiB` (`available` in Ollama's start-up logs is 96–99 % on A10G, A100 and H100)
   */
  readonly usableMemoryMiB?: number;
}

/** An EC2 instance type (x86_64) with NVIDIA GPUs. Pass an object of this shape for a type that isn't listed. */
export interface GpuInstanceType {
  /** API name: `g5.xlarge`. */
  readonly name: string;
  readonly vcpus: number;
  /** Memory in GiB. */
  readonly memoryGiB: number;
  /** The GPU, whole; all GPUs of an instance type are alike. */
  readonly gpu: Gpu;
  /** Number of whole GPUs, as the device plugin offers them without MIG. */
  readonly gpuCount: number;
  /** Local NVMe storage in GB (10^9 bytes), all disks together; 0 where there is none. */
  readonly instanceStoreGB: number;
  /** Most that the instance can move to and from EBS, in Mbit/s. */
  readonly ebsMbps: number;
  /**
   * Whether `ebsMbps` is a burst of 30 minutes and not kept all the time.
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
   * @default none: not sold on demand, or not known
   */
  readonly pricePerHour?: number;
  /**
   * Sold in Capacity Blocks for ML only.
   * @default false
   */
  readonly capacityBlocksOnly?: boolean;
}

const INSTANCE_TYPE = /^[a-z0-9-]+\.[a-z0-9-]+$/;

/** Names of all listed GPU instance types, in the order of the catalogue. */
export function gpuInstanceTypeNames(): readonly string[] {
  return GPU_INSTANCE_TYPES.map(([name]) => name);
}

/**
 * The listed GPU instance type of that name, or the object itself once checked.
 * @throws ValidationError for a name that isn't listed, with names like it, for a family that can't serve here, and for an object
 * whose figures can't be
 */
export function gpuInstanceType(type: string | GpuInstanceType, property = 'instanceType'): GpuInstanceType {
  if (typeof type !== 'string') {
    checkFigures(type, property);
    return type;
  }
  checkFamily(type, property);
  const row = GPU_INSTANCE_TYPES.find(([name]) => name === type);
  if (row === undefined) {
    const alike = near(type, gpuInstanceTypeNames());
    throw new ValidationError({
      property,
      value: type,
      problem: 'is not in the catalogue of GPU instance types',
      allowed: alike.length > 0 ? `${alike.join(', ')} or another listed name` : gpuInstanceTypeNames().join(', '),
      remedy: 'correct the name, or pass an object of the shape GpuInstanceType with the figures of the type',
    });
  }
  return fromRow(row);
}

/** Memory in MiB of one GPU that CUDA offers to a program. */
export function usableGpuMemoryMiB(gpu: Gpu): number {
  return gpu.usableMemoryMiB ?? Math.floor(gpu.memoryMiB * 0.95);
}

function fromRow(row: GpuInstanceTypeRow): GpuInstanceType {
  const [name, vcpus, memoryGiB, gpu, gpuCount, instanceStoreGB, ebsMbps, networkMbps, efaInterfaces, maxPods, price] =
    row;
  return {
    name,
    vcpus,
    memoryGiB,
    gpu,
    gpuCount,
    instanceStoreGB,
    ebsMbps,
    ebsBurst: EBS_BURST.includes(name),
    networkMbps,
    efaInterfaces,
    maxPods,
    pricePerHour: price,
    capacityBlocksOnly: price === undefined,
  };
}

function checkFamily(name: string, property: string): void {
  const reason = unusableBecause(name);
  if (reason !== undefined) {
    throw new ValidationError({
      property,
      value: name,
      problem: reason,
      allowed: 'x86_64 instance types with whole NVIDIA GPUs, such as g5.xlarge',
      remedy: 'choose another family',
    });
  }
}

function checkFigures(type: GpuInstanceType, property: string): void {
  checkObject(
    type,
    property,
    'the name of a GPU instance type, such as g5.xlarge, or an object of the shape GpuInstanceType',
  );
  if (!isInstanceTypeName(type.name)) {
    throw new ValidationError({
      property: `${property}.name`,
      value: type.name,
      problem: 'is not the name of an EC2 instance type',
      allowed: 'family, point and size, such as g5.xlarge, known at synth',
      remedy: 'give the name as the EC2 API writes it',
    });
  }
  checkFamily(type.name, `${property}.name`);
  checkObject(type.gpu, `${property}.gpu`, 'an object with name and memoryMiB of one GPU');
  checkIntegers(type, property);
  checkUsableMemory(type.gpu, property);
  if (type.pricePerHour !== undefined) checkPrice(type.pricePerHour, `${property}.pricePerHour`);
}

function isInstanceTypeName(name: unknown): boolean {
  return typeof name === 'string' && INSTANCE_TYPE.test(name);
}

function checkIntegers(type: GpuInstanceType, property: string): void {
  const figures: readonly (readonly [figure: string, value: number, least: number])[] = [
    ['vcpus', type.vcpus, 1],
    ['memoryGiB', type.memoryGiB, 1],
    ['gpu.memoryMiB', type.gpu.memoryMiB, 1],
    ['gpu.usableMemoryMiB', usableGpuMemoryMiB(type.gpu), 1],
    ['gpuCount', type.gpuCount, 1],
    ['instanceStoreGB', type.instanceStoreGB, 0],
    ['ebsMbps', type.ebsMbps, 1],
    ['networkMbps', type.networkMbps, 1],
    ['efaInterfaces', type.efaInterfaces, 0],
    ['maxPods', type.maxPods, 1],
  ];
  for (const [figure, value, least] of figures) {
    if (!Number.isInteger(value) || value < least) {
      throw new ValidationError({
        property: `${property}.${figure}`,
        value,
        problem: 'cannot be a figure of an instance type',
        allowed: `an integer of ${least} or more, known at synth`,
        remedy: 'take it from `aws ec2 describe-instance-types`',
      });
    }
  }
}

function checkUsableMemory(gpu: Gpu, property: string): void {
  const usable = usableGpuMemoryMiB(gpu);
  if (usable > gpu.memoryMiB) {
    throw new ValidationError({
      property: `${property}.gpu.usableMemoryMiB`,
      value: usable,
      problem: 'is more than the memory of the GPU',
      allowed: `at most ${gpu.memoryMiB} MiB`,
      remedy: 'leave it out, or take it from Ollama’s start-up log',
    });
  }
}
