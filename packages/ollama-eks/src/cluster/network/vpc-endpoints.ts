import { checkForm } from '../../check-text';
import { constructId } from '../../construct-id';
import { ValidationError } from '../../errors';
import { Construct, type ITerraformDependable, type TerraformProvider } from '../../framework';
import { aws } from '../../providers/aws';
import type { SecurityGroup, VpcEndpoint } from '../../providers/aws-types';

/**
 * Services that nodes and add-ons call without internet access.
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

/** Services without which no node joins and no EKS image is pulled. */
const INDISPENSABLE = ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'sts'];

/** Refuses invalid service names. */
export function checkServices(property: string, services: readonly string[]): readonly string[] {
  services.forEach((service) =>
    checkForm(property, service, {
      pattern: /^[a-z0-9][a-z0-9.-]*$/,
      allowed: 'the last part of a service name, such as ecr.api, or the full name, known at synth',
      remedy: 'copy it from `aws ec2 describe-vpc-endpoint-services`',
    }),
  );
  return services;
}

/** Refuses the endpoints of a network without NAT if one is missing that nodes require. */
export function checkPrivateServices(property: string, services: readonly string[]): readonly string[] {
  checkServices(property, services);
  const missing = INDISPENSABLE.filter((name) => !services.some((service) => `.${service}`.endsWith(`.${name}`)));
  if (missing.length > 0) {
    throw new ValidationError({
      property,
      value: services,
      problem: `does not contain ${missing.join(', ')}: without NAT, nodes cannot reach these services otherwise`,
      allowed: `at least ${INDISPENSABLE.join(', ')}`,
      remedy: 'add them, or omit interfaceEndpoints to create all that EKS nodes need',
    });
  }
  return services;
}

/**
 * Services that have a different prefix in China.
 * @see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ec2/lib/vpc-endpoint.ts (getDefaultEndpointPrefix)
 */
const CHINESE_SERVICES = ['autoscaling', 'ec2', 'ecr.api', 'ecr.dkr', 'eks', 'sts'];

/** Properties of VpcEndpoints. */
export interface VpcEndpointsProps {
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  readonly vpcCidr: string;
  readonly subnetIds: readonly string[];
  readonly routeTableIds: readonly string[];
  /** Services with an interface endpoint, by the last part of their names, such as `ecr.api`, or by their full names. */
  readonly interfaceServices: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** VPC endpoints of AWS services: always S3, which is free and stores image layers, and interface endpoints as requested. */
export class VpcEndpoints extends Construct {
  /** Gateway endpoint of S3. */
  public readonly s3: VpcEndpoint;
  /** Interface endpoints by service, as named in `interfaceEndpoints`. */
  public readonly interfaces: Readonly<Record<string, VpcEndpoint>>;
  /** Security group of the interface endpoints; undefined if there are none. */
  public readonly securityGroup?: SecurityGroup;
  /** What nodes without internet access need to join; empty if there are no interface endpoints. */
  public readonly egress: readonly ITerraformDependable[];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: VpcEndpointsProps,
  ) {
    super(scope, id);
    const { vpcId, provider } = props;
    this.s3 = new aws.VpcEndpoint(this, 's3', {
      vpcId,
      serviceName: this.serviceName('s3'),
      vpcEndpointType: 'Gateway',
      routeTableIds: [...props.routeTableIds],
      tags: this.tags('s3'),
      provider,
    });
    this.node.defaultChild = this.s3;
    if (props.interfaceServices.length === 0) {
      this.interfaces = {};
      this.egress = [];
      return;
    }
    const group = this.createSecurityGroup();
    this.securityGroup = group;
    const rule = this.admitVpc(group);
    this.interfaces = Object.fromEntries(
      [...new Set(props.interfaceServices)].map((service) => [
        service,
        new aws.VpcEndpoint(this, constructId(service), {
          vpcId,
          serviceName: this.serviceName(service),
          vpcEndpointType: 'Interface',
          privateDnsEnabled: true,
          subnetIds: [...props.subnetIds],
          securityGroupIds: [group.id],
          tags: this.tags(service),
          provider,
        }),
      ]),
    );
    this.egress = [this.s3, rule, ...Object.values(this.interfaces)];
  }

  private createSecurityGroup(): SecurityGroup {
    const { vpcId, provider } = this.props;
    return new aws.SecurityGroup(this, 'security-group', {
      vpcId,
      namePrefix: `endpoints-${this.props.name}-`, // The name of a network could begin with `sg-`, which EC2 refuses as the start of a group name.
      description: 'HTTPS from the VPC to interface endpoints',
      tags: this.tags('endpoints'),
      lifecycle: { createBeforeDestroy: true },
      provider,
    });
  }

  private admitVpc(group: SecurityGroup): ITerraformDependable {
    const { vpcCidr, provider } = this.props;
    return new aws.VpcSecurityGroupIngressRule(this, 'https', {
      securityGroupId: group.id,
      description: 'HTTPS from the VPC',
      cidrIpv4: vpcCidr,
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      tags: { ...this.props.tags },
      provider,
    });
  }

  private serviceName(service: string): string {
    const { region } = this.props;
    if (service.includes(`.${region}.`)) return service;
    const chinese = region.startsWith('cn-') && CHINESE_SERVICES.includes(service);
    return `${chinese ? 'cn.' : ''}com.amazonaws.${region}.${service}`;
  }

  private tags(service: string): Record<string, string> {
    return { ...this.props.tags, Name: `${this.props.name}-${service}` };
  }
}
