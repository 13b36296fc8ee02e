import { cost, type CostInput, hourlyPrice } from '../../src/sizing/cost';
import { refusal } from '../refusal';

const INPUT: CostInput = {
  gpuNodes: [{ instance: 'g5.12xlarge', count: 1 }],
  systemNodes: [{ instance: 'm7i.large', count: 2 }],
  natGateways: 1,
  volumes: [{ sizeGiB: 200, iops: 4000, throughput: 1000 }],
};

test('each thing that is paid for has a line with its source', () => {
  const { lines } = cost(INPUT);
  expect(lines.map(({ name, hourly }) => [name, Number(hourly.toFixed(4))])).toEqual([
    ['EKS control plane', 0.1],
    ['1 × g5.12xlarge', 5.672],
    ['2 × m7i.large', 0.2016],
    ['1 × NAT gateway', 0.045],
    // 200 GiB 16 $, 1000 operations 5 $, 875 MiB/s 35 $ a month
    ['1 × gp3 volume', Number((56 / 730).toFixed(4))],
  ]);
  expect(lines.every(({ source }) => source?.date === '2026-11-23')).toBe(true);
});

test('at 40 hours a week only GPU nodes cost less', () => {
  const { monthly40h, monthlyAlwaysOn, hourly } = cost(INPUT);
  expect(monthlyAlwaysOn).toBeCloseTo(hourly * 730, 6);
  expect(monthlyAlwaysOn - monthly40h).toBeCloseTo(5.672 * (730 - (40 * 52) / 12), 6);
});

test('a price of one’s own has no source, another region a note', () => {
  const result = cost({
    ...INPUT,
    gpuNodes: [{ instance: 'p5e.48xlarge', count: 1, pricePerHour: 40 }],
    region: 'eu-central-1',
  });
  expect(result.lines[1]).toMatchObject({ name: '1 × p5e.48xlarge', hourly: 40, source: undefined });
  expect(result.note).toBe('list prices of us-east-1 and us-west-2; those of eu-central-1 may differ by 10–40 %');
  expect(cost({ ...INPUT, region: 'us-west-2' }).note).toBeUndefined();
});

test('nothing that is not there is counted', () => {
  const { lines } = cost({ gpuNodes: [], systemNodes: [], natGateways: 0, volumes: [] });
  expect(lines.map(({ name }) => name)).toEqual(['EKS control plane']);
});

test('a type without a price is refused', () => {
  expect(hourlyPrice('t3.large')).toBe(0.0832);
  expect(hourlyPrice('p5e.48xlarge', 0)).toBe(0);
  expect(refusal(() => hourlyPrice('p5e.48xlarge')).message).toContain('is no price for p5e.48xlarge');
  expect(refusal(() => hourlyPrice('g5.xlarge', -1, 'gpu.pricePerHour')).property).toBe('gpu.pricePerHour');
  expect(refusal(() => hourlyPrice('g9.nano')).message).toContain('is not in the catalogue');
});
