import { checkKongCidr } from '../../src/exposure/kong-cidr';
import { Token } from '../../src/framework';
import { refusal } from '../refusal';

const VPC = { name: 'the VPC', cidr: '10.0.0.0/16' };

it.each([
  ['192.168.0.0/23', 2],
  ['192.168.0.0/22', 3],
  ['192.168.0.0/22', 4],
  ['192.168.0.0/21', 5],
  ['192.168.0.0/16', 2],
  ['10.1.0.0/16', 2],
  ['100.64.0.0/20', 2],
  ['172.16.0.0/16', 2],
  ['198.18.0.0/16', 2],
])('takes %s for %i zones', (cidr, zones) => {
  expect(() => checkKongCidr(cidr, zones, [VPC])).not.toThrow();
});

it.each([
  ['192.168.0.0/24', 2, 'wrong size', '/16 to /23'],
  ['192.168.0.0/23', 3, 'wrong size', '/16 to /22'],
  ['192.168.0.0/23', 4, 'wrong size', '/16 to /22'],
  ['192.168.0.0/22', 5, 'wrong size', '/16 to /21'],
  ['172.16.0.0/15', 2, 'wrong size', '/16 to /23'],
  ['203.0.112.0/22', 2, 'not supported by Kong', '10.0.0.0/8'],
  ['172.32.0.0/16', 2, 'not supported by Kong', '172.16.0.0/12'],
  ['192.0.0.0/16', 2, 'not supported by Kong', '192.168.0.0/16'],
  ['10.100.0.0/16', 2, 'overlaps 10.100.0.0/16 of Kong itself', 'a range that is not in use'],
  ['10.100.4.0/22', 2, 'overlaps 10.100.0.0/16 of Kong itself', 'a range that is not in use'],
  ['172.17.0.0/20', 2, 'overlaps 172.17.0.0/16 of Kong itself', 'a range that is not in use'],
  ['10.0.64.0/20', 2, 'overlaps 10.0.0.0/16 of the VPC', 'a range that is not in use'],
  ['192.168.1.0/22', 2, 'bits set after its prefix', 'IPv4'],
  ['192.168.0.0', 2, 'not an IPv4 range', 'IPv4'],
])('refuses %s for %i zones: %s', (cidr, zones, problem, allowed) => {
  const { property, message } = refusal(() => checkKongCidr(cidr, zones, [VPC]));
  expect(property).toBe('kongCidr');
  expect(message).toContain(problem);
  expect(message).toContain(allowed);
});

it.each([0, 1, 6, 2.5])('refuses %d zones', (zones) => {
  expect(refusal(() => checkKongCidr('192.168.0.0/20', zones, [])).property).toBe('kongZoneCount');
});

it('refuses a range that is known only at apply', () => {
  const token = Token.asString({ resolve: () => '192.168.0.0/22' });
  expect(refusal(() => checkKongCidr(token, 2, [])).message).toContain('must be known at synth');
});
