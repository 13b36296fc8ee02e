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

test.each(systemInstanceTypeNames())('%s is listed, with figures that can be', (name) => {
  expect(systemInstanceType(systemInstanceType(name)).name).toBe(name);
});

test('a type that isn’t listed is taken by its figures', () => {
  expect(systemInstanceType(OWN)).toBe(OWN);
  expect(systemInstanceType({ ...OWN, pricePerHour: undefined, memoryGiB: 7.5 })).toMatchObject({ memoryGiB: 7.5 });
});

test.each<[Partial<SystemInstanceType>, string]>([
  [{ name: 'large' }, 'name = "large": cannot be a figure of an instance type; allowed: family, point and size'],
  [{ vcpus: 0 }, 'vcpus = 0: cannot be a figure of an instance type; allowed: an integer of 1 or more'],
  [{ memoryGiB: NaN }, 'memoryGiB = NaN: cannot be a figure of an instance type; allowed: a number above 0'],
  [
    { architecture: 'riscv' as 'arm64' },
    'architecture = "riscv": cannot be a figure of an instance type; allowed: x86_64, arm64',
  ],
  [{ maxPods: 1.5 }, 'maxPods = 1.5: cannot be a figure of an instance type; allowed: an integer of 1 or more'],
  [{ pricePerHour: -1 }, 'pricePerHour = -1: cannot be a figure of an instance type; allowed: USD of 0 or more'],
])('%j is refused', (change, message) => {
  expect(refusal(() => systemInstanceType({ ...OWN, ...change }, 'system.instanceType')).message).toContain(
    `system.instanceType.${message}`,
  );
});

test('a name that isn’t listed is refused with names like it', () => {
  expect(refusal(() => systemInstanceType('m7i.larg')).message).toContain(
    'system.instanceType = "m7i.larg": is not in the catalogue of system instance types; allowed: m7i.large',
  );
});
