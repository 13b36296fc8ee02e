/** Universal targets: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html */
import { ValidationError } from '../errors';
import { Construct, type TerraformProvider } from '../framework';
import { aws } from '../providers/aws';
import { AwsAccount } from './aws-account';
import { checkForm } from './check';
import type { GpuNodes } from './gpu-nodes';
import { nodeGroupScaling, onlyFor, serviceTrust } from './iam-policy';
import { ServiceRole } from './service-role';

/** When GPU nodes run. EventBridge Scheduler sets the size of the node groups; nothing has to run in the cluster for it. */
export interface NightScheduleProps {
  /** When the GPU pools go to zero: `cron(0 20 ? * MON-FRI *)`. */
  readonly stop: string;
  /** When they come back to the size that their replicas need. @default - never: somebody scales them up */
  readonly start?: string;
  /** IANA name of the time zone. @default 'UTC' */
  readonly timeZone?: string;
}

/** Properties of a NightSchedule. */
export interface NightScheduleConstructProps extends NightScheduleProps {
  readonly clusterName: string;
  readonly region: string;
  readonly gpuNodes: readonly GpuNodes[];
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
const CRON = {
  pattern: /^cron\((\S+ ){5}\S+\)$/,
  allowed: 'six fields: cron(0 20 ? * MON-FRI *)',
  remedy: 'write minutes, hours, day of month, month, day of week and year',
};
const TIME_ZONE = {
  pattern: /^[A-Za-z]+([/_+-]?[A-Za-z0-9]+)*$/,
  allowed: 'an IANA name such as Europe/Berlin',
  remedy: 'correct it, or leave it out for UTC',
};

/** Takes GPU pools to zero at night, and back if asked to. */
export class NightSchedule extends Construct {
  private readonly role: ServiceRole;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: NightScheduleConstructProps,
  ) {
    super(scope, id);
    const { clusterName, region, gpuNodes, start, tags, provider } = props;
    checkForm('nightSchedule.stop', props.stop, CRON);
    if (start !== undefined) checkForm('nightSchedule.start', start, CRON);
    if (props.timeZone !== undefined) checkForm('nightSchedule.timeZone', props.timeZone, TIME_ZONE);
    checkSizes(gpuNodes);
    const { accountId, partition } = AwsAccount.of(this, provider);
    this.role = new ServiceRole(this, 'role', {
      namePrefix: `${clusterName}-schedule`,
      trust: serviceTrust(
        'scheduler.amazonaws.com',
        onlyFor(accountId, `arn:${partition}:scheduler:${region}:${accountId}:schedule-group/default`),
      ),
      statements: [nodeGroupScaling(gpuNodes.map(({ nodeGroup }) => nodeGroup.resource.arn))],
      tags,
      provider,
    });
    for (const nodes of gpuNodes) {
      const { minSize, maxSize, nodes: size } = nodes.pool;
      this.schedule('stop', props.stop, nodes, { MinSize: 0, MaxSize: maxSize, DesiredSize: 0 });
      if (start !== undefined && size > 0) {
        this.schedule('start', start, nodes, { MinSize: minSize, MaxSize: maxSize, DesiredSize: size });
      }
    }
  }

  private schedule(
    what: 'start' | 'stop',
    expression: string,
    { pool, nodeGroup }: GpuNodes,
    ScalingConfig: Readonly<Record<string, number>>,
  ): void {
    const { clusterName, timeZone = 'UTC', provider } = this.props;
    const { partition } = AwsAccount.of(this, provider);
    new aws.SchedulerSchedule(this, `${what}-${pool.name}`, {
      namePrefix: `${clusterName.slice(0, 20)}-${pool.name.slice(0, 10)}-${what}-`,
      description: `${what === 'stop' ? 'Stops' : 'Starts'} GPU pool ${pool.name} of EKS cluster ${clusterName}`,
      scheduleExpression: expression,
      scheduleExpressionTimezone: timeZone,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: `arn:${partition}:scheduler:::aws-sdk:eks:updateNodegroupConfig`,
        roleArn: this.role.roleArn,
        // names as AWS SDKs write members, which is what universal targets take
        input: JSON.stringify({ ClusterName: clusterName, NodegroupName: nodeGroup.nodeGroupName, ScalingConfig }),
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 },
      },
      dependsOn: [...this.role.grants],
      provider,
    });
  }
}

/** Refuses pools that keep a node: Terraform would set their least size again, and start it by night. */
function checkSizes(gpuNodes: readonly GpuNodes[]): void {
  const kept = gpuNodes.find(({ pool }) => pool.minSize > 0);
  if (kept === undefined) return;
  throw new ValidationError({
    property: 'gpu.minSize',
    value: kept.pool.minSize,
    problem: `keeps nodes of pool ${kept.pool.name} by night, which the schedule is to stop`,
    allowed: '0 with nightSchedule',
    remedy: 'leave minSize out',
  });
}
