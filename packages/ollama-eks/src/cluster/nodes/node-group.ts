/** Launch templates of managed node groups: https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html */
import { Construct, type IResolvable, type ITerraformDependable, type TerraformProvider } from '../../framework';
import { aws } from '../../providers/aws';
import type { EksNodeGroup, LaunchTemplate, PlacementGroup } from '../../providers/aws-types';
import { shortened } from '../../shortened';
import type { Capacity } from './capacity';
import { efaInterfaces, type EfaProps } from './efa-interfaces';
import type { NodeTaint } from './gpu-pool';
import type { RootVolume } from './root-volume';
import { addWarmPool, type WarmPool } from './warm-pool';

/** A condition that must hold at plan; otherwise Terraform stops with the message. */
export interface PlanCheck {
  readonly condition: IResolvable;
  readonly errorMessage: string;
}

/** Properties that the nodes of all pools share. */
export interface NodesProps {
  /** Name of the cluster, as an attribute of the cluster's resource, so that nodes are created after it. */
  readonly clusterName: string;
  /** Name of the cluster as known at synth, for tags and the launch template's name. */
  readonly installation: string;
  readonly kubernetesVersion: string;
  readonly nodeRoleArn: string;
  /** Security groups of the nodes. @default - the one that EKS attaches to nodes and control plane */
  readonly securityGroupIds?: readonly string[];
  /** What must exist before a node is created and until it is deleted: the node role's policies, the CNI. */
  readonly dependsOn: readonly ITerraformDependable[];
  /** Tags of node group, instances, volumes and interfaces; `default_tags` do not reach what EC2 creates. */
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** Properties of a NodeGroup. */
export interface NodeGroupProps extends NodesProps {
  /** Prefix of the node group's name; the provider completes it. */
  readonly name: string;
  readonly subnetIds: readonly string[];
  readonly instanceType: string;
  readonly amiType: string;
  readonly releaseVersion?: string;
  readonly capacity: Capacity;
  readonly userData: string;
  readonly rootVolume: RootVolume;
  /** Whether a second disk takes the role of the root volume, as on Bottlerocket. */
  readonly separateDataVolume: boolean;
  readonly efa?: EfaProps;
  readonly minSize: number;
  readonly maxSize: number;
  readonly initialSize: number;
  /** @default - none */
  readonly warmPool?: WarmPool;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
  readonly repair: boolean;
  readonly checks: readonly PlanCheck[];
}

/** `name_prefix` of a launch template has at most 99 characters; the AWS provider adds 26. */
const LONGEST_TEMPLATE_PREFIX = 99;
/** Size of the disk that holds Bottlerocket itself, in GiB. */
const BOTTLEROCKET_OS_GIB = 4;

/** A managed node group with its own launch template. */
export class NodeGroup extends Construct {
  public readonly resource: EksNodeGroup;
  public readonly launchTemplate: LaunchTemplate;
  /** Keeps nodes close to each other; undefined without EFA, and in reserved capacity. */
  public readonly placementGroup?: PlacementGroup;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: NodeGroupProps,
  ) {
    super(scope, id);
    const { capacity, efa, provider } = props;
    // Reserved capacity has a fixed location: nodes in another placement group would not find it.
    if (efa !== undefined && capacity.reservationId === undefined) this.placementGroup = this.createPlacementGroup();
    this.launchTemplate = this.createLaunchTemplate();
    this.resource = new aws.EksNodeGroup(this, 'Resource', {
      clusterName: props.clusterName,
      // A replacement has another name, so that it exists before the old group is deleted.
      nodeGroupNamePrefix: `${props.name}-`,
      nodeRoleArn: props.nodeRoleArn,
      subnetIds: [...props.subnetIds],
      version: props.kubernetesVersion,
      releaseVersion: props.releaseVersion,
      amiType: props.amiType,
      capacityType: capacity.kind === 'CAPACITY_RESERVATION' ? 'ON_DEMAND' : capacity.kind,
      // EKS requires the type of a Capacity Block in the launch template, and all other types here.
      instanceTypes: capacity.kind === 'CAPACITY_BLOCK' ? undefined : [props.instanceType],
      launchTemplate: { id: this.launchTemplate.id, version: this.launchTemplate.getStringAttribute('latest_version') },
      scalingConfig: { minSize: props.minSize, maxSize: props.maxSize, desiredSize: props.initialSize },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: props.repair },
      labels: { ...props.labels },
      taint: props.taints.map((taint) => ({ ...taint })),
      tags: this.tags(),
      lifecycle: {
        createBeforeDestroy: true,
        // Terraform does not reset the size: a schedule, an autoscaler or a person scales the group.
        ignoreChanges: ['scaling_config[0].desired_size'],
        precondition: props.checks.map((check) => ({ ...check })),
      },
      dependsOn: [...props.dependsOn],
      provider,
    });
    if (props.warmPool !== undefined) addWarmPool(this.resource, props.warmPool);
  }

  /** Full name of the node group; known at apply. */
  public get nodeGroupName(): string {
    return this.resource.nodeGroupName;
  }

  private createLaunchTemplate(): LaunchTemplate {
    const { capacity, efa, securityGroupIds, provider } = this.props;
    const block = capacity.kind === 'CAPACITY_BLOCK';
    return new aws.LaunchTemplate(this, 'launch-template', {
      namePrefix: `${shortened(`${this.props.installation}-${this.props.name}`, LONGEST_TEMPLATE_PREFIX - 1)}-`,
      updateDefaultVersion: true,
      instanceType: block ? this.props.instanceType : undefined,
      userData: Buffer.from(this.props.userData).toString('base64'),
      ebsOptimized: 'true',
      // Pods cannot reach the instance's credentials: a response is limited to one hop.
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: this.blockDevices(),
      capacityReservationSpecification:
        capacity.reservationId === undefined
          ? undefined
          : { capacityReservationTarget: { capacityReservationId: capacity.reservationId } },
      instanceMarketOptions: block ? { marketType: 'capacity-block' } : undefined,
      // A launch template lists security groups either here or in its interfaces.
      vpcSecurityGroupIds: efa === undefined && securityGroupIds !== undefined ? [...securityGroupIds] : undefined,
      networkInterfaces: efa === undefined ? undefined : efaInterfaces(this.props.instanceType, efa),
      placement: this.placementGroup === undefined ? undefined : { groupName: this.placementGroup.name },
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
        resourceType,
        tags: this.tags(),
      })),
      tags: this.tags(),
      lifecycle: { createBeforeDestroy: true },
      provider,
    });
  }

  private blockDevices() {
    const { sizeGiB, iops, throughput, kmsKeyArn: kmsKeyId } = this.props.rootVolume;
    const common = { encrypted: 'true', kmsKeyId, deleteOnTermination: 'true', volumeType: 'gp3' };
    const main = { ebs: { ...common, volumeSize: sizeGiB, iops, throughput } };
    return this.props.separateDataVolume
      ? [
          { deviceName: '/dev/xvda', ebs: { ...common, volumeSize: BOTTLEROCKET_OS_GIB } },
          { deviceName: '/dev/xvdb', ...main },
        ]
      : [{ deviceName: '/dev/xvda', ...main }];
  }

  /** EFA requires nodes that are close to each other. */
  private createPlacementGroup(): PlacementGroup {
    const { installation, name, provider } = this.props;
    const group = { name: `${installation}-${name}`, strategy: 'cluster', tags: this.tags(), provider };
    return new aws.PlacementGroup(this, 'placement-group', group);
  }

  private tags(): Record<string, string> {
    return { ...this.props.tags, Name: `${this.props.installation}-${this.props.name}` };
  }
}
