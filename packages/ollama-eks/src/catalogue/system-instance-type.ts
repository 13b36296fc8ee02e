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
 * Hardware: see `INSTANCE_HARDWARE`. Prices: see `INSTANCE_PRICES`.
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

const INSTANCE_TYPE = /^[a-z0-9-]+\.[a-z0-9-]+$/;
const ARCHITECTURES: readonly string[] = ['x86_64', 'arm64'];

/** Names of all listed system instance types. */
export function systemInstanceTypeNames(): readonly string[] {
  return SYSTEM_INSTANCE_TYPES.map(({ name }) => name);
}

/**
 * The listed instance type of that name, or the object itself once checked.
 * @throws ValidationError for a name that isn't listed, and for an object whose figures can't be
 */
export function systemInstanceType(
  type: string | SystemInstanceType,
  property = 'system.instanceType',
): SystemInstanceType {
  if (typeof type !== 'string') {
    checkFigures(type, property);
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

function checkFigures(type: SystemInstanceType, property: string): void {
  const { name, vcpus, memoryGiB, architecture, maxPods, pricePerHour } = type;
  const figures: readonly (readonly [string, unknown, boolean, string])[] = [
    ['name', name, INSTANCE_TYPE.test(name), 'family, point and size, such as m7i.large, known at synth'],
    ['vcpus', vcpus, Number.isInteger(vcpus) && vcpus > 0, 'an integer of 1 or more'],
    ['memoryGiB', memoryGiB, Number.isFinite(memoryGiB) && memoryGiB > 0, 'a number above 0'],
    ['architecture', architecture, ARCHITECTURES.includes(architecture), ARCHITECTURES.join(', ')],
    ['maxPods', maxPods, Number.isInteger(maxPods) && maxPods > 0, 'an integer of 1 or more'],
    ['pricePerHour', pricePerHour, isPrice(pricePerHour), 'USD of 0 or more, or nothing'],
  ];
  for (const [figure, value, holds, allowed] of figures) {
    if (!holds) {
      throw new ValidationError({
        property: `${property}.${figure}`,
        value,
        problem: 'cannot be a figure of an instance type',
        allowed,
        remedy: 'take it from `aws ec2 describe-instance-types`',
      });
    }
  }
}

function isPrice(value: number | undefined): boolean {
  return value === undefined || (Number.isFinite(value) && value >= 0);
}
