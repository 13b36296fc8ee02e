/**
 * Snapshot of every figure in the catalogue, one line per entry, so that a review shows each changed figure. Whether a figure is
 * correct is another question: test/contracts/catalogue.test.ts compares the catalogue with its reference tables.
 */
import { gpuInstanceType, gpuInstanceTypeNames } from '../../src/catalogue/gpu-instance-type';
import { model, modelNames } from '../../src/catalogue/model';
import {
  CONTROL_PLANE_PER_HOUR,
  GP3_PER_GIB_MONTH,
  GP3_PER_IOPS_MONTH,
  GP3_PER_MIBPS_MONTH,
  INTERFACE_ENDPOINT_PER_HOUR,
  NAT_GATEWAY_PER_HOUR,
} from '../../src/catalogue/prices';
import type { Source } from '../../src/catalogue/source';
import { systemInstanceType, systemInstanceTypeNames } from '../../src/catalogue/system-instance-type';

/** All figures of an entry, with their names; sources by their titles. */
function line(name: string, figures: object): string {
  const known = Object.entries(figures).filter(([, value]) => value !== undefined);
  return `${name}: ${known.map(([key, value]) => `${key} ${shown(key, value)}`).join(', ')}`;
}

function shown(key: string, value: unknown): string {
  return key === 'sources' ? (value as readonly Source[]).map(({ title }) => title).join(' | ') : JSON.stringify(value);
}

test('GPU instance types', () => {
  expect(gpuInstanceTypeNames().map((name) => line(name, gpuInstanceType(name)))).toMatchSnapshot();
});

test('system instance types', () => {
  expect(systemInstanceTypeNames().map((name) => line(name, systemInstanceType(name)))).toMatchSnapshot();
});

test('models', () => {
  expect(modelNames().map((name) => line(name, model(name)))).toMatchSnapshot();
});

test('prices of everything else', () => {
  expect({
    CONTROL_PLANE_PER_HOUR,
    NAT_GATEWAY_PER_HOUR,
    INTERFACE_ENDPOINT_PER_HOUR,
    GP3_PER_GIB_MONTH,
    GP3_PER_IOPS_MONTH,
    GP3_PER_MIBPS_MONTH,
  }).toMatchSnapshot();
});
