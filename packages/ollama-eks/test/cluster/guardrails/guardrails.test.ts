import { KubernetesVersion } from '../../../src/catalogue/kubernetes-version';
import type { BudgetProps } from '../../../src/cluster/guardrails/budget';
import { type Properties, Template } from '../../../src/testing';
import { refusal } from '../../refusal';
import { clusterWith, idHas, templateWith, token } from '../given';

const gpu = [{ instanceType: 'g5.12xlarge', name: 'gpu', replicas: 8 }];
const preconditions = (template: Template): Properties[] => {
  const group = idHas(template.resources('aws_eks_node_group'), 'gpu-nodes-gpu_');
  return (group.lifecycle as { readonly precondition: Properties[] }).precondition;
};
const checks = (template: Template): unknown => Object.values(template.checks());

const NO_CHECKS = { quotaCheck: false, offeringCheck: false, versionCheck: 'none', upgradeCheck: false } as const;

describe('checks at plan', () => {
  const template = templateWith({ gpu });

  test('the quota must cover the GPU nodes at their maximum', () => {
    expect(template.dataSource('aws_servicequotas_service_quota')).toMatchObject({
      service_code: 'ec2',
      quota_code: 'L-DB2E81BA',
    });
    expect(preconditions(template)[0]).toMatchObject({
      condition: expect.stringMatching(/^\$\{\(data\.aws_servicequotas_service_quota\..*\.value >= 96\)\}$/),
      error_message: expect.stringContaining('need 96 vCPUs'),
    });
  });

  test('the zone must offer the instance type', () => {
    expect(template.dataSource('aws_ec2_instance_type_offerings')).toMatchObject({
      location_type: 'availability-zone',
      filter: [{ name: 'instance-type', values: ['g5.12xlarge'] }],
    });
    expect(preconditions(template)[1]).toMatchObject({
      condition: expect.stringMatching(
        /^\$\{contains\(data\..*\.locations, element\(data\.aws_availability_zones\..*, 0\)\)\}$/,
      ),
      error_message: expect.stringMatching(/^g5\.12xlarge is not offered .* \$\{join\(", ", sort\(data\./),
    });
  });

  test('a version out of support is a warning that stops nothing', () => {
    expect(checks(template)).toEqual([
      {
        assert: {
          condition: expect.stringMatching(
            /^\$\{timecmp\(plantimestamp\(\), "2027-08-02T23:59:59Z"\) <= 0 \|\| aws_eks_cluster\.\S+\.version != "1\.36"\}$/,
          ),
          error_message: expect.stringContaining('2027-08-02'),
        },
      },
    ]);
  });

  test('an upgrade that skips a minor version is refused, as is a downgrade, once the cluster exists', () => {
    const { count, lifecycle } = template.dataSource('aws_eks_cluster');
    expect(count).toMatch(/^\$\{contains\(tolist\(data\.aws_eks_clusters\.\S+\.names\), "ollama"\) \? 1 : 0\}$/);
    expect(lifecycle).toEqual({
      postcondition: [
        {
          condition: '${contains(["1.35","1.36"], self.version)}',
          error_message: expect.stringMatching(
            /^kubernetesVersion = "1\.36": the cluster runs \$\{self\.version\}, and EKS neither/,
          ),
        },
      ],
    });
  });

  test('an upgrade that leaves add-ons behind is refused, of those whose versions were chosen', () => {
    const addOns = { coreDns: { version: 'v1.13.2-eksbuild.31' }, vpcCni: { configuration: {} } };
    const { lifecycle } = templateWith({ gpu, addOns }).dataSource('aws_eks_cluster');
    expect(lifecycle).toEqual({
      postcondition: [
        expect.anything(),
        {
          condition: expect.stringMatching(
            /^\$\{self\.version == "1\.36" \|\| .*"v1\.13\.2-eksbuild\.31"\).* >= .*, data\.aws_eks_addon_version\.\S+\.version\)/,
          ),
          error_message: expect.stringMatching(
            /^addOns\.coreDns\.version = "v1\.13\.2-eksbuild\.31": is behind \$\{data\.aws_eks_addon_version\.\S+\.version\}, /,
          ),
        },
      ],
    });
  });

  test('can be turned off', () => {
    const none = templateWith({ gpu, guardrails: NO_CHECKS });
    expect(preconditions(none)).toEqual([]);
    expect(checks(none)).toEqual([]);
    expect(none.dataSources('aws_servicequotas_service_quota')).toEqual({});
    expect(none.dataSources('aws_ec2_instance_type_offerings')).toEqual({});
    expect(none.dataSources('aws_eks_cluster')).toEqual({});
  });

  test('the version can be checked with EKS itself', () => {
    const asked = templateWith({ guardrails: { versionCheck: 'eks' } });
    expect(Object.values(asked.dataSources('aws_eks_cluster_versions'))).toEqual([{ cluster_versions_only: ['1.36'] }]);
    expect(checks(asked)).toEqual([
      {
        assert: {
          condition: expect.stringMatching(
            /^\$\{length\((data\.aws_eks_cluster_versions\.\S+\.cluster_versions)\) > 0 && alltrue\(\[for v in \1 : v\.version_status == "STANDARD_SUPPORT"\]\)\}$/,
          ),
          error_message: expect.any(String),
        },
      },
    ]);
  });

  test('a version whose date is not known is checked with EKS', () => {
    const asked = templateWith({ kubernetesVersion: KubernetesVersion.of('1.40') });
    expect(Object.values(asked.dataSources('aws_eks_cluster_versions'))).toEqual([{ cluster_versions_only: ['1.40'] }]);
    expect(checks(asked)).toHaveLength(1);
  });
});

test('a budget notifies of actual and forecast cost', () => {
  const topicArns = ['arn:aws:sns:us-west-2:111122223333:cost'];
  const budget = { monthlyUsd: 1500, emails: ['team@example.com'], topicArns, thresholds: [50] };
  const template = templateWith({ guardrails: { budget } });
  const subscribers = { subscriber_email_addresses: ['team@example.com'], subscriber_sns_topic_arns: topicArns };
  expect(template.resource('aws_budgets_budget')).toMatchObject({
    name: 'ollama-us-west-2-monthly',
    limit_amount: '1500.00',
    limit_unit: 'USD',
    cost_filter: [{ name: 'TagKeyValue', values: ['user:ollama-eks/cluster$ollama'] }],
    notification: [
      { notification_type: 'ACTUAL', threshold: 50, threshold_type: 'PERCENTAGE', ...subscribers },
      { notification_type: 'FORECASTED', threshold: 100, ...subscribers },
    ],
  });
});

describe('a budget is refused', () => {
  const topic = 'arn:aws:sns:us-west-2:111122223333:cost';
  const refused = (change: Partial<BudgetProps>, region?: string) =>
    refusal(() => clusterWith({ region, guardrails: { budget: { monthlyUsd: 100, emails: ['a@b.c'], ...change } } }))
      .message;

  test('with more topics than AWS Budgets supports', () => {
    expect(refused({ topicArns: [topic, `${topic}-2`] })).toContain(
      `guardrails.budget.topicArns = ["${topic}","${topic}-2"]: has more than one topic: AWS Budgets notifies only one; allowed: one topic`,
    );
  });

  test.each(['cost', 'arn:aws:sqs:us-west-2:111122223333:cost', `${topic}.fifo`])('with the topic %s', (arn) => {
    expect(refused({ topicArns: [arn] })).toContain(
      `guardrails.budget.topicArns[0] = "${arn}": has the wrong form; allowed: the ARN of a standard SNS topic`,
    );
  });

  test('with a duplicate percentage', () => {
    expect(refused({ thresholds: [80, 80] })).toContain(
      'guardrails.budget.thresholds = [80,80]: contains a duplicate; allowed: different percentages',
    );
  });

  test('where AWS does not support it', () => {
    expect(refused({}, 'us-gov-west-1')).toContain(
      'guardrails.budget: is not supported in us-gov-west-1: GovCloud costs are billed to the associated standard account',
    );
  });
});

test('a budget has a different name in each region, within the maximum length', () => {
  const budget = { monthlyUsd: 1, topicArns: [token('topic')] };
  const template = templateWith({ clusterName: 'x'.repeat(100), guardrails: { budget } });
  expect(template.resource('aws_budgets_budget').name).toMatch(/^x{82}-us-west-2-monthly$/);
});

describe('a night schedule', () => {
  const nightSchedule = {
    stop: 'cron(0 20 ? * MON-FRI *)',
    start: 'cron(0 7 ? * MON-FRI *)',
    timeZone: 'Europe/Berlin',
  };
  const { stack } = clusterWith({ gpu: [...gpu, { instanceType: 'g6.12xlarge', name: 'standby' }], nightSchedule });
  const template = Template.fromStack(stack);
  const schedules = template.resources('aws_scheduler_schedule');
  const input = (schedule: Properties): unknown => JSON.parse(String((schedule.target as Properties).input));

  test('scales every pool to zero', () => {
    expect(idHas(schedules, 'stop-gpu_')).toMatchObject({
      schedule_expression: nightSchedule.stop,
      schedule_expression_timezone: 'Europe/Berlin',
      flexible_time_window: { mode: 'OFF' },
      target: { arn: expect.stringMatching(/:scheduler:::aws-sdk:eks:updateNodegroupConfig$/) },
    });
    expect(input(idHas(schedules, 'stop-gpu_'))).toEqual({
      ClusterName: 'ollama',
      NodegroupName: expect.stringContaining('node_group_name'),
      ScalingConfig: { MinSize: 0, MaxSize: 2, DesiredSize: 0 },
    });
    expect(idHas(schedules, 'stop-standby')).toBeDefined();
  });

  test('scales up what the replicas need, and no standby pool', () => {
    expect(input(idHas(schedules, 'start-gpu_'))).toMatchObject({
      ScalingConfig: { MinSize: 0, MaxSize: 2, DesiredSize: 2 },
    });
    expect(Object.keys(schedules)).not.toContainEqual(expect.stringContaining('start-standby'));
  });

  test('can resize these node groups and nothing else', () => {
    const { policy } = idHas(template.resources('aws_iam_role_policy'), 'night-schedule');
    expect(JSON.parse(String(policy))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'eks:UpdateNodegroupConfig',
          Resource: [
            expect.stringMatching(/gpu-nodes-gpu_.*\.arn/),
            expect.stringMatching(/gpu-nodes-standby_.*\.arn/),
          ],
        },
      ],
    });
  });

  test('trusts only EventBridge Scheduler of this account', () => {
    const trust = idHas(template.resources('aws_iam_role'), 'night-schedule').assume_role_policy;
    expect(JSON.parse(String(trust))).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': expect.any(String) } },
        },
      ],
    });
  });
});
