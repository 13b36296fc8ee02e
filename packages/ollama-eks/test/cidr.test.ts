import fc from 'fast-check';
import { cidrsOverlap, cidrWithin, parseCidr } from '../src/cidr';
import { refusal } from './refusal';

it.each(['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/16', '192.168.4.0/22', '203.0.113.7/32'])('reads %s', (cidr) => {
  expect(parseCidr('cidr', cidr).toString()).toBe(cidr);
});

it.each([
  '',
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0/16',
  '10.0.0.0.0/16',
  '256.0.0.0/8',
  '010.0.0.0/8',
  '0x0a.0.0.0/8',
  ' 10.0.0.0/16',
  '10.0.0.0/16 ',
  '10.0.0.0/016',
  'fd00::/8',
  'any',
])('refuses %j', (cidr) => {
  expect(refusal(() => parseCidr('vpcCidr', cidr))).toMatchObject({
    property: 'vpcCidr',
    message: expect.stringContaining('is not an IPv4 range'),
  });
});

it.each([
  ['10.0.0.1/16', '10.0.0.0/16'],
  ['192.168.5.0/22', '192.168.4.0/22'],
])('%s: says that the range is %s', (cidr, range) => {
  expect(refusal(() => parseCidr('cidr', cidr)).message).toContain(`write ${range}`);
});

it.each([
  ['10.0.0.0/16', '10.0.128.0/17', true],
  ['10.0.128.0/17', '10.0.0.0/16', true],
  ['10.0.0.0/16', '10.0.0.0/16', true],
  ['10.0.0.0/16', '10.1.0.0/16', false],
  ['10.0.0.0/17', '10.0.128.0/17', false],
  ['0.0.0.0/0', '203.0.113.7/32', true],
])('%s and %s overlap: %s', (a, b, expected) => {
  expect(cidrsOverlap(a, b)).toBe(expected);
});

it('two ranges overlap exactly when the shorter prefix is the same', () => {
  const range = fc
    .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 32 }))
    .map(([address, prefix]) => ({ first: address - (address % 2 ** (32 - prefix)), prefix }));
  const text = ({ first, prefix }: { first: number; prefix: number }) =>
    `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${prefix}`;
  fc.assert(
    fc.property(range, range, (a, b) => {
      const size = 2 ** (32 - Math.min(a.prefix, b.prefix));
      const expected = Math.floor(a.first / size) === Math.floor(b.first / size);
      expect(cidrsOverlap(text(a), text(b))).toBe(expected);
    }),
    { seed: 5, numRuns: 300 },
  );
});

it.each([
  ['10.0.0.0/16', '10.0.0.0/8', true],
  ['10.0.0.0/8', '10.0.0.0/8', true],
  ['10.0.0.0/7', '10.0.0.0/8', false],
  ['172.0.0.0/12', '172.16.0.0/12', false],
])('%s within %s: %s', (range, outer, within) => {
  expect(cidrWithin(range, outer)).toBe(within);
});
