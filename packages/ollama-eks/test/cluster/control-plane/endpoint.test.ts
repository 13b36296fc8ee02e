import { checkEndpoint, isWorld } from '../../../src/cluster/control-plane/endpoint';
import { refusal } from '../../refusal';

const checked = (cidr: string, allowWorld?: boolean) => () =>
  checkEndpoint({ publicCidrs: ['54.240.193.0/29', cidr], allowWorld });

describe('ranges that reach the public endpoint', () => {
  test.each(['54.240.193.7/32', '8.0.0.0/8', '172.15.0.0/16', '172.32.0.0/16', '192.169.0.0/16', '100.63.0.0/16'])(
    '%s is one to call from',
    (cidr) => expect(checked(cidr)).not.toThrow(),
  );

  test.each([
    ['10.1.0.0/16', '10.0.0.0/8'],
    ['172.31.255.0/24', '172.16.0.0/12'],
    ['192.168.1.7/32', '192.168.0.0/16'],
    ['100.64.0.0/10', '100.64.0.0/10'],
    ['127.0.0.1/32', '127.0.0.0/8'],
    ['169.254.0.0/16', '169.254.0.0/16'],
    ['203.0.113.7/32', '203.0.113.0/24'],
    ['198.51.100.0/25', '198.51.100.0/24'],
    ['192.0.2.1/32', '192.0.2.0/24'],
    ['224.0.0.0/8', '224.0.0.0/4'],
    ['255.255.255.255/32', '240.0.0.0/4'],
  ])('%s is refused even with allowWorld: it is not public', (cidr, range) => {
    for (const allowWorld of [false, true]) {
      expect(refusal(checked(cidr, allowWorld)).message).toContain(
        `endpoint.publicCidrs[1] = "${cidr}": is in ${range}, which is not public: EKS refuses it`,
      );
    }
  });

  test.each(['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '54.0.0.0/7'])(
    '%s is the whole internet, and requires allowWorld',
    (cidr) => {
      expect(isWorld(cidr)).toBe(true);
      expect(refusal(checked(cidr)).message).toContain(
        'opens the Kubernetes API to the whole internet; allowed: ranges that you call from, none larger than a /8; ' +
          'narrow the range, or set endpoint.allowWorld: true',
      );
      expect(checked(cidr, true)).not.toThrow();
    },
  );
});
