import fc from 'fast-check';
import { Netmask } from 'netmask';
import { cidrsOverlap } from '../../../src/cidr';
import { checkVpcCidr, MOST_ZONES, type ZoneRanges, zoneRanges } from '../../../src/cluster/network/subnet-plan';
import { refusal } from '../../refusal';

const places = Array.from({ length: MOST_ZONES }, (_, place) => place);
const all = (zone: ZoneRanges): string[] => [zone.private, zone.public, zone.transit];

describe('zoneRanges', () => {
  test('gives a /16 /20, /24 and /28 subnets at fixed places', () => {
    expect(zoneRanges('10.0.0.0/16', 0)).toEqual({
      private: '10.0.0.0/20',
      public: '10.0.128.0/24',
      transit: '10.0.240.0/28',
    });
    expect(zoneRanges('10.0.0.0/16', 2)).toEqual({
      private: '10.0.32.0/20',
      public: '10.0.130.0/24',
      transit: '10.0.240.32/28',
    });
  });

  test('keeps all subnets of any VPC inside it, without overlaps', () => {
    const vpcs = fc.tuple(fc.integer({ min: 16, max: 20 }), fc.nat(255), fc.nat(255)).map(([prefix, b, c]) => {
      const { base } = new Netmask(`10.${b}.${c}.0/${prefix}`);
      return `${base}/${prefix}`;
    });
    fc.assert(
      fc.property(vpcs, (vpc) => {
        const ranges = places.flatMap((place) => all(zoneRanges(vpc, place)));
        ranges.forEach((range, index) => {
          expect(new Netmask(vpc).contains(range)).toBe(true);
          ranges.slice(index + 1).forEach((other) => expect(cidrsOverlap(range, other)).toBe(false));
        });
      }),
      { seed: 20, numRuns: 25 },
    );
  });
});

describe('checkVpcCidr', () => {
  test.each(['10.0.0.0/15', '10.0.0.0/21', '10.0.0.1/16', 'ten'])('refuses %s', (cidr) => {
    expect(refusal(() => checkVpcCidr('network.cidr', cidr)).property).toBe('network.cidr');
  });
});
