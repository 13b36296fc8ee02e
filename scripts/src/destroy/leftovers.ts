import { CLUSTER_TAG, eksLogFolder, vpcLogFolder } from '@org/ollama-eks/pure';
import { describeStep, readTeardownPlan, type KonnectClaim } from '../konnect';
import { openKonnect } from '../konnect/access';
import type { Context } from '../program/context';
import { Aws } from '../systems/aws';

/** Tag of load balancers that a controller in the cluster created. @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/ */
const CONTROLLER_TAG = 'elbv2.k8s.aws/cluster';

/** Folder of the logs that CloudWatch's own add-on writes. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-setup-logs-FluentBit.html */
const insightsLogFolder = (cluster: string) => `/aws/containerinsights/${cluster}/`;

/** Folders of a cluster's log groups; its network has the cluster's name. */
const LOG_FOLDERS = [eksLogFolder, vpcLogFolder, insightsLogFolder];

/** Something that still exists after everything was destroyed. */
export interface Leftover {
  readonly kind: 'volume' | 'load balancer' | 'log group' | 'Konnect';
  readonly id: string;
  /** What it is, and how to delete it. */
  readonly remedy: string;
}

/** What leaves something. */
export interface Destroyed {
  readonly region: string;
  readonly cluster: string;
  /** Whether the cluster still runs for others, with its own logs and load balancers. */
  readonly existing: boolean;
}

/** Searches AWS, by tags and names, for what is left of an installation and still costs money. */
export async function awsLeftovers(
  context: Context,
  { region, cluster, existing }: Destroyed,
): Promise<readonly Leftover[]> {
  const aws = new Aws(context, region);
  const volumes = await aws.volumes(CLUSTER_TAG, cluster);
  const tags = existing ? [CLUSTER_TAG] : [CLUSTER_TAG, CONTROLLER_TAG];
  const tagged = [];
  for (const tag of tags) tagged.push(...(await aws.tagged(tag, cluster)));
  const balancers = tagged.map(({ ResourceARN: arn }) => arn).filter((arn) => arn.includes(':loadbalancer/'));
  const living = balancers.length === 0 ? [] : await aws.loadBalancers();
  const groups: string[] = [];
  for (const folder of existing ? [] : LOG_FOLDERS) groups.push(...(await aws.logGroups(folder(cluster))));
  return [
    ...volumes
      .filter(({ State }) => State !== 'deleting' && State !== 'deleted')
      .map(({ VolumeId: id, Size, State }) => ({
        kind: 'volume' as const,
        id,
        remedy: `${String(Size)} GiB, ${State}; delete it with --delete-volumes, or: aws ec2 delete-volume --region ${region} --volume-id ${id}`,
      })),
    ...[...new Set(balancers)]
      .filter((arn) => living.includes(arn))
      .map((arn) => ({
        kind: 'load balancer' as const,
        id: arn,
        remedy: `aws elbv2 delete-load-balancer --region ${region} --load-balancer-arn ${arn}`,
      })),
    ...groups.map((name) => ({
      kind: 'log group' as const,
      id: name,
      remedy: `aws logs delete-log-group --region ${region} --log-group-name ${name}`,
    })),
  ];
}

/** Searches Konnect by the cluster's names. */
export async function konnectLeftovers(context: Context, claim: KonnectClaim): Promise<readonly Leftover[]> {
  const { steps } = await readTeardownPlan(openKonnect(context), claim);
  return steps.map((step) => ({
    kind: 'Konnect',
    id: step.id,
    remedy: `${describeStep(step)}; ollama-eks konnect down`,
  }));
}
