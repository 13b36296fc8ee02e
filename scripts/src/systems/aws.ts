import type { Context } from '../program/context';
import { parseJson } from './json';

/** A managed node group, as far as scaling is concerned. */
export interface NodeGroup {
  readonly nodegroupName: string;
  readonly status: string;
  readonly instanceTypes?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly scalingConfig: { readonly minSize: number; readonly maxSize: number; readonly desiredSize: number };
  readonly resources?: { readonly autoScalingGroups?: readonly { readonly name: string }[] };
  readonly health?: { readonly issues?: readonly { readonly code: string; readonly message: string }[] };
}

/** Something that an Auto Scaling group did, or could not. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html */
export interface ScalingActivity {
  /** ISO 8601. */
  readonly StartTime: string;
  readonly StatusCode: string;
  readonly StatusMessage?: string;
  readonly Description: string;
}

/** A resource with its tags, as the tagging API lists it. */
export interface TaggedResource {
  readonly ResourceARN: string;
}

/** The AWS CLI, one method a call that we make. Credentials are whatever the CLI finds. */
export class Aws {
  public constructor(
    private readonly context: Pick<Context, 'runner'>,
    private readonly region: string,
  ) {}

  /** Account and ARN of the credentials. */
  public identity(): Promise<{ readonly Account: string; readonly Arn: string }> {
    return this.call(['sts', 'get-caller-identity']);
  }

  public async nodeGroups(cluster: string): Promise<readonly NodeGroup[]> {
    const { nodegroups } = await this.call<{ nodegroups: readonly string[] }>([
      'eks',
      'list-nodegroups',
      '--cluster-name',
      cluster,
    ]);
    return Promise.all(nodegroups.map((name) => this.nodeGroup(cluster, name)));
  }

  public async nodeGroup(cluster: string, name: string): Promise<NodeGroup> {
    const { nodegroup } = await this.call<{ nodegroup: NodeGroup }>([
      'eks',
      'describe-nodegroup',
      '--cluster-name',
      cluster,
      '--nodegroup-name',
      name,
    ]);
    return nodegroup;
  }

  /** Asks for a number of nodes; minimum and maximum stay as Terraform set them. */
  public async setDesiredSize(cluster: string, name: string, desired: number): Promise<void> {
    await this.call([
      'eks',
      'update-nodegroup-config',
      '--cluster-name',
      cluster,
      '--nodegroup-name',
      name,
      '--scaling-config',
      `desiredSize=${String(desired)}`,
    ]);
  }

  /** The latest that an Auto Scaling group did, newest first. */
  public async scalingActivities(group: string): Promise<readonly ScalingActivity[]> {
    const { Activities } = await this.call<{ Activities: readonly ScalingActivity[] }>([
      'autoscaling',
      'describe-scaling-activities',
      '--auto-scaling-group-name',
      group,
      '--max-items',
      '10',
    ]);
    return Activities;
  }

  /** Value of a service quota that is in force. */
  public async quota(service: string, code: string): Promise<number> {
    const { Quota } = await this.call<{ Quota: { Value: number } }>([
      'service-quotas',
      'get-service-quota',
      '--service-code',
      service,
      '--quota-code',
      code,
    ]);
    return Quota.Value;
  }

  /** Zones in which an instance type is offered. */
  public async offeringZones(instanceType: string): Promise<readonly string[]> {
    const { InstanceTypeOfferings } = await this.call<{ InstanceTypeOfferings: readonly { Location: string }[] }>([
      'ec2',
      'describe-instance-type-offerings',
      '--location-type',
      'availability-zone',
      '--filters',
      `Name=instance-type,Values=${instanceType}`,
    ]);
    return InstanceTypeOfferings.map(({ Location }) => Location).sort();
  }

  /** State of a transit gateway attachment; undefined where it doesn't exist. */
  public async attachmentState(attachment: string): Promise<string | undefined> {
    const { TransitGatewayVpcAttachments } = await this.call<{
      TransitGatewayVpcAttachments: readonly { State: string }[];
    }>([
      'ec2',
      'describe-transit-gateway-vpc-attachments',
      '--filters',
      `Name=transit-gateway-attachment-id,Values=${attachment}`,
    ]);
    return TransitGatewayVpcAttachments[0]?.State;
  }

  public async acceptAttachment(attachment: string): Promise<void> {
    await this.call(['ec2', 'accept-transit-gateway-vpc-attachment', '--transit-gateway-attachment-id', attachment]);
  }

  /** Status of an account's association with a RAM share; undefined where there is none. */
  public async sharePrincipalStatus(share: string, account: string): Promise<string | undefined> {
    const { resourceShareAssociations } = await this.call<{
      resourceShareAssociations: readonly { status: string; associatedEntity: string }[];
    }>(['ram', 'get-resource-share-associations', '--association-type', 'PRINCIPAL', '--resource-share-arns', share]);
    return resourceShareAssociations.find(({ associatedEntity }) => associatedEntity === account)?.status;
  }

  public async associatePrincipal(share: string, account: string): Promise<void> {
    await this.call(['ram', 'associate-resource-share', '--resource-share-arn', share, '--principals', account]);
  }

  public async deleteVolume(volume: string): Promise<void> {
    await this.call(['ec2', 'delete-volume', '--volume-id', volume]);
  }

  /** ARNs of the load balancers that are there; the tagging API goes on listing those that are not. */
  public async loadBalancers(): Promise<readonly string[]> {
    const { LoadBalancers } = await this.call<{ LoadBalancers: readonly { LoadBalancerArn: string }[] }>([
      'elbv2',
      'describe-load-balancers',
    ]);
    return LoadBalancers.map(({ LoadBalancerArn: arn }) => arn);
  }

  /** Lets kubectl find a cluster, in a file of its own; it holds no secret. */
  public async writeKubeconfig(cluster: string, file: string): Promise<void> {
    await this.run(['eks', 'update-kubeconfig', '--name', cluster, '--alias', cluster, '--kubeconfig', file]);
  }

  public async disassociatePrincipal(share: string, account: string): Promise<void> {
    await this.call(['ram', 'disassociate-resource-share', '--resource-share-arn', share, '--principals', account]);
  }

  /** Everything that carries a tag. */
  public async tagged(key: string, value: string): Promise<readonly TaggedResource[]> {
    const { ResourceTagMappingList } = await this.call<{ ResourceTagMappingList: readonly TaggedResource[] }>([
      'resourcegroupstaggingapi',
      'get-resources',
      '--tag-filters',
      `Key=${key},Values=${value}`,
    ]);
    return ResourceTagMappingList;
  }

  /** EBS volumes that carry a tag and are not deleted. */
  public async volumes(
    key: string,
    value: string,
  ): Promise<readonly { VolumeId: string; Size: number; State: string }[]> {
    const { Volumes } = await this.call<{ Volumes: readonly { VolumeId: string; Size: number; State: string }[] }>([
      'ec2',
      'describe-volumes',
      '--filters',
      `Name=tag:${key},Values=${value}`,
    ]);
    return Volumes;
  }

  /** Health of the targets of a target group, by name. */
  public async targetHealth(
    targetGroup: string,
  ): Promise<readonly { readonly target: string; readonly state: string; readonly reason?: string }[]> {
    const { TargetGroups } = await this.call<{ TargetGroups: readonly { TargetGroupArn: string }[] }>([
      'elbv2',
      'describe-target-groups',
      '--names',
      targetGroup,
    ]);
    const [group] = TargetGroups;
    if (group === undefined) return [];
    const { TargetHealthDescriptions } = await this.call<{
      TargetHealthDescriptions: readonly {
        Target: { Id: string; Port: number };
        TargetHealth: { State: string; Reason?: string };
      }[];
    }>(['elbv2', 'describe-target-health', '--target-group-arn', group.TargetGroupArn]);
    return TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
      target: `${Target.Id}:${String(Target.Port)}`,
      state: TargetHealth.State,
      ...(TargetHealth.Reason === undefined ? {} : { reason: TargetHealth.Reason }),
    }));
  }

  /** CloudWatch log groups whose name begins so. */
  public async logGroups(prefix: string): Promise<readonly string[]> {
    const { logGroups } = await this.call<{ logGroups: readonly { logGroupName: string }[] }>([
      'logs',
      'describe-log-groups',
      '--log-group-name-prefix',
      prefix,
    ]);
    return logGroups.map(({ logGroupName }) => logGroupName);
  }

  private async call<Result>(args: readonly string[]): Promise<Result> {
    const stdout = await this.run(args);
    return parseJson<Result>('aws', stdout.trim() === '' ? '{}' : stdout);
  }

  private async run(args: readonly string[]): Promise<string> {
    const { stdout } = await this.context.runner.run('aws', [...args, '--region', this.region, '--output', 'json'], {
      env: { AWS_PAGER: '' },
    });
    return stdout;
  }
}
