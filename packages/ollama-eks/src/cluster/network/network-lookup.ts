import { Construct } from '../../framework';
import { aws } from '../../providers/aws';
import { ImportedNetwork, type NetworkLookup } from './network-attributes';
import type { INetwork } from './network-ref';

/** Tag of subnets that internal load balancers may use. @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const PRIVATE_SUBNET_TAGS = { 'kubernetes.io/role/internal-elb': '1' };

/** Looks up one private subnet (and transit subnet, where asked for) a zone; Terraform refuses none and several. */
export function lookUpNetwork(scope: Construct, id: string, lookup: NetworkLookup): INetwork {
  const found = new Construct(scope, `${id}-lookup`);
  const { vpcId, vpcCidr, vpcTags, zones, provider, privateSubnetTags = PRIVATE_SUBNET_TAGS } = lookup;
  const subnets = (kind: string, tags: Readonly<Record<string, string>>) =>
    zones.map(
      (zone, index) =>
        new aws.DataAwsSubnet(found, `${kind}-${index}`, { vpcId, availabilityZone: zone, tags: { ...tags }, provider })
          .id,
    );
  const privateSubnetIds = subnets('private', privateSubnetTags);
  return new ImportedNetwork(scope, id, {
    vpcId,
    vpcCidr,
    vpcTags,
    zones,
    privateSubnetIds,
    transitSubnetIds: lookup.transitSubnetTags === undefined ? [] : subnets('transit', lookup.transitSubnetTags),
    privateRouteTableIds:
      lookup.privateRouteTableIds ??
      privateSubnetIds.map(
        (subnetId, index) =>
          new aws.DataAwsRouteTable(found, `private-route-table-${index}`, { subnetId, provider }).id,
      ),
  });
}
