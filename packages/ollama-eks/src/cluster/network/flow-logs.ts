import { Construct, type TerraformProvider } from '../../framework';
import { aws } from '../../providers/aws';
import type { CloudwatchLogGroup, FlowLog } from '../../providers/aws-types';
import { AwsAccount } from '../aws/aws-account';
import { logDelivery, onlyFor, serviceTrust } from '../aws/iam-policy';
import { vpcLogFolder } from '../aws/log-group-names';
import { ServiceRole } from '../aws/service-role';

/** Properties of FlowLogs. */
export interface FlowLogsProps {
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  readonly retentionDays: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** Flow logs of a VPC in CloudWatch Logs: which addresses communicated. @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
export class FlowLogs extends Construct {
  public readonly resource: FlowLog;
  public readonly logGroup: CloudwatchLogGroup;
  /** Role that writes to the log group. */
  public readonly role: ServiceRole;

  public constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const { name, vpcId, provider, region } = props;
    const tags = { ...props.tags };
    const account = AwsAccount.of(this, provider);
    this.logGroup = new aws.CloudwatchLogGroup(this, 'log-group', {
      name: `${vpcLogFolder(name)}flow-logs`,
      retentionInDays: props.retentionDays,
      tags,
      provider,
    });
    this.role = new ServiceRole(this, 'role', {
      namePrefix: `${name}-flow-logs`,
      trust: serviceTrust(
        'vpc-flow-logs.amazonaws.com',
        onlyFor(account.accountId, `arn:${account.partition}:ec2:${region}:${account.accountId}:vpc-flow-log/*`),
      ),
      statements: [logDelivery(this.logGroup.arn)],
      tags,
      provider,
    });
    this.resource = new aws.FlowLog(this, 'Resource', {
      vpcId,
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logDestination: this.logGroup.arn,
      iamRoleArn: this.role.roleArn,
      tags: { ...tags, Name: `${name}-flow-logs` },
      dependsOn: [...this.role.grants],
      provider,
    });
  }
}
