// https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/ (TargetGroupBinding only)
import { AwsAccount } from '../cluster/aws/aws-account';
import { podIdentityTrust } from '../cluster/aws/iam-policy';
import { ServiceRole } from '../cluster/aws/service-role';
import type { IOllamaGpuCluster } from '../cluster/cluster-ref';
import { ValidationError } from '../errors';
import { Construct, Token, type TerraformProvider } from '../framework';
import type { Application, IApplicationSource } from '../gitops/application';
import { aws, type EksPodIdentityAssociation } from '../providers/aws';
import {
  CONTROLLER_NAME,
  CONTROLLER_NAMESPACE,
  controllerApplication,
  type ControllerPlace,
} from './load-balancer-controller-application';

/** What the controller has to read; AWS knows no narrower resource for these. */
const READ_ACTIONS = [
  'ec2:DescribeInstances',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeVpcs',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
];
/** What it has to change, on the one target group. */
const TARGET_GROUP_ACTIONS = [
  'elasticloadbalancing:DeregisterTargets',
  'elasticloadbalancing:ModifyTargetGroup',
  'elasticloadbalancing:ModifyTargetGroupAttributes',
  'elasticloadbalancing:RegisterTargets',
];

/** Properties of the controller. */
export interface LoadBalancerControllerProps {
  readonly cluster: IOllamaGpuCluster;
  /** The target group that it registers pods with. */
  readonly targetGroupArn: string;
  /** @default - the stack's default provider */
  readonly provider?: TerraformProvider;
}

/** The AWS Load Balancer Controller, with the rights to fill one target group and no others. */
export class LoadBalancerController extends Construct implements IApplicationSource {
  public readonly applications: readonly Application[];
  public readonly role: ServiceRole;
  /** Gives the role to the controller's pods. */
  public readonly resource: EksPodIdentityAssociation;

  public constructor(scope: Construct, id: string, props: LoadBalancerControllerProps) {
    super(scope, id);
    const { cluster, targetGroupArn, provider } = props;
    const { clusterName, region, tags } = cluster;
    const { partition, accountId } = AwsAccount.of(this, provider);
    const clusterArn = `arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`;
    this.role = new ServiceRole(this, 'role', {
      namePrefix: `${clusterName}-load-balancer`,
      trust: podIdentityTrust(accountId, clusterArn),
      statements: [
        { Effect: 'Allow', Action: READ_ACTIONS, Resource: '*' },
        { Effect: 'Allow', Action: TARGET_GROUP_ACTIONS, Resource: targetGroupArn },
      ],
      tags,
      provider,
    });
    this.resource = new aws.EksPodIdentityAssociation(this, 'Resource', {
      provider,
      clusterName,
      namespace: CONTROLLER_NAMESPACE,
      serviceAccount: CONTROLLER_NAME,
      roleArn: this.role.roleArn,
      tags: { ...tags },
      dependsOn: [...cluster.ready, ...this.role.grants],
    });
    this.applications = [controllerApplication({ clusterName, region, vpc: vpcOf(cluster) })];
  }
}

/** What is rendered to Git has to be known at synth: the id of an existing VPC, or tags of one that is yet to be made. */
function vpcOf({ network }: IOllamaGpuCluster): ControllerPlace['vpc'] {
  if (!Token.isUnresolved(network.vpcId)) return { vpcId: network.vpcId };
  if (network.vpcTags !== undefined && Object.keys(network.vpcTags).length > 0) return { vpcTags: network.vpcTags };
  throw new ValidationError({
    property: 'cluster.network.vpcTags',
    value: network.vpcTags,
    problem: 'is missing, and the id of the VPC is known only at apply',
    allowed: 'tags that this VPC carries and no other of the account and region does',
    remedy: 'give the attributes of the network vpcTags, or a vpcId known at synth',
  });
}
