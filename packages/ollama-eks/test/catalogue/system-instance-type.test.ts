import { systemInstanceType, systemInstanceTypeNames, type SystemInstanceType } from '../../src';
import { refusal } from '../refusal';

const OWN: SystemInstanceType = {
  name: 'm9i.large',
  vcpus: 2,
  memoryGiB: 8,
  architecture: 'x86_64',
  maxPods: 29,
  pricePerHour: 0.1,
};

test.each(systemInstanceTypeNames())('%s is listed, with valid figures', (name) => {
  expect(systemInstanceType(systemInstanceType(name)).name).toBe(name);
});

test('a type that is not listed is accepted with its figures', () => {
  expect(systemInstanceType(OWN)).toBe(OWN);
  expect(systemInstanceType({ ...OWN, pricePerHour: undefined, memoryGiB: 7.5 })).toMatchObject({ memoryGiB: 7.5 });
});

test.each<[Partial<SystemInstanceType>, string]>([
  [{ name: 'large' }, 'name = "large": is not a valid figure for an instance type; allowed: family, dot and size'],
  [{ vcpus: 0 }, 'vcpus = 0: is not a valid figure for an instance type; allowed: an integer of at least 1'],
  [{ memoryGiB: NaN }, 'memoryGiB = NaN: is not a valid figure for an instance type; allowed: a number greater than 0'],
  [
    { architecture: 'riscv' as 'arm64' },
    'architecture = "riscv": is not a valid figure for an instance type; allowed: x86_64, arm64',
  ],
  [{ maxPods: 1.5 }, 'maxPods = 1.5: is not a valid figure for an instance type; allowed: an integer of at least 1'],
  [
    { pricePerHour: -1 },
    'pricePerHour = -1: is not a valid figure for an instance type; allowed: USD per hour, at least 0',
  ],
])('%j is refused', (change, message) => {
  expect(refusal(() => systemInstanceType({ ...OWN, ...change }, 'system.instanceType')).message).toContain(
    `system.instanceType.${message}`,
  );
});

test('an unknown name is refused, and similar names are suggested', () => {
  expect(refusal(() => systemInstanceType('m7i.larg')).message).toContain(
    'system.instanceType = "m7i.larg": is not in the catalogue of system instance types; allowed: m7i.large',
  );
});
