/**
 * Budgets: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
 * Who is told: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_NotificationWithSubscribers.html
 */
import { checkForm } from '../../check-text';
import { refuser, ValidationError } from '../../errors';
import { Construct, type TerraformProvider } from '../../framework';
import { aws } from '../../providers/aws';
import { CLUSTER_TAG } from '../../workload/names';
import { partitionOf } from '../aws/partition';

/** A monthly budget of what the cluster costs, by its tag `ollama-eks/cluster`. */
export interface BudgetProps {
  /** USD a month. */
  readonly monthlyUsd: number;
  /** Who is told by mail. @default - nobody; then `topicArns` is required */
  readonly emails?: readonly string[];
  /** The SNS topic that is told, one at most; may be a token. @default - none; then `emails` is required */
  readonly topicArns?: readonly string[];
  /** Different percentages of actual cost at which they are told; a forecast above 100 % is told as well. @default [80, 100] */
  readonly thresholds?: readonly number[];
}

/** Properties of a Budget. */
export interface BudgetConstructProps extends BudgetProps {
  readonly clusterName: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

const DEFAULT_THRESHOLDS = [80, 100];
/** Names of budgets have at most 100 characters, as those of clusters do. */
const LONGEST_NAME = 100;
/** Most e-mail addresses of one notification. */
const MOST_EMAILS = 10;
const EMAIL = {
  pattern: /^[^@\s]+@[^@\s]+$/,
  allowed: 'an e-mail address',
  remedy: 'correct it',
  tokens: true,
};
/** A topic of its own: one that keeps the order of messages takes none from other services. */
const TOPIC = {
  pattern: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
  allowed: 'the ARN of a standard SNS topic, such as arn:aws:sns:us-west-2:111122223333:cost',
  remedy: 'take it from `aws sns list-topics`',
  tokens: true,
};

/** Tells somebody before the month gets dear. */
export class Budget extends Construct {
  public constructor(scope: Construct, id: string, props: BudgetConstructProps) {
    super(scope, id);
    checkPartition(props.region);
    checkBudget(props);
    const { clusterName, region, monthlyUsd, emails = [], topicArns = [], thresholds = DEFAULT_THRESHOLDS } = props;
    const notification = (notificationType: string, threshold: number) => ({
      notificationType,
      threshold,
      thresholdType: 'PERCENTAGE',
      comparisonOperator: 'GREATER_THAN',
      subscriberEmailAddresses: [...emails],
      subscriberSnsTopicArns: [...topicArns],
    });
    new aws.BudgetsBudget(this, 'Resource', {
      name: budgetName(clusterName, region),
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      limitAmount: monthlyUsd.toFixed(2),
      limitUnit: 'USD',
      costFilter: [{ name: 'TagKeyValue', values: [`user:${CLUSTER_TAG}$${clusterName}`] }],
      notification: [
        ...thresholds.map((threshold) => notification('ACTUAL', threshold)),
        notification('FORECASTED', 100),
      ],
      tags: { ...props.tags },
      provider: props.provider,
    });
  }
}

/** Names of budgets are the account's, those of clusters the region's. */
function budgetName(clusterName: string, region: string): string {
  const end = `-${region}-monthly`;
  return `${clusterName.slice(0, LONGEST_NAME - end.length)}${end}`;
}

/** @see https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/usage-and-payment.html */
function checkPartition(region: string): void {
  if (partitionOf(region) !== 'aws-us-gov') return;
  throw new ValidationError({
    property: 'guardrails.budget',
    problem: `can’t be in ${region}: costs of GovCloud are told in the standard account that stands beside it`,
    allowed: 'nothing in GovCloud',
    remedy: 'leave it out, and set a budget in the standard account',
  });
}

function checkBudget({ monthlyUsd, emails = [], topicArns = [], thresholds = DEFAULT_THRESHOLDS }: BudgetProps): void {
  const refuse = refuser({ remedy: 'correct it, or leave the budget out' });
  const property = 'guardrails.budget';
  if (!(monthlyUsd > 0) || !Number.isFinite(monthlyUsd)) {
    refuse({
      property: `${property}.monthlyUsd`,
      value: monthlyUsd,
      problem: 'is no amount',
      allowed: 'USD above 0, known at synth',
    });
  }
  if (emails.length + topicArns.length === 0) {
    refuse({
      property: `${property}.emails`,
      value: emails,
      problem: 'is empty, and no topic is named: nobody would be told',
      allowed: 'at least one address or topic',
    });
  }
  if (emails.length > MOST_EMAILS) {
    refuse({
      property: `${property}.emails`,
      value: emails,
      problem: 'is too long',
      allowed: `at most ${MOST_EMAILS} addresses`,
    });
  }
  emails.forEach((email, index) => checkForm(`${property}.emails[${index}]`, email, EMAIL));
  if (topicArns.length > 1) {
    refuse({
      property: `${property}.topicArns`,
      value: topicArns,
      problem: 'is more than the one topic that AWS Budgets tells',
      allowed: 'one topic',
    });
  }
  topicArns.forEach((arn, index) => checkForm(`${property}.topicArns[${index}]`, arn, TOPIC));
  checkThresholds(`${property}.thresholds`, thresholds);
}

function checkThresholds(property: string, thresholds: readonly number[]): void {
  const refuse = refuser({ property, remedy: 'correct it, or leave the budget out' });
  const bad = thresholds.find((threshold) => !(threshold > 0 && threshold <= 1000));
  if (bad !== undefined || thresholds.length > 4) {
    refuse({ value: bad ?? thresholds, problem: 'can’t be', allowed: 'at most 4 percentages above 0, up to 1000' });
  }
  if (new Set(thresholds).size < thresholds.length) {
    refuse({ value: thresholds, problem: 'names a percentage twice', allowed: 'different percentages' });
  }
}
