import { Construct, type ITerraformDependable, type TerraformProvider } from '../framework';
import { aws } from '../providers/aws';
import { checkForm } from './check';

/**
 * What nodes and add-ons call when there is no way to the internet.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
 */
export const PRIVATE_CLUSTER_SERVICES: readonly string[] = [
  'autoscaling',
  'ec2',
  'ec2messages',
  'ecr.api',
  'ecr.dkr',
  'eks',
  'eks-auth',
  'elasticloadbalancing',
  'kms',
  'logs',
  'ssm',
  'ssmmessages',
  'sts',
];

/** Properties of VpcEndpoints. */
export interface VpcEndpointsProps {
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  readonly vpcCidr: string;
  readonly subnetIds: readonly string[];
  readonly routeTableIds: readonly string[];
  /** Services with an interface endpoint, by the last part of their names: `ecr.api`. */
  readonly interfaceServices: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** The ways to AWS services that don't leave the VPC: always S3 (free; layers of images lie there), others as named. */
export class VpcEndpoints extends Construct {
  /** What nodes need of it to be created. */
  public readonly egress: readonly ITerraformDependable[];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: VpcEndpointsProps,
  ) {
    super(scope, id);
    const { vpcId, provider } = props;
    new aws.VpcEndpoint(this, 's3', {
      vpcId,
      serviceName: this.serviceName('s3'),
      vpcEndpointType: 'Gateway',
      routeTableIds: [...props.routeTableIds],
      tags: this.tags('s3'),
      provider,
    });
    if (props.interfaceServices.length === 0) {
      this.egress = [];
      return;
    }
    const securityGroupIds = [this.securityGroup()];
    this.egress = [...new Set(props.interfaceServices)].map(
      (service) =>
        new aws.VpcEndpoint(this, service, {
          vpcId,
          serviceName: this.serviceName(service),
          vpcEndpointType: 'Interface',
          privateDnsEnabled: true,
          subnetIds: [...props.subnetIds],
          securityGroupIds,
          tags: this.tags(service),
          provider,
        }),
    );
  }

  private securityGroup(): string {
    const { vpcId, vpcCidr, provider } = this.props;
    const group = new aws.SecurityGroup(this, 'security-group', {
      vpcId,
      namePrefix: `${this.props.name}-endpoints-`,
      description: 'HTTPS from the VPC to interface endpoints',
      tags: this.tags('endpoints'),
      lifecycle: { createBeforeDestroy: true },
      provider,
    });
    new aws.VpcSecurityGroupIngressRule(this, 'https', {
      securityGroupId: group.id,
      description: 'HTTPS from the VPC',
      cidrIpv4: vpcCidr,
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      tags: { ...this.props.tags },
      provider,
    });
    return group.id;
  }

  private serviceName(service: string): string {
    checkForm('network.interfaceEndpoints', service, {
      pattern: /^[a-z0-9][a-z0-9.-]*$/,
      allowed: 'the last part of a service name, such as ecr.api, known at synth',
      remedy: 'take it from `aws ec2 describe-vpc-endpoint-services`, without com.amazonaws and region',
    });
    return `com.amazonaws.${this.props.region}.${service}`;
  }

  private tags(service: string): Record<string, string> {
    return { ...this.props.tags, Name: `${this.props.name}-${service}` };
  }
}
