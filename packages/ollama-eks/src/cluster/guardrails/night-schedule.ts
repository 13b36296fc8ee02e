/** Universal targets: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html */
import { ValidationError } from '../../errors';
import { Construct, type TerraformProvider, Token } from '../../framework';
import { aws } from '../../providers/aws';
import type { SchedulerSchedule } from '../../providers/aws-types';
import { listOf } from '../../sizing/units';
import { AwsAccount } from '../aws/aws-account';
import { nodeGroupScaling, onlyFor, serviceTrust } from '../aws/iam-policy';
import { ServiceRole } from '../aws/service-role';
import { shortened } from '../../shortened';
import type { GpuNodes } from '../nodes/gpu-nodes';
import type { GpuPoolProps } from '../nodes/gpu-pool';
import { poolProperty } from '../nodes/pool-names';
import { checkCron } from './cron-expression';

/** Schedule of GPU nodes. EventBridge Scheduler sets the size of the node groups; nothing runs in the cluster for it. */
export interface NightScheduleProps {
  /** When the GPU pools are scaled to zero: `cron(0 20 ? * MON-FRI *)`. */
  readonly stop: string;
  /** When the GPU pools are scaled to the size that their replicas need. @default - never; you scale them up yourself */
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

/** Form of an IANA name, which excludes offsets from UTC. @see https://www.iana.org/time-zones */
const TIME_ZONE = /^[A-Za-z]+([/_+-]?[A-Za-z0-9]+)*$/;

/** Scales GPU pools to zero at night, and optionally back. */
export class NightSchedule extends Construct {
  /** Role that sets the size of the node groups. */
  public readonly role: ServiceRole;
  /** For each pool, one that stops its nodes and, with `start`, one that starts them. */
  public readonly schedules: readonly SchedulerSchedule[];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: NightScheduleConstructProps,
  ) {
    super(scope, id);
    const { clusterName, region, gpuNodes, start, tags, provider } = props;
    checkCron('nightSchedule.stop', props.stop);
    if (start !== undefined) checkCron('nightSchedule.start', start);
    if (props.timeZone !== undefined) checkTimeZone('nightSchedule.timeZone', props.timeZone);
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
    this.schedules = gpuNodes.flatMap((nodes) => this.schedulesOf(nodes));
    this.node.defaultChild = this.schedules[0];
  }

  private schedulesOf(nodes: GpuNodes): readonly SchedulerSchedule[] {
    const { stop, start } = this.props;
    const { minSize, maxSize, nodes: size } = nodes.pool;
    const stops = this.schedule('stop', stop, nodes, { MinSize: 0, MaxSize: maxSize, DesiredSize: 0 });
    if (start === undefined || size === 0) return [stops];
    return [stops, this.schedule('start', start, nodes, { MinSize: minSize, MaxSize: maxSize, DesiredSize: size })];
  }

  private schedule(
    what: 'start' | 'stop',
    expression: string,
    { pool, nodeGroup }: GpuNodes,
    ScalingConfig: Readonly<Record<string, number>>,
  ): SchedulerSchedule {
    const { clusterName, timeZone = 'UTC', provider } = this.props;
    const { partition } = AwsAccount.of(this, provider);
    return new aws.SchedulerSchedule(this, `${what}-${pool.name}`, {
      namePrefix: `${shortened(clusterName, 20)}-${pool.name.slice(0, 10)}-${what}-`,
      description: `${what === 'stop' ? 'Stops' : 'Starts'} GPU pool ${pool.name} of EKS cluster ${clusterName}`,
      scheduleExpression: expression,
      scheduleExpressionTimezone: timeZone,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: `arn:${partition}:scheduler:::aws-sdk:eks:updateNodegroupConfig`,
        roleArn: this.role.roleArn,
        // Universal targets expect member names as in the AWS SDKs.
        input: JSON.stringify({ ClusterName: clusterName, NodegroupName: nodeGroup.nodeGroupName, ScalingConfig }),
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 },
      },
      dependsOn: [...this.role.grants],
      provider,
    });
  }
}

function checkTimeZone(property: string, name: string): void {
  if (!Token.isUnresolved(name) && TIME_ZONE.test(name) && isTimeZone(name)) return;
  throw new ValidationError({
    property,
    value: name,
    problem: Token.isUnresolved(name) ? 'is known only at apply' : 'is not a time zone',
    allowed: 'an IANA name such as Europe/Berlin, known at synth',
    remedy: 'correct it, or omit it for UTC',
  });
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Refuses pools with a minimum size: Terraform would restore it, and start nodes at night. */
export function checkScheduledPools(gpu: GpuPoolProps | readonly GpuPoolProps[]): void {
  listOf(gpu).forEach(({ minSize = 0 }, index) => {
    if (minSize === 0) return;
    throw new ValidationError({
      property: `${poolProperty(gpu, index)}.minSize`,
      value: minSize,
      problem: 'keeps nodes running at night, which conflicts with nightSchedule',
      allowed: '0 with nightSchedule',
      remedy: 'omit minSize',
    });
  });
}
