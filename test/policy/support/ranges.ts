import { BlockList } from 'node:net';

/** Whether an IPv4 address lies in a range. */
export function inRange(ip: string, cidr: string): boolean {
  const [network = '', prefix = '32'] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), 'ipv4');
  return list.check(ip, 'ipv4');
}
