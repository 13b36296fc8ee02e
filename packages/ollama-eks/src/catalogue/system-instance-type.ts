import { ValidationError } from '../errors';
import { similarNames } from './similar-names';

/** An EC2 instance type for the system pool. Pass an object of this shape for a type that is not listed. */
export interface SystemInstanceType {
  /** API name: `m7i.large`. */
  readonly name: string;
  readonly vcpus: number;
  /** Memory in GiB. */
  readonly memoryGiB: number;
  readonly architecture: 'x86_64' | 'arm64';
  /** Maximum number of pods without prefix delegation. */
  readonly maxPods: number;
  /**
   * On-demand list price in USD per hour, in the regions of `INSTANCE_PRICES`.
   * @default - not known
   */
  readonly pricePerHour?: number;
}

/**
 * General-purpose types for a system pool, and one that is too small for it (t3.medium: 17 pods and 3.2 GiB). The hardware figures
 * are from `INSTANCE_HARDWARE`, the prices from `INSTANCE_PRICES`.
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

/** Returns the names of all listed system instance types. */
export function systemInstanceTypeNames(): readonly string[] {
  return SYSTEM_INSTANCE_TYPES.map(({ name }) => name);
}

/**
 * Returns the listed instance type with that name, or the object itself after checking it.
 * @throws ValidationError if the name is not listed, or if the object has invalid figures
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
    const similar = similarNames(type, systemInstanceTypeNames());
    throw new ValidationError({
      property,
      value: type,
      problem: 'is not in the catalogue of system instance types',
      allowed: (similar.length > 0 ? similar : systemInstanceTypeNames()).join(', '),
      remedy: 'correct the name, or pass an object of the shape SystemInstanceType with the figures of the type',
    });
  }
  return listed;
}

function checkFigures(type: SystemInstanceType, property: string): void {
  const { name, vcpus, memoryGiB, architecture, maxPods, pricePerHour } = type;
  const figures: readonly (readonly [string, unknown, boolean, string])[] = [
    ['name', name, INSTANCE_TYPE.test(name), 'family, dot and size, such as m7i.large, known at synth'],
    ['vcpus', vcpus, Number.isInteger(vcpus) && vcpus > 0, 'an integer of at least 1'],
    ['memoryGiB', memoryGiB, Number.isFinite(memoryGiB) && memoryGiB > 0, 'a number greater than 0'],
    ['architecture', architecture, ARCHITECTURES.includes(architecture), ARCHITECTURES.join(', ')],
    ['maxPods', maxPods, Number.isInteger(maxPods) && maxPods > 0, 'an integer of at least 1'],
    ['pricePerHour', pricePerHour, isPrice(pricePerHour), 'USD per hour, at least 0'],
  ];
  for (const [figure, value, isValid, allowed] of figures) {
    if (!isValid) {
      throw new ValidationError({
        property: `${property}.${figure}`,
        value,
        problem: 'is not a valid figure for an instance type',
        allowed,
        remedy: 'copy it from `aws ec2 describe-instance-types`',
      });
    }
  }
}

function isPrice(value: number | undefined): boolean {
  return value === undefined || (Number.isFinite(value) && value >= 0);
}
