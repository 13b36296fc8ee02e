import { CLUSTER_TAG, eksLogFolder, vpcLogFolder } from '@org/ollama-eks/pure';
import { describeStep, readTeardownPlan, type KonnectClaim } from '../konnect';
import { openKonnect } from '../konnect/access';
import type { Context } from '../program/context';
import { Aws } from '../systems/aws';
import { MONTHLY } from './monthly';

/** Tag of load balancers that a controller in the cluster created. @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/ */
const CONTROLLER_TAG = 'elbv2.k8s.aws/cluster';

/** Folder of the logs that CloudWatch's own add-on writes. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-setup-logs-FluentBit.html */
const insightsLogFolder = (cluster: string) => `/aws/containerinsights/${cluster}/`;

/** Folders of a cluster's log groups; its network has the cluster's name. */
const LOG_FOLDERS = [eksLogFolder, vpcLogFolder, insightsLogFolder];

/** Something that still exists after everything was destroyed. */
export interface Leftover {
  readonly kind: 'volume' | 'snapshot' | 'address' | 'load balancer' | 'log group' | 'KMS key' | 'Konnect';
  readonly id: string;
  /** What it is, and how to delete it. */
  readonly remedy: string;
  /** What it costs in USD a month at list prices; undefined where no price is known. A snapshot may cost less. */
  readonly monthlyUsd: number | undefined;
}

/** A KMS key that AWS will delete. It costs nothing until then. */
export interface PendingKey {
  readonly id: string;
  /** Day of its deletion: `2026-12-29`. */
  readonly deletedOn: string;
}

/** What a cluster has left in AWS. */
export interface AwsLeftovers {
  readonly left: readonly Leftover[];
  readonly pendingKeys: readonly PendingKey[];
}

/** What leaves something. */
export interface Destroyed {
  readonly region: string;
  readonly cluster: string;
  /** Whether the cluster still runs for others, with its own logs and load balancers. */
  readonly existing: boolean;
}

/** Searches AWS, by tags and names, for what is left of an installation and still costs money, and for keys that are pending deletion. */
export async function awsLeftovers(context: Context, { region, cluster, existing }: Destroyed): Promise<AwsLeftovers> {
  const aws = new Aws(context, region);
  const tagged: string[] = [];
  for (const tag of existing ? [CLUSTER_TAG] : [CLUSTER_TAG, CONTROLLER_TAG])
    tagged.push(...(await aws.tagged(tag, cluster)).map(({ ResourceARN: arn }) => arn));
  const { left, pendingKeys } = await keys(aws, region, tagged);
  return {
    left: [
      ...(await volumes(aws, region, cluster)),
      ...(await snapshots(aws, region, cluster)),
      ...(await addresses(aws, region, cluster)),
      ...(await loadBalancers(aws, region, tagged)),
      ...(existing ? [] : await logGroups(aws, region, cluster)),
      ...left,
    ],
    pendingKeys,
  };
}

/** Returns what leftovers cost in USD a month; what has no known price is not included. */
export function monthlyOf(left: readonly Leftover[]): number {
  return left.reduce((sum, { monthlyUsd = 0 }) => sum + monthlyUsd, 0);
}

async function volumes(aws: Aws, region: string, cluster: string): Promise<readonly Leftover[]> {
  const found = await aws.volumes(CLUSTER_TAG, cluster);
  return found
    .filter(({ State }) => State !== 'deleting' && State !== 'deleted')
    .map((volume) => {
      const { VolumeId: id, Size, State } = volume;
      return {
        kind: 'volume',
        id,
        remedy: `${String(Size)} GiB, ${State}; delete it with --delete-volumes, or: aws ec2 delete-volume --region ${region} --volume-id ${id}`,
        monthlyUsd: MONTHLY.volume(volume),
      };
    });
}

async function snapshots(aws: Aws, region: string, cluster: string): Promise<readonly Leftover[]> {
  const found = await aws.snapshots(CLUSTER_TAG, cluster);
  return found.map((snapshot) => ({
    kind: 'snapshot',
    id: snapshot.SnapshotId,
    remedy: `of ${String(snapshot.VolumeSize)} GiB; aws ec2 delete-snapshot --region ${region} --snapshot-id ${snapshot.SnapshotId}`,
    monthlyUsd: MONTHLY.snapshot(snapshot),
  }));
}

async function addresses(aws: Aws, region: string, cluster: string): Promise<readonly Leftover[]> {
  const found = await aws.addresses(CLUSTER_TAG, cluster);
  return found.map(({ AllocationId: id, PublicIp }) => ({
    kind: 'address',
    id,
    remedy: `${PublicIp}; aws ec2 release-address --region ${region} --allocation-id ${id}`,
    monthlyUsd: MONTHLY.address,
  }));
}

async function loadBalancers(aws: Aws, region: string, tagged: readonly string[]): Promise<readonly Leftover[]> {
  const balancers = [...new Set(tagged.filter((arn) => arn.includes(':loadbalancer/')))];
  const living = balancers.length === 0 ? [] : await aws.loadBalancers();
  return balancers
    .filter((arn) => living.includes(arn))
    .map((arn) => ({
      kind: 'load balancer',
      id: arn,
      remedy: `aws elbv2 delete-load-balancer --region ${region} --load-balancer-arn ${arn}`,
      monthlyUsd: MONTHLY['load balancer'],
    }));
}

async function logGroups(aws: Aws, region: string, cluster: string): Promise<readonly Leftover[]> {
  const groups = [];
  for (const folder of LOG_FOLDERS) groups.push(...(await aws.logGroups(folder(cluster))));
  return groups.map((group) => ({
    kind: 'log group',
    id: group.logGroupName,
    remedy: `aws logs delete-log-group --region ${region} --log-group-name ${group.logGroupName}`,
    monthlyUsd: MONTHLY['log group'](group),
  }));
}

/**
 * Keys that Terraform has destroyed are deleted by AWS after a waiting period, and are still found by their tags for a while after that.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
 */
async function keys(aws: Aws, region: string, tagged: readonly string[]): Promise<AwsLeftovers> {
  const left: Leftover[] = [];
  const pendingKeys: PendingKey[] = [];
  for (const id of new Set(tagged.filter((arn) => arn.includes(':kms:')))) {
    const key = await aws.key(id);
    if (key === undefined) continue;
    const { KeyState, DeletionDate = '' } = key;
    if (KeyState === 'PendingDeletion') pendingKeys.push({ id, deletedOn: DeletionDate.slice(0, 10) });
    else
      left.push({
        kind: 'KMS key',
        id,
        remedy: `${KeyState}; aws kms schedule-key-deletion --region ${region} --key-id ${id}`,
        monthlyUsd: MONTHLY.key,
      });
  }
  return { left, pendingKeys };
}

/** Searches Konnect by the cluster's names. */
export async function konnectLeftovers(context: Context, claim: KonnectClaim): Promise<readonly Leftover[]> {
  const { steps } = await readTeardownPlan(openKonnect(context), claim);
  return steps.map((step) => ({
    kind: 'Konnect',
    id: step.id,
    remedy: `${describeStep(step)}; ollama-eks konnect down`,
    monthlyUsd: undefined,
  }));
}
