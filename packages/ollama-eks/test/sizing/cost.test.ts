import { gpuInstanceType } from '../../src/catalogue/gpu-instance-type';
import { INSTANCE_PRICES } from '../../src/catalogue/prices';
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

test('a list price has its source also where it comes by an object, a price of the object’s own has none', () => {
  const listed = gpuInstanceType('g5.12xlarge');
  const sources = [listed, { ...listed, pricePerHour: 2 }, { ...listed, name: 'g5.13xlarge' }].map(
    (instance) => cost({ ...INPUT, gpuNodes: [{ instance, count: 1 }] }).lines[1]?.source,
  );
  expect(sources).toEqual([INSTANCE_PRICES.source, undefined, undefined]);
});

test('nodes that cost nothing have a line, no nodes have none, and need no price', () => {
  const gpuNodes = [
    { instance: 'g5.xlarge', count: 1, pricePerHour: 0 },
    { instance: 'p5e.48xlarge', count: 0 },
  ];
  expect(cost({ ...INPUT, gpuNodes }).lines.map(({ name }) => name)).toEqual([
    'EKS control plane',
    '1 × g5.xlarge',
    '2 × m7i.large',
    '1 × NAT gateway',
    '1 × gp3 volume',
  ]);
});

test.each<[string, Partial<CostInput>, string]>([
  [
    'a count that is no number',
    { gpuNodes: [{ instance: 'g5.xlarge', count: Number.NaN }] },
    'gpuNodes[0].count = NaN',
  ],
  ['fewer nodes than none', { systemNodes: [{ instance: 't3.large', count: -1 }] }, 'systemNodes[0].count = -1'],
  ['half a node', { systemNodes: [{ instance: 't3.large', count: 0.5 }] }, 'allowed: an integer of 0 or more'],
  ['fewer NAT gateways than none', { natGateways: -1 }, 'natGateways = -1: is no number of things'],
  ['half an interface endpoint', { interfaceEndpoints: 0.5 }, 'interfaceEndpoints = 0.5: is no number of things'],
  ['NAT gateways without a number', { natGateways: Number.NaN }, 'natGateways = NaN: is no number of things'],
  [
    'a volume without a size',
    { volumes: [{ sizeGiB: Number.NaN, iops: 3000, throughput: 125 }] },
    'volumes[0].sizeGiB',
  ],
  ['a volume of less than nothing', { volumes: [{ sizeGiB: -8, iops: 3000, throughput: 125 }] }, 'volumes[0].sizeGiB'],
  [
    'a price below nothing',
    { gpuNodes: [{ instance: 'g5.xlarge', count: 1, pricePerHour: -1 }] },
    'gpuNodes[0].pricePerHour = -1: is not a valid price',
  ],
  [
    'a type’s own price below nothing',
    { gpuNodes: [{ instance: { ...gpuInstanceType('g5.xlarge'), pricePerHour: -3 }, count: 1 }] },
    'gpuNodes[0].instance.pricePerHour = -3: is not a valid price',
  ],
  [
    'an unknown type',
    { gpuNodes: [{ instance: 'g5.xlarg', count: 1 }] },
    'gpuNodes[0].instance = "g5.xlarg": is in neither catalogue of instance types, GPU and system; allowed: g5.xlarge',
  ],
])('%s is refused', (_, wrong, text) => {
  expect(refusal(() => cost({ ...INPUT, ...wrong })).message).toContain(text);
});

test('the price of a type is that of either catalogue', () => {
  expect(hourlyPrice('t3.large')).toBe(0.0832);
  expect(hourlyPrice('p5e.48xlarge', 0)).toBe(0);
});

test.each<[string, () => unknown, string]>([
  ['a type without a price', () => hourlyPrice('p5e.48xlarge'), 'and p5e.48xlarge has no on-demand list price here'],
  [
    'no number',
    () => hourlyPrice('g5.xlarge', Number.NaN),
    'pricePerHour = NaN: is not a valid price; allowed: USD per hour',
  ],
  [
    'infinitely much',
    () => hourlyPrice('g5.xlarge', Number.POSITIVE_INFINITY),
    'pricePerHour = Infinity: is not a valid price',
  ],
  [
    'less than nothing',
    () => hourlyPrice('g5.xlarge', -1, 'gpu.pricePerHour'),
    'gpu.pricePerHour = -1: is not a valid price',
  ],
  ['an unknown type', () => hourlyPrice('g6.xlarges'), 'instance = "g6.xlarges": is in neither catalogue'],
  ['no type', () => hourlyPrice(undefined as unknown as string), 'instance: is missing'],
])('%s is refused', (_, call, text) => {
  expect(refusal(call).message).toContain(text);
});
