/** Launch templates of managed node groups: https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html */
import { Construct, type IResolvable, type ITerraformDependable, type TerraformProvider } from '../../framework';
import { aws, type EksNodeGroup, type LaunchTemplate } from '../../providers/aws';
import type { Capacity } from './capacity';
import { efaInterfaces, type EfaProps } from './efa-interfaces';
import type { NodeTaint } from './gpu-pool';
import type { RootVolume } from './root-volume';

/** What must hold at plan; Terraform stops with the message where it doesn't. */
export interface PlanCheck {
  readonly condition: IResolvable;
  readonly errorMessage: string;
}

/** What the nodes of all pools have in common. */
export interface NodesProps {
  /** Name of the cluster, as an attribute of the cluster's resource: nodes come after it. */
  readonly clusterName: string;
  /** Name of the cluster as known at synth, for tags and the launch template's name. */
  readonly installation: string;
  readonly kubernetesVersion: string;
  readonly nodeRoleArn: string;
  /** What must stand before a node comes and after it has gone: the node role's policies, the CNI. */
  readonly dependsOn: readonly ITerraformDependable[];
  /** Tags of node group, instances, volumes and interfaces; `default_tags` don't reach what EC2 makes. */
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** Properties of a NodeGroup. */
export interface NodeGroupProps extends NodesProps {
  /** Beginning of the node group's name; EKS completes it. */
  readonly name: string;
  readonly subnetIds: readonly string[];
  readonly instanceType: string;
  readonly amiType: string;
  readonly releaseVersion?: string;
  readonly capacity: Capacity;
  readonly userData: string;
  readonly rootVolume: RootVolume;
  /** Whether the root volume's work is done by a second disk, as Bottlerocket does. */
  readonly separateDataVolume: boolean;
  readonly efa?: EfaProps;
  readonly minSize: number;
  readonly maxSize: number;
  readonly initialSize: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
  readonly repair: boolean;
  readonly checks: readonly PlanCheck[];
}

/** `name_prefix` of a launch template has at most 99 characters; the AWS provider adds 26. */
const LONGEST_TEMPLATE_PREFIX = 99;
/** Size in GiB of the disk that holds Bottlerocket itself. */
const BOTTLEROCKET_OS_GIB = 4;

/** A managed node group with a launch template of its own. */
export class NodeGroup extends Construct {
  public readonly resource: EksNodeGroup;
  public readonly launchTemplate: LaunchTemplate;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: NodeGroupProps,
  ) {
    super(scope, id);
    const { capacity, provider } = props;
    this.launchTemplate = this.createLaunchTemplate();
    this.resource = new aws.EksNodeGroup(this, 'Resource', {
      clusterName: props.clusterName,
      // a name of its own for each replacement: the new group stands before the old one goes
      nodeGroupNamePrefix: `${props.name}-`,
      nodeRoleArn: props.nodeRoleArn,
      subnetIds: [...props.subnetIds],
      version: props.kubernetesVersion,
      releaseVersion: props.releaseVersion,
      amiType: props.amiType,
      capacityType: capacity.kind === 'CAPACITY_RESERVATION' ? 'ON_DEMAND' : capacity.kind,
      // EKS wants the type of a Capacity Block in the launch template, and any other here
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
        // the size belongs to whoever scales: a schedule, an autoscaler, a person
        ignoreChanges: ['scaling_config[0].desired_size'],
        precondition: props.checks.map((check) => ({ ...check })),
      },
      dependsOn: [...props.dependsOn],
      provider,
    });
  }

  /** Name that EKS completed; known at apply. */
  public get nodeGroupName(): string {
    return this.resource.nodeGroupName;
  }

  private createLaunchTemplate(): LaunchTemplate {
    const { capacity, efa, provider } = this.props;
    const block = capacity.kind === 'CAPACITY_BLOCK';
    return new aws.LaunchTemplate(this, 'launch-template', {
      namePrefix: `${`${this.props.installation}-${this.props.name}`.slice(0, LONGEST_TEMPLATE_PREFIX - 1)}-`,
      updateDefaultVersion: true,
      instanceType: block ? this.props.instanceType : undefined,
      userData: Buffer.from(this.props.userData).toString('base64'),
      ebsOptimized: 'true',
      // pods can't reach the instance's credentials: an answer lives for one hop
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: this.blockDevices(),
      capacityReservationSpecification:
        capacity.reservationId === undefined
          ? undefined
          : { capacityReservationTarget: { capacityReservationId: capacity.reservationId } },
      instanceMarketOptions: block ? { marketType: 'capacity-block' } : undefined,
      networkInterfaces: efa === undefined ? undefined : efaInterfaces(this.props.instanceType, efa),
      // reserved capacity lies where it lies: in a group that the reservation wasn't made in, no node would find it
      placement:
        efa === undefined || capacity.reservationId !== undefined ? undefined : { groupName: this.placementGroup() },
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

  /** Nodes close to each other, which is what EFA is for. */
  private placementGroup(): string {
    const { installation, name, provider } = this.props;
    const group = { name: `${installation}-${name}`, strategy: 'cluster', tags: this.tags(), provider };
    return new aws.PlacementGroup(this, 'placement-group', group).name;
  }

  private tags(): Record<string, string> {
    return { ...this.props.tags, Name: `${this.props.installation}-${this.props.name}` };
  }
}
