// https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/ (TargetGroupBinding only)
import { AwsAccount } from '../cluster/aws/aws-account';
import { requireKnownName } from '../cluster/aws/cluster-name';
import { podIdentityTrust } from '../cluster/aws/iam-policy';
import { ServiceRole } from '../cluster/aws/service-role';
import type { IOllamaGpuCluster } from '../cluster/cluster-ref';
import { ValidationError } from '../errors';
import { Construct, Token, type TerraformProvider } from '../framework';
import type { Application, IApplicationSource } from '../gitops/application';
import { aws } from '../providers/aws';
import type { EksPodIdentityAssociation } from '../providers/aws-types';
import {
  CONTROLLER_NAME,
  CONTROLLER_NAMESPACE,
  controllerApplication,
  type ControllerPlace,
} from './load-balancer-controller-application';

/**
 * Actions to read with, which AWS does not limit to resources. The controller looks for security groups of its own to clean
 * up, even if it manages none.
 */
const READ_ACTIONS = [
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeVpcs',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
];
/**
 * Actions to write with, allowed on the one target group. The documented list for TargetGroupBindings is longer: the
 * controller modifies only target groups that it created, and describes instances only for security groups and node ports.
 */
const TARGET_GROUP_ACTIONS = ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'];

/** Props of `LoadBalancerController`. */
export interface LoadBalancerControllerProps {
  readonly cluster: IOllamaGpuCluster;
  /** ARN of the target group that it registers pods with. */
  readonly targetGroupArn: string;
  /** @default - the stack's default provider */
  readonly provider?: TerraformProvider;
}

/** The AWS Load Balancer Controller, with permissions for one target group only. */
export class LoadBalancerController extends Construct implements IApplicationSource {
  public readonly applications: readonly Application[];
  public readonly role: ServiceRole;
  /** Association that gives the role to the controller's pods. */
  public readonly resource: EksPodIdentityAssociation;

  public constructor(scope: Construct, id: string, props: LoadBalancerControllerProps) {
    super(scope, id);
    const { cluster, targetGroupArn, provider } = props;
    const { region, tags } = cluster;
    const clusterName = requireKnownName(
      'cluster.clusterName',
      cluster.clusterName,
      'the settings of the load balancer controller contain it',
    );
    const account = AwsAccount.of(this, provider);
    this.role = new ServiceRole(this, 'role', {
      namePrefix: `${clusterName}-load-balancer`,
      trust: podIdentityTrust(account.accountId, account.eksClusterArn(region, clusterName)),
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

/** The rendered values must be known at synth: the ID of an existing VPC, or the tags of a new one. */
function vpcOf({ network }: IOllamaGpuCluster): ControllerPlace['vpc'] {
  if (!Token.isUnresolved(network.vpcId)) return { vpcId: network.vpcId };
  if (network.vpcTags !== undefined && Object.keys(network.vpcTags).length > 0) return { vpcTags: network.vpcTags };
  throw new ValidationError({
    property: 'cluster.network.vpcTags',
    value: network.vpcTags,
    problem: 'is required, because the ID of the VPC is known only at apply',
    allowed: 'tags that only this VPC has in its account and region',
    remedy: 'add vpcTags to the attributes of the network, or use a vpcId known at synth',
  });
}
