import { Construct } from '../../framework';
import { POOL_LABEL, SYSTEM_POOL } from '../../workload/names';
import type { INetwork } from '../network/network-ref';
import { Capacity } from './capacity';
import { NodeGroup, type NodesProps } from './node-group';
import { nodeUserData } from './node-user-data';
import type { SystemPool } from './system-pool';

/** Properties of SystemNodes. */
export interface SystemNodesProps extends NodesProps {
  readonly pool: SystemPool;
  readonly network: INetwork;
}

/** @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html#AmazonEKS-Type-Nodegroup-amiType */
const AMI_TYPES = { x86_64: 'AL2023_x86_64_STANDARD', arm64: 'AL2023_ARM_64_STANDARD' };

/** Nodes for everything that does not need a GPU, in all zones, without a taint, so that any chart can run on them. */
export class SystemNodes extends Construct {
  public readonly nodeGroup: NodeGroup;

  public constructor(scope: Construct, id: string, props: SystemNodesProps) {
    super(scope, id);
    const { network } = props;
    const { instance, size, minSize, maxSize, rootVolume, releaseVersion } = props.pool;
    this.nodeGroup = new NodeGroup(this, 'node-group', {
      ...props,
      name: SYSTEM_POOL,
      subnetIds: network.privateSubnetIds,
      dependsOn: [...props.dependsOn, ...new Set(network.egress.flat())],
      instanceType: instance.name,
      amiType: AMI_TYPES[instance.architecture],
      releaseVersion,
      capacity: Capacity.ON_DEMAND,
      userData: nodeUserData({ amiFamily: 'AL2023', vcpus: instance.vcpus }),
      rootVolume,
      separateDataVolume: false,
      minSize,
      maxSize,
      initialSize: size,
      labels: { [POOL_LABEL]: SYSTEM_POOL },
      taints: [],
      repair: true,
      checks: [],
    });
    this.node.defaultChild = this.nodeGroup.resource;
  }
}
