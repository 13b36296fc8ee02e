// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
import { checkProps, OBJECT, required, TEXT, type Shape } from '../check-props';
import { checkForm } from '../check-text';
import { type IOllamaGpuCluster, SERVING_CLUSTER } from '../cluster/cluster-ref';
import { Construct, Fn, type Postcondition, Token, type TerraformProvider } from '../framework';
import { aws } from '../providers/aws';
import type { DataAwsLb, DataAwsLbTargetGroup } from '../providers/aws-types';
import { GATEWAY_STATUS_PATH, GATEWAY_STATUS_PORT } from './gateway-manifests';
import type { IGatewayLoadBalancer } from './load-balancer-ref';
import { admitCallers, openTargetPorts, type LoadBalancerGroups } from './load-balancer-rules';

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (Name) */
const NAME = {
  pattern: /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/,
  problem: 'is not a name that Elastic Load Balancing allows',
  allowed: '1 to 32 letters, digits and hyphens, with no hyphen at either end, known at synth',
  remedy:
    'use the name, not the ARN: `aws elbv2 describe-load-balancers` and `aws elbv2 describe-target-groups` list it',
};

/** Props of `ExistingLoadBalancer`. */
export interface ExistingLoadBalancerProps {
  /** Cluster whose gateway is behind the load balancer. */
  readonly cluster: IOllamaGpuCluster;
  /**
   * Name of an internal Network Load Balancer in the cluster's VPC, with a security group and a TCP listener on port 443
   * whose idle timeout covers the request timeout.
   */
  readonly loadBalancerName: string;
  /**
   * Name of the listener's target group, which belongs to this gateway alone: target type `ip`, protocol TCP, client addresses
   * preserved, a deregistration delay of at least the request timeout, HTTP health checks of `/healthz/ready` on port 15021.
   */
  readonly targetGroupName: string;
  /** @default - the stack's default AWS provider */
  readonly provider?: TerraformProvider;
}

/** What each prop must be, for callers without types. */
const SHAPE: Shape<ExistingLoadBalancerProps> = {
  cluster: required(SERVING_CLUSTER),
  loadBalancerName: required(TEXT),
  targetGroupName: required(TEXT),
  provider: OBJECT,
};

/**
 * A load balancer that another team or stack owns. Every plan reads it and its target group, and fails if one of them does not suit
 * the gateway; the port and idle timeout of the listener are not checked. The rules for callers and targets are added to its first
 * security group; nothing else is changed.
 */
export class ExistingLoadBalancer extends Construct implements IGatewayLoadBalancer {
  public readonly dnsName: string;
  public readonly targetGroupName: string;
  public readonly targetGroupArn: string;
  /** The load balancer as the plan finds it. */
  public readonly resource: DataAwsLb;
  /** The target group as the plan finds it. */
  public readonly targetGroup: DataAwsLbTargetGroup;
  private readonly groups: LoadBalancerGroups;

  public constructor(scope: Construct, id: string, props: ExistingLoadBalancerProps) {
    super(scope, id);
    checkProps(props, SHAPE);
    const { cluster, loadBalancerName, targetGroupName, provider } = props;
    checkForm('loadBalancerName', loadBalancerName, NAME);
    this.targetGroupName = checkForm('targetGroupName', targetGroupName, NAME);
    this.resource = new aws.DataAwsLb(this, 'Resource', {
      provider,
      name: loadBalancerName,
      lifecycle: { postcondition: loadBalancerConditions(loadBalancerName) },
    });
    this.targetGroup = new aws.DataAwsLbTargetGroup(this, 'target-group', {
      provider,
      name: targetGroupName,
      lifecycle: {
        postcondition: targetGroupConditions(targetGroupName, this.resource.arn, cluster.requestTimeoutSeconds),
      },
    });
    this.dnsName = this.resource.dnsName;
    this.targetGroupArn = this.targetGroup.arn;
    this.groups = {
      securityGroupId: Token.asString(Fn.element(Fn.sort(this.resource.securityGroups), 0)),
      clusterSecurityGroupId: cluster.clusterSecurityGroupId,
      tags: cluster.tags,
      provider,
    };
    openTargetPorts(this, this.groups);
  }

  /** Adds a rule for a range of callers to the security group. */
  public admit(id: string, cidr: string, description: string): void {
    admitCallers(this, id, { ...this.groups, cidr, description });
  }
}

function loadBalancerConditions(name: string): Postcondition[] {
  const subject = `The load balancer ${name}`;
  return [
    {
      condition: '${self.load_balancer_type == "network" && self.internal}',
      errorMessage: `${subject} must be an internal Network Load Balancer. Name another one.`,
    },
    {
      condition: '${length(self.security_groups) > 0}',
      errorMessage: `${subject} must have a security group, to which the rules for callers are added. AWS adds one only at creation.`,
    },
  ];
}

function targetGroupConditions(name: string, loadBalancerArn: string, requestTimeoutSeconds: number): Postcondition[] {
  const subject = `The target group ${name}`;
  return [
    {
      condition: `\${contains(self.load_balancer_arns, ${loadBalancerArn})}`,
      errorMessage: `${subject} must be the target of a listener of the load balancer. Add a TCP listener on port 443.`,
    },
    {
      condition: '${self.target_type == "ip" && self.protocol == "TCP"}',
      errorMessage: `${subject} must have target type ip and protocol TCP. Create one with these.`,
    },
    {
      condition: '${self.preserve_client_ip == "true"}',
      errorMessage: `${subject} must preserve client addresses, by which the gateway distinguishes callers. Set preserve_client_ip.`,
    },
    {
      condition: `\${tonumber(self.deregistration_delay) >= ${requestTimeoutSeconds}}`,
      errorMessage: `${subject} must keep the connections of stopping pods for the request timeout. Set deregistration_delay to ${requestTimeoutSeconds} seconds or more.`,
    },
    {
      condition: `\${self.health_check[0].protocol == "HTTP" && self.health_check[0].port == "${GATEWAY_STATUS_PORT}" && self.health_check[0].path == "${GATEWAY_STATUS_PATH}"}`,
      errorMessage: `${subject} must check HTTP ${GATEWAY_STATUS_PATH} on port ${GATEWAY_STATUS_PORT}: a stopping gateway still accepts connections.`,
    },
  ];
}
