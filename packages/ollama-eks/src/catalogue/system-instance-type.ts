import { ValidationError } from '../errors';
import { near } from './near';

/** An EC2 instance type for the system pool. Pass an object of this shape for a type that isn't listed. */
export interface SystemInstanceType {
  /** API name: `m7i.large`. */
  readonly name: string;
  readonly vcpus: number;
  /** Memory in GiB. */
  readonly memoryGiB: number;
  readonly architecture: 'x86_64' | 'arm64';
  /** Most pods without prefix delegation. */
  readonly maxPods: number;
  /**
   * On-demand list price in USD per hour, in the regions of `INSTANCE_PRICES`.
   * @default not known
   */
  readonly pricePerHour?: number;
}

/**
 * General purpose types that a system pool is made of, and one (t3.medium) that is too small for it: 17 pods and 3.2 GiB.
 * @see https://github.com/aws/karpenter-provider-aws/blob/main/website/content/en/docs/reference/instance-types.md
 */
const SYSTEM_INSTANCE_TYPES: readonly SystemInstanceType[] = [
  { name: 't3.medium', vcpus: 2, memoryGiB: 4, architecture: 'x86_64', maxPods: 17, pricePerHour: 0.0416 },
  { name: 't3.large', vcpus: 2, memoryGiB: 8, architecture: 'x86_64', maxPods: 35, pricePerHour: 0.0832 },
  { name: 'm6i.large', vcpus: 2, memoryGiB: 8, architecture: 'x86_64', maxPods: 29, pricePerHour: 0.096 },
  { name: 'm7i.large', vcpus: 2, memoryGiB: 8, architecture: 'x86_64', maxPods: 29, pricePerHour: 0.1008 },
  { name: 'm7g.large', vcpus: 2, memoryGiB: 8, architecture: 'arm64', maxPods: 29, pricePerHour: 0.0816 },
  { name: 'm8g.large', vcpus: 2, memoryGiB: 8, architecture: 'arm64', maxPods: 29, pricePerHour: 0.08976 },
  { name: 'm8g.xlarge', vcpus: 4, memoryGiB: 16, architecture: 'arm64', maxPods: 58, pricePerHour: 0.17952 },
];

/** Names of all listed system instance types. */
export function systemInstanceTypeNames(): readonly string[] {
  return SYSTEM_INSTANCE_TYPES.map(({ name }) => name);
}

/**
 * The listed instance type of that name, or the object itself.
 * @throws ValidationError for a name that isn't listed
 */
export function systemInstanceType(
  type: string | SystemInstanceType,
  property = 'system.instanceType',
): SystemInstanceType {
  if (typeof type !== 'string') {
    return type;
  }
  const listed = SYSTEM_INSTANCE_TYPES.find(({ name }) => name === type);
  if (listed === undefined) {
    const alike = near(type, systemInstanceTypeNames());
    throw new ValidationError({
      property,
      value: type,
      problem: 'is not in the catalogue of system instance types',
      allowed: (alike.length > 0 ? alike : systemInstanceTypeNames()).join(', '),
      remedy: 'correct the name, or pass an object of the shape SystemInstanceType with the figures of the type',
    });
  }
  return listed;
}
