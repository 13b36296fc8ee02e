import { Construct, Fn, type ITerraformDependable, Token } from '../../framework';
import type { INetwork } from '../network/network-ref';
import type { AmiFamily, GpuPool } from './gpu-pool';
import { NodeGroup, type NodesProps, type PlanCheck } from './node-group';
import { nodeUserData } from './node-user-data';
import { nodesAtCreation } from './nodes-at-creation';

/** Properties of GpuNodes. */
export interface GpuNodesProps extends NodesProps {
  readonly pool: GpuPool;
  readonly network: INetwork;
  /** Security group that EKS attaches to nodes and control plane. */
  readonly clusterSecurityGroupId: string;
  /** Returns the checks that must pass before the nodes are created in a zone, which may be a token. */
  readonly checksIn: (zone: string | undefined) => readonly PlanCheck[];
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html */
const AMI_TYPES: Record<AmiFamily, string> = {
  AL2023: 'AL2023_x86_64_NVIDIA',
  BOTTLEROCKET: 'BOTTLEROCKET_x86_64_NVIDIA',
};

/** Nodes of one GPU pool, in one zone: a model volume cannot leave its zone. */
export class GpuNodes extends Construct {
  public readonly pool: GpuPool;
  public readonly nodeGroup: NodeGroup;

  public constructor(scope: Construct, id: string, props: GpuNodesProps) {
    super(scope, id);
    const { pool, network } = props;
    const { instance, amiFamily, localStorage, fastImagePull } = pool;
    const place = placeOf(pool, network);
    this.pool = pool;
    this.nodeGroup = new NodeGroup(this, 'node-group', {
      ...props,
      name: pool.name,
      subnetIds: [place.subnetId],
      dependsOn: [...props.dependsOn, ...place.egress],
      instanceType: instance.name,
      amiType: AMI_TYPES[amiFamily],
      releaseVersion: pool.releaseVersion,
      capacity: pool.capacity,
      userData: nodeUserData({ amiFamily, localStorage, fastImagePull, vcpus: instance.vcpus }),
      rootVolume: pool.rootVolume,
      separateDataVolume: amiFamily === 'BOTTLEROCKET',
      efa: pool.efa
        ? {
            interfaces: instance.efaInterfaces,
            securityGroupIds: props.securityGroupIds ?? [props.clusterSecurityGroupId],
          }
        : undefined,
      minSize: pool.minSize,
      maxSize: pool.maxSize,
      initialSize: nodesAtCreation(this, props.installation, pool),
      warmPool: pool.warmPool,
      labels: pool.labels,
      taints: pool.taints,
      repair: pool.repair,
      checks: props.checksIn(place.zone),
    });
    this.node.defaultChild = this.nodeGroup.resource;
  }
}

/** Location of a pool's nodes. */
interface Place {
  readonly subnetId: string;
  readonly zone?: string;
  /** What must exist for the nodes to reach the internet. */
  readonly egress: readonly ITerraformDependable[];
}

/** Returns the location of a pool. If Terraform looks up the network's zones, it also looks up the subnet of a named zone, so
 * synth depends on the egress of all zones. */
function placeOf({ zone, zoneIndex = -1 }: GpuPool, { zones = [], privateSubnetIds, egress }: INetwork): Place {
  const subnetId = privateSubnetIds[zoneIndex];
  if (subnetId !== undefined) {
    return { subnetId, zone: zone ?? zones[zoneIndex], egress: egress[zoneIndex] ?? [] };
  }
  const byZone = Token.asString(Fn.zipmap([...zones], [...privateSubnetIds]));
  return { subnetId: Token.asString(Fn.lookup(byZone, zone ?? '')), zone, egress: egress.flat() };
}

/** Returns the zones of a network if they are known at synth; undefined if Terraform looks them up. */
export function knownZones({ zones }: INetwork): readonly string[] | undefined {
  return zones?.some((zone) => Token.isUnresolved(zone)) === true ? undefined : zones;
}
