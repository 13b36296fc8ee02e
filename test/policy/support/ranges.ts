import { BlockList } from 'node:net';

/** Returns whether an IPv4 address is in a range. */
export function inRange(ip: string, cidr: string): boolean {
  const [network = '', prefix = '32'] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), 'ipv4');
  return list.check(ip, 'ipv4');
}
