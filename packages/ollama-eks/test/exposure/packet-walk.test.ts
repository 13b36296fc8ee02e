/** Checks who can reach whom, with the synthesized security groups and route tables. */
import { InternalExposure } from '../../src/exposure/internal-exposure';
import { KongTransitExposure } from '../../src/exposure/kong-transit-exposure';
import { TransitGateway } from '../../src/exposure/transit-gateway';
import { Template } from '../../src/testing/template';
import { clusterOf, exposureStack, NETWORK } from './support/exposed-stack';
import { PacketWalk, refOf, type Host } from './support/packet-walk';

const KONG_CIDR = '192.168.0.0/22';
const KONG_ATTACHMENT = 'tgw-attach-0123456789abcdef0';
const KONG: Host = { address: '192.168.1.7', groups: [] };
const NODE: Host = { address: '10.0.16.9', groups: ['sg-cluster'] };
/** An instance in the VPC without the groups of cluster and load balancer. */
const NEIGHBOUR: Host = { address: '10.0.16.10', groups: ['sg-other'] };
const OUTSIDE: Host[] = ['192.168.4.1', '172.16.0.1', '10.1.0.1', '203.0.113.9'].map((address) => ({
  address,
  groups: [],
}));
const EVERY_PORT = [22, 53, 80, 443, 2379, 8080, 10250, 11434, 15008, 15012, 15021, 30000];

describe.each([
  ['a new transit gateway', false],
  ['an existing transit gateway', true],
])('Kong over %s', (_, existing) => {
  const stack = exposureStack();
  const transitGateway = existing
    ? TransitGateway.fromTransitGatewayId(stack, 'tgw', 'tgw-0123456789abcdef0')
    : undefined;
  new KongTransitExposure(stack, 'kong', {
    cluster: clusterOf(),
    kongCidr: KONG_CIDR,
    kongAttachmentId: KONG_ATTACHMENT,
    transitGateway,
  });
  const template = Template.fromStack(stack);
  const walk = new PacketWalk(template);
  const loadBalancer = loadBalancerOf(template);
  const [vpcAttachment = ''] = Object.keys(template.resources('aws_ec2_transit_gateway_vpc_attachment')).map(
    (id) => `aws_ec2_transit_gateway_vpc_attachment.${id}`,
  );

  it('Kong reaches the load balancer on 443 only', () => {
    expect(EVERY_PORT.filter((port) => walk.connects(KONG, loadBalancer, port))).toEqual([443]);
  });

  it('the load balancer reaches nodes only on the ports of the gateway and its health', () => {
    expect(EVERY_PORT.filter((port) => walk.connects(loadBalancer, NODE, port))).toEqual([443, 15021]);
  });

  it('the load balancer reaches nothing else in the VPC, and nothing outside', () => {
    for (const other of [NEIGHBOUR, ...OUTSIDE]) {
      expect(EVERY_PORT.filter((port) => walk.connects(loadBalancer, other, port))).toEqual([]);
    }
  });

  it('Kong reaches no node on any port', () => {
    expect(EVERY_PORT.filter((port) => walk.connects(KONG, NODE, port))).toEqual([]);
  });

  it('nobody but Kong reaches the load balancer: neither the VPC nor what is outside', () => {
    for (const other of [NODE, NEIGHBOUR, ...OUTSIDE]) {
      expect(EVERY_PORT.filter((port) => walk.connects(other, loadBalancer, port))).toEqual([]);
    }
  });

  it('there is a route from Kong to the load balancer, and one back', () => {
    expect(walk.crosses(KONG_ATTACHMENT, vpcAttachment, loadBalancer.address)).toBe(true);
    expect(walk.leadToTransitGateway(KONG.address)).toEqual(NETWORK.privateRouteTableIds);
    expect(walk.crosses(vpcAttachment, KONG_ATTACHMENT, KONG.address)).toBe(true);
  });

  it('the transit gateway leads nowhere else, from either side', () => {
    expect(walk.reachableFrom(KONG_ATTACHMENT)).toEqual([NETWORK.vpcCidr]);
    expect(walk.reachableFrom(vpcAttachment)).toEqual([KONG_CIDR]);
    expect(OUTSIDE.flatMap(({ address }) => walk.leadToTransitGateway(address))).toEqual([]);
  });
});

it('two Kong networks reach the load balancer, but not each other', () => {
  const stack = exposureStack();
  const exposure = new KongTransitExposure(stack, 'kong', {
    cluster: clusterOf(),
    kongCidr: KONG_CIDR,
    kongAttachmentId: KONG_ATTACHMENT,
  });
  const second = { kongCidr: '192.168.8.0/23', kongAttachmentId: 'tgw-attach-0fedcba9876543210' };
  exposure.addKongNetwork('eu', second);
  const template = Template.fromStack(stack);
  const walk = new PacketWalk(template);
  const loadBalancer = loadBalancerOf(template);
  for (const address of ['192.168.1.7', '192.168.9.7']) {
    expect(walk.connects({ address, groups: [] }, loadBalancer, 443)).toBe(true);
    expect(walk.leadToTransitGateway(address)).toEqual(NETWORK.privateRouteTableIds);
  }
  expect(walk.connects({ address: '192.168.10.7', groups: [] }, loadBalancer, 443)).toBe(false);
  expect(walk.reachableFrom(KONG_ATTACHMENT)).toEqual([NETWORK.vpcCidr]);
  expect(walk.reachableFrom(second.kongAttachmentId)).toEqual([NETWORK.vpcCidr]);
  expect(Object.keys(template.resources('aws_ram_resource_share'))).toHaveLength(2);
});

it('without Kong, the admitted ranges reach the load balancer, and there is no transit gateway', () => {
  const stack = exposureStack();
  new InternalExposure(stack, 'vpn', { cluster: clusterOf(), callerCidrs: ['10.200.0.0/16'] });
  const template = Template.fromStack(stack);
  const walk = new PacketWalk(template);
  const loadBalancer = loadBalancerOf(template);
  const caller: Host = { address: '10.200.3.4', groups: [] };
  expect(EVERY_PORT.filter((port) => walk.connects(caller, loadBalancer, port))).toEqual([443]);
  expect(EVERY_PORT.filter((port) => walk.connects(loadBalancer, NODE, port))).toEqual([443, 15021]);
  for (const other of [KONG, NODE, NEIGHBOUR, ...OUTSIDE]) expect(walk.connects(other, loadBalancer, 443)).toBe(false);
  expect(template.addresses().filter((address) => /transit_gateway|aws_ram|aws_route\./.test(address))).toEqual([]);
});

function loadBalancerOf(template: Template): Host {
  const groups = template.resource('aws_lb')['security_groups'] as readonly string[];
  return { address: '10.0.16.20', groups: groups.map(refOf) };
}
