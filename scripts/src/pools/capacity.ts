// https://docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html and https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-capacity.html
import { CommandError, ExitCode } from '../program/exit-codes';
import type { Aws, NodeGroup } from '../systems/aws';

/** What EC2 and EKS say when the account may not have so many. */
const QUOTA = /VcpuLimitExceeded|MaxSpotInstanceCountExceeded|InstanceLimitExceeded|vCPU (capacity|limit)/i;
/** What they say when AWS has none. */
const CAPACITY =
  /InsufficientInstanceCapacity|InsufficientCapacity|UnfulfillableCapacity|do not have sufficient|capacity-not-available/i;

/** Why a node group gets no instance; newest first. */
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

/** Why waiting is in vain: exit code 4 for a quota, 6 where AWS has no such instance; undefined for what may pass. */
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
      remedy: `raise the vCPU quota of ${type}: ollama-eks doctor names it`,
    });
  }
  const capacity = problems.find((problem) => CAPACITY.test(problem));
  if (capacity === undefined) return undefined;
  const spare = others.length > 0 ? `another pool: ollama-eks scale resume --pool ${others.join(' | ')}; or ` : '';
  return new CommandError(ExitCode.failedState, `${subject}: AWS has no ${type} there now: ${capacity}`, {
    remedy: `${spare}try again later; EKS goes on trying meanwhile`,
  });
}
