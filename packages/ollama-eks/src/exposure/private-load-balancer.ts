// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
import type { INetwork } from '../cluster/network/network-ref';
import { Construct, type TerraformProvider } from '../framework';
import { aws } from '../providers/aws';
import type { Lb, LbListener, LbTargetGroup, SecurityGroup } from '../providers/aws-types';
import { HEALTH_CHECK_FAILURES, HEALTH_CHECK_INTERVAL_SECONDS } from '../workload/timing';
import { GATEWAY_PORT, GATEWAY_STATUS_PATH, GATEWAY_STATUS_PORT } from './gateway-manifests';
import type { IGatewayLoadBalancer } from './load-balancer-ref';
import { admitCallers, openTargetPorts, type LoadBalancerGroups } from './load-balancer-rules';
import type { TimeBudget } from './time-budget';

/** Successful checks before a target is healthy; multiplied by the interval, how long a new pod waits for requests. */
const HEALTHY_THRESHOLD = 2;
/** A pod that does not report readiness within this time is not ready. */
const HEALTH_CHECK_TIMEOUT_SECONDS = 5;

/** Props of `PrivateLoadBalancer`. */
export interface PrivateLoadBalancerProps {
  /** Name of load balancer and target group: at most 32 letters, digits and hyphens; must be known at synth. */
  readonly name: string;
  readonly network: INetwork;
  /** Security group of the cluster's nodes and pods. */
  readonly clusterSecurityGroupId: string;
  readonly budget: TimeBudget;
  readonly tags: Readonly<Record<string, string>>;
  /** @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/**
 * The internal Network Load Balancer in front of the gateway. It passes TLS through, and only ranges admitted by `admit` can
 * reach it. A controller in the cluster registers its targets; Terraform owns everything else.
 */
export class PrivateLoadBalancer extends Construct implements IGatewayLoadBalancer {
  /** Name for callers in the VPC, and for Kong; resolves to private addresses. */
  public readonly dnsName: string;
  /** Name of the target group, and of the load balancer. */
  public readonly targetGroupName: string;
  public readonly targetGroupArn: string;
  public readonly resource: Lb;
  public readonly listener: LbListener;
  public readonly targetGroup: LbTargetGroup;
  public readonly securityGroup: SecurityGroup;
  private readonly props: PrivateLoadBalancerProps;

  public constructor(scope: Construct, id: string, props: PrivateLoadBalancerProps) {
    super(scope, id);
    this.props = props;
    this.targetGroupName = props.name;
    this.securityGroup = this.createSecurityGroup();
    this.resource = new aws.Lb(this, 'Resource', {
      provider: props.provider,
      name: props.name,
      loadBalancerType: 'network',
      internal: true,
      subnets: [...props.network.privateSubnetIds],
      securityGroups: [this.securityGroup.id],
      enableCrossZoneLoadBalancing: true,
      tags: { ...props.tags },
    });
    this.targetGroup = this.createTargetGroup();
    this.targetGroupArn = this.targetGroup.arn;
    this.listener = new aws.LbListener(this, 'listener', {
      provider: props.provider,
      loadBalancerArn: this.resource.arn,
      port: GATEWAY_PORT,
      protocol: 'TCP',
      tcpIdleTimeoutSeconds: props.budget.listenerIdleSeconds,
      defaultAction: [{ type: 'forward', targetGroupArn: this.targetGroup.arn }],
      tags: { ...props.tags },
    });
    openTargetPorts(this, this.groups);
    this.dnsName = this.resource.dnsName;
  }

  /** Admits a range to the HTTPS port. */
  public admit(id: string, cidr: string, description: string): void {
    admitCallers(this, id, { ...this.groups, cidr, description });
  }

  private get groups(): LoadBalancerGroups {
    const { clusterSecurityGroupId, provider, tags } = this.props;
    return { securityGroupId: this.securityGroup.id, clusterSecurityGroupId, provider, tags };
  }

  private createSecurityGroup(): SecurityGroup {
    const { name, network, provider, tags } = this.props;
    return new aws.SecurityGroup(this, 'security-group', {
      provider,
      name: `${name}-nlb`,
      description: 'Load balancer before the Ollama gateway',
      vpcId: network.vpcId,
      tags: { ...tags, Name: `${name}-nlb` },
    });
  }

  /**
   * Preserves the addresses of callers, so that the gateway's policies can distinguish Kong from the rest of the VPC. A
   * terminating pod reports that it is unready while it still streams: by default, AWS would close its connections.
   * With preserved addresses and cross-zone load balancing, connections from the same address and port through two zones may
   * look the same to a pod. The few that fail because of this are covered by Kong's retry.
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
   */
  private createTargetGroup(): LbTargetGroup {
    const { name, network, budget, provider, tags } = this.props;
    return new aws.LbTargetGroup(this, 'target-group', {
      provider,
      name,
      vpcId: network.vpcId,
      targetType: 'ip',
      protocol: 'TCP',
      port: GATEWAY_PORT,
      preserveClientIp: 'true',
      deregistrationDelay: String(budget.deregistrationDelaySeconds),
      connectionTermination: false,
      targetHealthState: [{ enableUnhealthyConnectionTermination: false }],
      healthCheck: {
        protocol: 'HTTP',
        port: String(GATEWAY_STATUS_PORT),
        path: GATEWAY_STATUS_PATH,
        matcher: '200',
        interval: HEALTH_CHECK_INTERVAL_SECONDS,
        timeout: HEALTH_CHECK_TIMEOUT_SECONDS,
        healthyThreshold: HEALTHY_THRESHOLD,
        unhealthyThreshold: HEALTH_CHECK_FAILURES,
      },
      tags: { ...tags },
    });
  }
}
