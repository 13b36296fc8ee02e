import type { Context } from '../program/context';
import { CommandError, ExitCode } from '../program/exit-codes';
import { ToolError } from '../program/tool-error';
import { isEmpty } from '../program/value-path';
import { parseJson } from './json';

/** The fields of a managed node group that are used. */
export interface NodeGroup {
  readonly nodegroupName: string;
  readonly status: string;
  /** Kubernetes version of its nodes: `1.35`. */
  readonly version?: string;
  /** ISO 8601. */
  readonly createdAt?: string;
  readonly instanceTypes?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly scalingConfig: { readonly minSize: number; readonly maxSize: number; readonly desiredSize: number };
  /** Whether EKS replaces nodes that have failed. */
  readonly nodeRepairConfig?: { readonly enabled?: boolean };
  readonly resources?: { readonly autoScalingGroups?: readonly { readonly name: string }[] };
  readonly health?: { readonly issues?: readonly { readonly code: string; readonly message: string }[] };
}

/** A finding of EKS about the readiness of a cluster for an upgrade. @see https://docs.aws.amazon.com/eks/latest/APIReference/API_InsightSummary.html */
export interface UpgradeInsight {
  readonly name: string;
  readonly insightStatus: { readonly status: string; readonly reason: string };
}

/** An activity of an Auto Scaling group, successful or failed. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html */
export interface ScalingActivity {
  /** ISO 8601. */
  readonly StartTime: string;
  readonly StatusCode: string;
  readonly StatusMessage?: string;
  readonly Description: string;
}

/** A resource as listed by the tagging API. */
export interface TaggedResource {
  readonly ResourceARN: string;
}

/** An EBS volume. */
export interface Volume {
  readonly VolumeId: string;
  /** GiB. */
  readonly Size: number;
  readonly State: string;
  readonly Iops?: number;
  /** MiB/s. */
  readonly Throughput?: number;
}

/** A public address. */
export interface Address {
  readonly AllocationId: string;
  readonly PublicIp: string;
}

/** A snapshot of a volume. */
export interface Snapshot {
  readonly SnapshotId: string;
  /** GiB of the volume: the most that the snapshot has. */
  readonly VolumeSize: number;
}

/** A KMS key. @see https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html */
export interface KeyMetadata {
  readonly KeyState: string;
  /** ISO 8601; present if the key is pending deletion. */
  readonly DeletionDate?: string;
}

/** A group of logs. */
export interface LogGroup {
  readonly logGroupName: string;
  readonly storedBytes?: number;
}

/** Client for the AWS CLI, with one method per command that is used. The CLI finds its own credentials. */
export class Aws {
  public constructor(
    private readonly context: Pick<Context, 'runner'>,
    private readonly region: string,
  ) {}

  /** Returns the account and ARN of the credentials. */
  public identity(): Promise<{ readonly Account: string; readonly Arn: string }> {
    return this.call(['sts', 'get-caller-identity']);
  }

  /** Returns the version that an EKS cluster runs. */
  public async cluster(name: string): Promise<{ readonly version: string }> {
    const { cluster } = await this.call<{ cluster: { readonly version: string } }>([
      'eks',
      'describe-cluster',
      '--name',
      name,
    ]);
    return cluster;
  }

  /** Returns what EKS found that keeps a cluster from an upgrade to a version. @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-insights.html */
  public async upgradeErrors(cluster: string, version: string): Promise<readonly UpgradeInsight[]> {
    const { insights } = await this.call<{ insights: readonly UpgradeInsight[] }>([
      'eks',
      'list-insights',
      '--cluster-name',
      cluster,
      '--filter',
      `categories=UPGRADE_READINESS,kubernetesVersions=${version},statuses=ERROR`,
    ]);
    return insights;
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

  /** Returns the managed node groups of a cluster that may not exist. */
  public async nodeGroupsIfAny(cluster: string): Promise<readonly NodeGroup[]> {
    try {
      return await this.nodeGroups(cluster);
    } catch (error) {
      if (error instanceof ToolError && error.stderr.includes('ResourceNotFoundException')) return [];
      throw error;
    }
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

  /** Sets the desired number of nodes. Leaves the minimum and maximum, which Terraform manages, unchanged. */
  public async setDesiredSize(cluster: string, name: string, desired: number): Promise<void> {
    await this.run([
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

  /** Returns the latest activities of an Auto Scaling group, newest first. */
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

  /** Returns the applied value of a service quota. */
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

  /** Returns the zones that offer an instance type. */
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

  /** Returns the state of a transit gateway attachment, or undefined if it does not exist. */
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
    await this.run(['ec2', 'accept-transit-gateway-vpc-attachment', '--transit-gateway-attachment-id', attachment]);
  }

  /** Returns the status of an account's association with a RAM share, or undefined if the account is not associated. */
  public async sharePrincipalStatus(share: string, account: string): Promise<string | undefined> {
    const { resourceShareAssociations } = await this.call<{
      resourceShareAssociations: readonly { status: string; associatedEntity: string }[];
    }>(['ram', 'get-resource-share-associations', '--association-type', 'PRINCIPAL', '--resource-share-arns', share]);
    return resourceShareAssociations.find(({ associatedEntity }) => associatedEntity === account)?.status;
  }

  public async associatePrincipal(share: string, account: string): Promise<void> {
    await this.run(['ram', 'associate-resource-share', '--resource-share-arn', share, '--principals', account]);
  }

  public async deleteVolume(volume: string): Promise<void> {
    await this.run(['ec2', 'delete-volume', '--volume-id', volume]);
  }

  /** Returns the ARNs of existing load balancers. The tagging API also lists deleted ones. */
  public async loadBalancers(): Promise<readonly string[]> {
    const { LoadBalancers } = await this.call<{ LoadBalancers: readonly { LoadBalancerArn: string }[] }>([
      'elbv2',
      'describe-load-balancers',
    ]);
    return LoadBalancers.map(({ LoadBalancerArn: arn }) => arn);
  }

  /** Writes a kubeconfig for the cluster into a separate file. It contains no secret. */
  public async writeKubeconfig(cluster: string, file: string): Promise<void> {
    await this.run(['eks', 'update-kubeconfig', '--name', cluster, '--alias', cluster, '--kubeconfig', file]);
  }

  public async disassociatePrincipal(share: string, account: string): Promise<void> {
    await this.run(['ram', 'disassociate-resource-share', '--resource-share-arn', share, '--principals', account]);
  }

  /** Returns all resources with a tag. */
  public async tagged(key: string, value: string): Promise<readonly TaggedResource[]> {
    const { ResourceTagMappingList } = await this.call<{ ResourceTagMappingList: readonly TaggedResource[] }>([
      'resourcegroupstaggingapi',
      'get-resources',
      '--tag-filters',
      `Key=${key},Values=${value}`,
    ]);
    return ResourceTagMappingList;
  }

  /** Returns the existing EBS volumes with a tag. */
  public async volumes(key: string, value: string): Promise<readonly Volume[]> {
    const { Volumes } = await this.call<{ Volumes: readonly Volume[] }>([
      'ec2',
      'describe-volumes',
      ...byTag(key, value),
    ]);
    return Volumes;
  }

  /** Returns the public addresses with a tag. */
  public async addresses(key: string, value: string): Promise<readonly Address[]> {
    const { Addresses } = await this.call<{ Addresses: readonly Address[] }>([
      ...['ec2', 'describe-addresses'],
      ...byTag(key, value),
    ]);
    return Addresses;
  }

  /** Returns the EBS snapshots of this account with a tag. */
  public async snapshots(key: string, value: string): Promise<readonly Snapshot[]> {
    const { Snapshots } = await this.call<{ Snapshots: readonly Snapshot[] }>([
      ...['ec2', 'describe-snapshots', '--owner-ids', 'self'],
      ...byTag(key, value),
    ]);
    return Snapshots;
  }

  /** Returns the state of a KMS key; undefined if it does not exist. */
  public async key(arn: string): Promise<KeyMetadata | undefined> {
    try {
      const { KeyMetadata: key } = await this.call<{ KeyMetadata: KeyMetadata }>([
        ...['kms', 'describe-key'],
        ...['--key-id', arn],
      ]);
      return key;
    } catch (error) {
      if (error instanceof ToolError && error.stderr.includes('NotFoundException')) return undefined;
      throw error;
    }
  }

  /** Returns the health of the targets of a target group, by its name. */
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

  /** Returns the CloudWatch log groups whose names start with a prefix. */
  public async logGroups(prefix: string): Promise<readonly LogGroup[]> {
    const { logGroups } = await this.call<{ logGroups: readonly LogGroup[] }>([
      'logs',
      'describe-log-groups',
      '--log-group-name-prefix',
      prefix,
    ]);
    return logGroups;
  }

  /** Returns the answer of a read, which is never empty. */
  private async call<Result extends object>(args: readonly string[]): Promise<Result> {
    const stdout = await this.run(args);
    const answer = stdout.trim() === '' ? undefined : parseJson<Result | null>('aws', stdout);
    if (answer === undefined || answer === null || isEmpty(answer)) {
      throw new CommandError(ExitCode.failedState, `aws ${args.slice(0, 2).join(' ')}: the answer is empty`, {
        remedy: 'run the command again, or check what `aws` is on the PATH',
      });
    }
    return answer;
  }

  private async run(args: readonly string[]): Promise<string> {
    const { stdout } = await this.context.runner.run('aws', [...args, '--region', this.region, '--output', 'json'], {
      env: { AWS_PAGER: '' },
    });
    return stdout;
  }
}

/** Returns the arguments that select what has a tag. */
function byTag(key: string, value: string): readonly string[] {
  return ['--filters', `Name=tag:${key},Values=${value}`];
}
