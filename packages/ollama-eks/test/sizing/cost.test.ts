import { gpuInstanceType } from '../../src/catalogue/gpu-instance-type';
import { INSTANCE_PRICES } from '../../src/catalogue/prices';
import { cost, type CostInput, hourlyPrice } from '../../src/sizing/cost';
import { refusal } from '../refusal';

const INPUT: CostInput = {
  gpuNodes: [{ instance: 'g5.12xlarge', count: 1 }],
  systemNodes: [{ instance: 'm7i.large', count: 2 }],
  natGateways: 1,
  kmsKeys: 1,
  volumes: [{ sizeGiB: 200, iops: 4000, throughput: 1000 }],
};

test('everything that is paid for has a line with its source', () => {
  const { lines } = cost(INPUT);
  expect(lines.map(({ name, hourly }) => [name, Number(hourly.toFixed(4))])).toEqual([
    ['EKS control plane', 0.1],
    ['1 × g5.12xlarge', 5.672],
    ['2 × m7i.large', 0.2016],
    ['1 × NAT gateway', 0.045],
    ['1 × KMS key', Number((1 / 730).toFixed(4))],
    // per month: 200 GiB $16, 1000 operations $5, 875 MiB/s $35
    ['1 × gp3 volume', Number((56 / 730).toFixed(4))],
  ]);
  expect(lines.every(({ source }) => /^2026-11-2\d$/.test(source?.date ?? ''))).toBe(true);
});

test('at 40 hours a week only GPU nodes cost less', () => {
  const { monthly40h, monthlyAlwaysOn, hourly } = cost(INPUT);
  expect(monthlyAlwaysOn).toBeCloseTo(hourly * 730, 6);
  expect(monthlyAlwaysOn - monthly40h).toBeCloseTo(5.672 * (730 - (40 * 52) / 12), 6);
});

test('a price set by the user has no source, another region has a note', () => {
  const result = cost({
    ...INPUT,
    gpuNodes: [{ instance: 'p5e.48xlarge', count: 1, pricePerHour: 40 }],
    region: 'eu-central-1',
  });
  expect(result.lines[1]).toMatchObject({ name: '1 × p5e.48xlarge', hourly: 40, source: undefined });
  expect(result.note).toBe('list prices of us-east-1 and us-west-2; prices in eu-central-1 may differ by 10–40 %');
  expect(cost({ ...INPUT, region: 'us-west-2' }).note).toBeUndefined();
});

test('what does not exist is not counted', () => {
  const { lines } = cost({ gpuNodes: [], systemNodes: [], natGateways: 0, volumes: [] });
  expect(lines.map(({ name }) => name)).toEqual(['EKS control plane']);
});

test('a list price in an object has its source, another price in an object has none', () => {
  const listed = gpuInstanceType('g5.12xlarge');
  const sources = [listed, { ...listed, pricePerHour: 2 }, { ...listed, name: 'g5.13xlarge' }].map(
    (instance) => cost({ ...INPUT, gpuNodes: [{ instance, count: 1 }] }).lines[1]?.source,
  );
  expect(sources).toEqual([INSTANCE_PRICES.source, undefined, undefined]);
});

test('free nodes have a line; a count of 0 has none and needs no price', () => {
  const gpuNodes = [
    { instance: 'g5.xlarge', count: 1, pricePerHour: 0 },
    { instance: 'p5e.48xlarge', count: 0 },
  ];
  expect(cost({ ...INPUT, gpuNodes }).lines.map(({ name }) => name)).toEqual([
    'EKS control plane',
    '1 × g5.xlarge',
    '2 × m7i.large',
    '1 × NAT gateway',
    '1 × KMS key',
    '1 × gp3 volume',
  ]);
});

test.each<[string, Partial<CostInput>, string]>([
  [
    'a count that is not a number',
    { gpuNodes: [{ instance: 'g5.xlarge', count: Number.NaN }] },
    'gpuNodes[0].count = NaN',
  ],
  ['a negative number of nodes', { systemNodes: [{ instance: 't3.large', count: -1 }] }, 'systemNodes[0].count = -1'],
  ['half a node', { systemNodes: [{ instance: 't3.large', count: 0.5 }] }, 'allowed: an integer of at least 0'],
  ['a negative number of NAT gateways', { natGateways: -1 }, 'natGateways = -1: is not a valid count'],
  ['half an interface endpoint', { interfaceEndpoints: 0.5 }, 'interfaceEndpoints = 0.5: is not a valid count'],
  ['NAT gateways that are not a number', { natGateways: Number.NaN }, 'natGateways = NaN: is not a valid count'],
  [
    'a volume without a size',
    { volumes: [{ sizeGiB: Number.NaN, iops: 3000, throughput: 125 }] },
    'volumes[0].sizeGiB',
  ],
  ['a volume with a negative size', { volumes: [{ sizeGiB: -8, iops: 3000, throughput: 125 }] }, 'volumes[0].sizeGiB'],
  [
    'a volume of a stopped node with a negative size',
    { stoppedVolumes: [{ sizeGiB: -8, iops: 3000, throughput: 125 }] },
    'stoppedVolumes[0].sizeGiB',
  ],
  [
    'a negative price',
    { gpuNodes: [{ instance: 'g5.xlarge', count: 1, pricePerHour: -1 }] },
    'gpuNodes[0].pricePerHour = -1: is not a valid price',
  ],
  [
    'a negative price of the type',
    { gpuNodes: [{ instance: { ...gpuInstanceType('g5.xlarge'), pricePerHour: -3 }, count: 1 }] },
    'gpuNodes[0].instance.pricePerHour = -3: is not a valid price',
  ],
  [
    'an unknown type',
    { gpuNodes: [{ instance: 'g5.xlarg', count: 1 }] },
    'gpuNodes[0].instance = "g5.xlarg": is in neither of the catalogues of GPU and system instance types; allowed: g5.xlarge',
  ],
])('%s is refused', (_, wrong, text) => {
  expect(refusal(() => cost({ ...INPUT, ...wrong })).message).toContain(text);
});

test.each<[string, unknown, string]>([
  ['null', null, 'input = null: is not an object; allowed: an object with hasControlPlane'],
  ['an unknown name', { ...INPUT, stoppedVolume: [] }, 'stoppedVolume: is not a known property'],
  ['null in place of a list', { ...INPUT, stoppedVolumes: null }, 'stoppedVolumes = null: has the wrong type'],
  ['no volumes', { ...INPUT, volumes: undefined }, 'volumes: is required; allowed: a list'],
])('%s is refused in place of an input', (_, input, text) => {
  expect(refusal(() => cost(input as CostInput)).message).toContain(text);
});

test('the price of a type is in either catalogue', () => {
  expect(hourlyPrice('t3.large')).toBe(0.0832);
  expect(hourlyPrice('p5e.48xlarge', 0)).toBe(0);
});

test.each<[string, () => unknown, string]>([
  [
    'a type without a price',
    () => hourlyPrice('p5e.48xlarge'),
    'is required, because p5e.48xlarge has no on-demand list price',
  ],
  [
    'a price that is not a number',
    () => hourlyPrice('g5.xlarge', Number.NaN),
    'pricePerHour = NaN: is not a valid price; allowed: USD per hour',
  ],
  [
    'an infinite price',
    () => hourlyPrice('g5.xlarge', Number.POSITIVE_INFINITY),
    'pricePerHour = Infinity: is not a valid price',
  ],
  [
    'a negative price',
    () => hourlyPrice('g5.xlarge', -1, 'gpu.pricePerHour'),
    'gpu.pricePerHour = -1: is not a valid price',
  ],
  ['an unknown type', () => hourlyPrice('g6.xlarges'), 'instance = "g6.xlarges": is in neither of the catalogues'],
  ['no type', () => hourlyPrice(undefined as unknown as string), 'instance: is required'],
])('%s is refused', (_, call, text) => {
  expect(refusal(call).message).toContain(text);
});
