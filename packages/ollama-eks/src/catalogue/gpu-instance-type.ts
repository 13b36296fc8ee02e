import { checkInteger } from '../check-integer';
import { checkObject } from '../check-object';
import { ValidationError } from '../errors';
import { checkPrice } from './check-price';
import { type Gpu, usableGpuMemoryMiB } from './gpu';
import { GPU_INSTANCE_TYPES, type GpuInstanceTypeRow, UNSUPPORTED_FAMILIES } from './gpu-instance-types';
import { similarNames } from './similar-names';

/** An EC2 instance type (x86_64) with NVIDIA GPUs. Pass an object of this shape for a type that is not listed. */
export interface GpuInstanceType {
  /** API name: `g5.xlarge`. */
  readonly name: string;
  readonly vcpus: number;
  /** Memory in GiB. */
  readonly memoryGiB: number;
  /** One of the GPUs; all GPUs of an instance type are the same. */
  readonly gpu: Gpu;
  /** Number of whole GPUs, as the device plugin offers them without MIG. */
  readonly gpuCount: number;
  /** Local NVMe storage in GB (10^9 bytes), all disks combined; 0 without local disks. */
  readonly instanceStoreGB: number;
  /** Maximum throughput to and from EBS in Mbit/s. */
  readonly ebsMbps: number;
  /**
   * Whether `ebsMbps` is a burst of 30 minutes rather than a sustained rate.
   * @default false
   */
  readonly ebsBurst?: boolean;
  /** Network bandwidth in Mbit/s; the baseline for sizes that burst. */
  readonly networkMbps: number;
  /** Number of Elastic Fabric Adapter interfaces; 0 without EFA. */
  readonly efaInterfaces: number;
  /** Maximum number of pods without prefix delegation; the kubelet's memory reservation is calculated from it. */
  readonly maxPods: number;
  /**
   * On-demand list price in USD per hour, in the regions of `INSTANCE_PRICES`.
   * @default - none: not sold on demand, or not known
   */
  readonly pricePerHour?: number;
  /**
   * Whether the type is sold only in Capacity Blocks for ML.
   * @default false
   */
  readonly capacityBlocksOnly?: boolean;
}

const INSTANCE_TYPE = /^[a-z0-9-]+\.[a-z0-9-]+$/;

/** Returns the names of all listed GPU instance types, in the order of the catalogue. */
export function gpuInstanceTypeNames(): readonly string[] {
  return GPU_INSTANCE_TYPES.map(([name]) => name);
}

/**
 * Returns the listed GPU instance type with that name, or the object itself after checking it.
 * @throws ValidationError if the name is not listed (the error suggests similar names), if the family is not supported, or if
 * the object has invalid figures
 */
export function gpuInstanceType(type: string | GpuInstanceType, property = 'instanceType'): GpuInstanceType {
  if (typeof type !== 'string') {
    checkFigures(type, property);
    return type;
  }
  checkFamily(type, property);
  const row = GPU_INSTANCE_TYPES.find(([name]) => name === type);
  if (row === undefined) {
    const similar = similarNames(type, gpuInstanceTypeNames());
    throw new ValidationError({
      property,
      value: type,
      problem: 'is not in the catalogue of GPU instance types',
      allowed: similar.length > 0 ? `${similar.join(', ')} or another listed name` : gpuInstanceTypeNames().join(', '),
      remedy: 'correct the name, or pass an object of the shape GpuInstanceType with the figures of the type',
    });
  }
  return fromRow(row);
}

function fromRow(row: GpuInstanceTypeRow): GpuInstanceType {
  const [name, vcpus, memoryGiB, gpu, gpuCount, instanceStoreGB, ebsMbps, networkMbps, ...rest] = row;
  const [efaInterfaces, maxPods, price, ebs] = rest;
  return {
    name,
    vcpus,
    memoryGiB,
    gpu,
    gpuCount,
    instanceStoreGB,
    ebsMbps,
    ebsBurst: ebs === 'EBS burst',
    networkMbps,
    efaInterfaces,
    maxPods,
    pricePerHour: price === 'Capacity Blocks' ? undefined : price,
    capacityBlocksOnly: price === 'Capacity Blocks',
  };
}

function checkFamily(name: string, property: string): void {
  const reason = UNSUPPORTED_FAMILIES.get(name.split('.')[0] ?? name);
  if (reason !== undefined) {
    throw new ValidationError({
      property,
      value: name,
      problem: `is not supported: ${reason}`,
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
      allowed: 'family, dot and size, such as g5.xlarge, known at synth',
      remedy: 'write the name as the EC2 API does',
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
  const figures: readonly (readonly [figure: string, value: number, min: number])[] = [
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
  for (const [figure, value, min] of figures) {
    checkInteger(`${property}.${figure}`, value, {
      min,
      problem: 'is not a valid figure for an instance type',
      remedy: 'copy it from `aws ec2 describe-instance-types`',
    });
  }
}

function checkUsableMemory(gpu: Gpu, property: string): void {
  const usable = usableGpuMemoryMiB(gpu);
  if (usable > gpu.memoryMiB) {
    throw new ValidationError({
      property: `${property}.gpu.usableMemoryMiB`,
      value: usable,
      problem: 'must not exceed the memory of the GPU',
      allowed: `at most ${gpu.memoryMiB} MiB`,
      remedy: 'leave it out, or copy it from Ollama’s startup log',
    });
  }
}
