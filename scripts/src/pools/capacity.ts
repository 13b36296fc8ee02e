// https://docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html and https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-capacity.html
import { CommandError, ExitCode } from '../program/exit-codes';
import type { Aws, NodeGroup } from '../systems/aws';

/** Errors of EC2 and EKS if a quota of the account is used up. */
const QUOTA = /VcpuLimitExceeded|MaxSpotInstanceCountExceeded|InstanceLimitExceeded|vCPU (capacity|limit)/i;
/** Errors of EC2 and EKS if AWS has no capacity. */
const CAPACITY =
  /InsufficientInstanceCapacity|InsufficientCapacity|UnfulfillableCapacity|do not have sufficient|capacity-not-available/i;

/** Lists why a node group gets no instances, newest first. */
export async function capacityProblems(aws: Aws, nodeGroup: NodeGroup, since: number): Promise<readonly string[]> {
  const issues = (nodeGroup.health?.issues ?? []).map(({ code, message }) => `${code}: ${message}`);
  const groups = nodeGroup.resources?.autoScalingGroups ?? [];
  const activities = await Promise.all(groups.map(({ name }) => aws.scalingActivities(name)));
  const failed = activities
    .flat()
    .filter(({ StatusCode, StartTime }) => StatusCode === 'Failed' && Date.parse(StartTime) >= since)
    .map(({ StatusMessage, Description }) => StatusMessage ?? Description);
  return [...issues, ...failed];
}

/** Returns why waiting cannot help: exit code 4 for a quota, 6 if AWS has no capacity; undefined for temporary problems. */
export function hopeless(
  nodeGroup: NodeGroup,
  problems: readonly string[],
  others: readonly string[],
): CommandError | undefined {
  const type = nodeGroup.instanceTypes?.join(', ') ?? 'this type';
  const subject = `node group ${nodeGroup.nodegroupName}`;
  const quota = problems.find((problem) => QUOTA.test(problem));
  if (quota !== undefined) {
    return new CommandError(ExitCode.quota, `${subject}: ${quota}`, {
      remedy: `raise the vCPU quota of ${type}, which ollama-eks doctor names`,
    });
  }
  const capacity = problems.find((problem) => CAPACITY.test(problem));
  if (capacity === undefined) return undefined;
  const spare = others.length > 0 ? `use another pool: ollama-eks scale resume --pool ${others.join(' | ')}; or ` : '';
  return new CommandError(ExitCode.failedState, `${subject}: AWS has no capacity for ${type} now: ${capacity}`, {
    remedy: `${spare}try again later; EKS keeps trying meanwhile`,
  });
}
