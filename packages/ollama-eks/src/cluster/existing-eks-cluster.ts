import { KubernetesVersion } from '../catalogue/kubernetes-version';
import { checkProps, listOf, OBJECT, required, type Shape, TEXT } from '../check-props';
import { checkForm, checkOneOf } from '../check-text';
import { ValidationError } from '../errors';
import { Construct, type ITerraformDependable, type Postcondition, type TerraformProvider } from '../framework';
import { aws } from '../providers/aws';
import type { DataAwsEksAddon, DataAwsEksCluster } from '../providers/aws-types';
import { checkClusterName, requireKnownName } from './aws/cluster-name';
import { regionOf } from './aws/stack-defaults';
import { clusterConditions, enforcesNetworkPolicies } from './cluster-conditions';
import { NETWORK, VERSION } from './cluster-rules';
import type { IEksCluster } from './cluster-ref';
import { serviceCidr } from './control-plane/service-cidr';
import { checkZonesOf } from './network/network-attributes';
import type { INetwork } from './network/network-ref';

/** Who runs a component of a cluster: EKS, as an add-on that every plan looks up, or somebody else, whom no plan can ask. */
export type ComponentOwner = (typeof OWNERS)[number];
const OWNERS = ['add-on', 'self-managed'] as const;

/** Properties of an ExistingEksCluster. */
export interface ExistingEksClusterProps {
  /** Name of the EKS cluster, known at synth. Another cluster gets its own nodes and servers; those of the first are lost. */
  readonly clusterName: string;
  /** @default - the region of the enclosing InfrastructureStack; required in other stacks */
  readonly region?: string;
  /**
   * The cluster's network (`Network.fromAttributes`, `Network.fromLookup`): the subnets of the GPU nodes, which need not be those
   * of the control plane. Every plan checks that its VPC is the cluster's. A change of the zones can move nodes and model volumes.
   */
  readonly network: INetwork;
  /**
   * Kubernetes version of the GPU nodes. Every plan fails if it is newer than the control plane, or more than three minor versions
   * older. A change replaces the nodes one by one: upgrade the control plane first.
   * @default KubernetesVersion.DEFAULT
   */
  readonly kubernetesVersion?: KubernetesVersion;
  /** IPv4 range of Services, which every plan checks. @default - 172.20.0.0/16, or 10.100.0.0/16 where the VPC overlaps it, as EKS chooses */
  readonly serviceCidr?: string;
  /**
   * Security groups of the GPU nodes, in place of the one that EKS attaches to nodes and control plane; may be tokens. Set it if the
   * cluster's nodes have a group of their own, such as `node_security_group_id` of terraform-aws-modules/eks: nodes in different
   * groups cannot reach each other. An exposure admits its load balancer to the first. A change replaces the nodes.
   * @default - the security group of the cluster, looked up
   */
  readonly nodeSecurityGroupIds?: readonly string[];
  /**
   * Who runs the EBS CSI driver, which creates the model volumes. With `add-on`, a plan fails without the EKS add-on
   * `aws-ebs-csi-driver`; with `self-managed`, or for pools whose models are in the instance store, nothing is checked.
   * @default 'add-on'
   */
  readonly ebsCsiDriver?: ComponentOwner;
  /**
   * Who enforces network policies, without which servers can reach everything. With `add-on`, a plan fails unless the EKS add-on
   * `vpc-cni` does; with `self-managed` (Calico, Cilium, your own VPC CNI), nothing is checked.
   * @default 'add-on'
   */
  readonly networkPolicies?: ComponentOwner;
  /**
   * Resources of the same stack that create the cluster and its add-ons. It is then looked up after them, at apply if one of them
   * changes. @default - none: the cluster exists before the stack
   */
  readonly dependsOn?: readonly ITerraformDependable[];
  /** AWS provider that looks it up. @default - the stack's default provider */
  readonly provider?: TerraformProvider;
}

/** What each prop must be, for callers without types. */
const SHAPE: Shape<ExistingEksClusterProps> = {
  clusterName: required(TEXT),
  region: TEXT,
  network: required(NETWORK),
  kubernetesVersion: VERSION,
  serviceCidr: TEXT,
  nodeSecurityGroupIds: listOf(TEXT),
  ebsCsiDriver: TEXT,
  networkPolicies: TEXT,
  dependsOn: listOf(OBJECT),
  provider: OBJECT,
};

/** Why the name must be known at synth. */
const USED_IN = 'the tags of model volumes, which the manifests set, contain it';

const GROUP = {
  pattern: /^sg-[0-9a-z]+$/,
  allowed: 'the id of a security group, such as sg-0123456789abcdef0',
  remedy: 'copy it from `aws ec2 describe-security-groups`',
  tokens: true,
};

/**
 * A cluster that another team or stack owns, to which GPU pools are added. Every plan reads it, and fails if it does not suit
 * them, with what to change. Nothing of the cluster itself is changed.
 */
export class ExistingEksCluster extends Construct implements IEksCluster {
  public readonly clusterName: string;
  public readonly region: string;
  public readonly kubernetesVersion: string;
  public readonly network: INetwork;
  public readonly serviceCidr: string;
  public readonly clusterSecurityGroupId: string;
  public readonly controlPlaneSecurityGroupId: string;
  public readonly nodeSecurityGroupIds?: readonly string[];
  public readonly ready: readonly ITerraformDependable[];
  /** The cluster as the plan finds it. */
  public readonly resource: DataAwsEksCluster;
  /** The add-on with the EBS CSI driver; undefined if it is self-managed. */
  public readonly ebsCsiDriver?: DataAwsEksAddon;
  /** The add-on that enforces network policies; undefined if something else does. */
  public readonly vpcCni?: DataAwsEksAddon;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ExistingEksClusterProps,
  ) {
    super(scope, id);
    checkProps(props, SHAPE);
    const { network, nodeSecurityGroupIds, dependsOn = [] } = props;
    requireKnownName('clusterName', props.clusterName, USED_IN);
    this.clusterName = checkClusterName('clusterName', props.clusterName);
    this.region = regionOf(this, props.region);
    checkZonesOf(this.region, network);
    if (nodeSecurityGroupIds !== undefined) checkGroups(nodeSecurityGroupIds);
    const ebsCsiDriver = checkOneOf('ebsCsiDriver', props.ebsCsiDriver ?? 'add-on', OWNERS);
    const networkPolicies = checkOneOf('networkPolicies', props.networkPolicies ?? 'add-on', OWNERS);
    this.kubernetesVersion = (props.kubernetesVersion ?? KubernetesVersion.DEFAULT).version;
    this.network = network;
    this.serviceCidr = serviceCidr(props.serviceCidr, network.vpcCidr);
    this.ready = dependsOn;
    this.resource = new aws.DataAwsEksCluster(this, 'Resource', {
      ...this.lookup,
      name: this.clusterName,
      lifecycle: { postcondition: clusterConditions(this) },
    });
    this.nodeSecurityGroupIds = nodeSecurityGroupIds;
    this.controlPlaneSecurityGroupId = this.resource.vpcConfig.get(0).clusterSecurityGroupId;
    this.clusterSecurityGroupId = nodeSecurityGroupIds?.[0] ?? this.controlPlaneSecurityGroupId;
    if (ebsCsiDriver === 'add-on') this.ebsCsiDriver = this.findAddOn('aws-ebs-csi-driver');
    if (networkPolicies === 'add-on')
      this.vpcCni = this.findAddOn('vpc-cni', [enforcesNetworkPolicies(this.clusterName)]);
  }

  /** Arguments of everything that is looked up. */
  private get lookup() {
    const { provider, dependsOn } = this.props;
    return { provider, dependsOn: dependsOn === undefined ? undefined : [...dependsOn] };
  }

  private findAddOn(addonName: string, postcondition?: Postcondition[]): DataAwsEksAddon {
    return new aws.DataAwsEksAddon(this, addonName, {
      ...this.lookup,
      clusterName: this.clusterName,
      addonName,
      lifecycle: postcondition === undefined ? undefined : { postcondition },
    });
  }
}

function checkGroups(ids: readonly string[]): void {
  if (ids.length === 0) {
    throw new ValidationError({
      property: 'nodeSecurityGroupIds',
      value: ids,
      problem: 'is empty: the nodes would have no security group',
      allowed: 'at least one security group of the cluster’s nodes',
      remedy: 'omit it for the security group of the cluster',
    });
  }
  ids.forEach((group, index) => checkForm(`nodeSecurityGroupIds[${index}]`, group, GROUP));
}
