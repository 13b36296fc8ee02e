/**
 * Budgets: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
 * Subscribers: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_NotificationWithSubscribers.html
 */
import { checkForm } from '../../check-text';
import { refuser, ValidationError } from '../../errors';
import { Construct, Fn, type TerraformProvider, Token } from '../../framework';
import { aws } from '../../providers/aws';
import type { BudgetsBudget } from '../../providers/aws-types';
import { CLUSTER_TAG } from '../../workload/names';
import { partitionOf } from '../aws/partition';
import { checkTopicArn } from '../aws/sns-topic';
import { shortened } from '../../shortened';

/** A monthly budget for the cost of the cluster, by its tag `ollama-eks/cluster`. */
export interface BudgetProps {
  /** Limit in USD per month. */
  readonly monthlyUsd: number;
  /** Email addresses to notify. @default - none; then `topicArns` is required */
  readonly emails?: readonly string[];
  /** ARN of the SNS topic to notify, at most one; may be a token. @default - none; then `emails` is required */
  readonly topicArns?: readonly string[];
  /** Percentages of the limit at which actual cost triggers a notification; a forecast above 100 % always does. @default [80, 100] */
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
/** Maximum length of a budget's name, as of a cluster's. */
const LONGEST_NAME = 100;
/** Maximum number of email addresses per notification. */
const MOST_EMAILS = 10;
const EMAIL = {
  pattern: /^[^@\s]+@[^@\s]+$/,
  allowed: 'an email address',
  remedy: 'correct it',
  tokens: true,
};
/** A budget that sends notifications before the monthly bill runs high. */
export class Budget extends Construct {
  public readonly resource: BudgetsBudget;

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
    this.resource = new aws.BudgetsBudget(this, 'Resource', {
      name: budgetName(clusterName, region),
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      limitAmount: monthlyUsd.toFixed(2),
      limitUnit: 'USD',
      costFilter: [{ name: 'TagKeyValue', values: [tagFilter(clusterName)] }],
      notification: [
        ...thresholds.map((threshold) => notification('ACTUAL', threshold)),
        notification('FORECASTED', 100),
      ],
      tags: { ...props.tags },
      provider: props.provider,
    });
  }
}

/** Returns the value that selects the cost of a cluster. In Terraform, `$${` is not the beginning of a reference. */
function tagFilter(clusterName: string): string {
  const parts = [`user:${CLUSTER_TAG}`, clusterName];
  return Token.isUnresolved(clusterName) ? Fn.join('$', parts) : parts.join('$');
}

/** Returns the name of the budget: budget names are unique per account, cluster names per region. */
function budgetName(clusterName: string, region: string): string {
  const end = `-${region}-monthly`;
  return `${shortened(clusterName, LONGEST_NAME - end.length)}${end}`;
}

/** @see https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/usage-and-payment.html */
function checkPartition(region: string): void {
  if (partitionOf(region) !== 'aws-us-gov') return;
  throw new ValidationError({
    property: 'guardrails.budget',
    problem: `is not supported in ${region}: GovCloud costs are billed to the associated standard account`,
    allowed: 'no value in GovCloud',
    remedy: 'omit it, and create a budget in the standard account',
  });
}

function checkBudget({ monthlyUsd, emails = [], topicArns = [], thresholds = DEFAULT_THRESHOLDS }: BudgetProps): void {
  const refuse = refuser({ remedy: 'correct it, or omit the budget' });
  const property = 'guardrails.budget';
  if (!(monthlyUsd > 0) || !Number.isFinite(monthlyUsd)) {
    refuse({
      property: `${property}.monthlyUsd`,
      value: monthlyUsd,
      problem: 'must be a positive amount',
      allowed: 'USD above 0, known at synth',
    });
  }
  if (emails.length + topicArns.length === 0) {
    refuse({
      property: `${property}.emails`,
      value: emails,
      problem: 'is empty, and so is topicArns: nobody would be notified',
      allowed: 'at least one address or topic',
    });
  }
  if (emails.length > MOST_EMAILS) {
    refuse({
      property: `${property}.emails`,
      value: emails,
      problem: 'has too many addresses',
      allowed: `at most ${MOST_EMAILS} addresses`,
    });
  }
  emails.forEach((email, index) => checkForm(`${property}.emails[${index}]`, email, EMAIL));
  if (topicArns.length > 1) {
    refuse({
      property: `${property}.topicArns`,
      value: topicArns,
      problem: 'has more than one topic: AWS Budgets notifies only one',
      allowed: 'one topic',
    });
  }
  topicArns.forEach((arn, index) => checkTopicArn(`${property}.topicArns[${index}]`, arn));
  checkThresholds(`${property}.thresholds`, thresholds);
}

function checkThresholds(property: string, thresholds: readonly number[]): void {
  const refuse = refuser({ property, remedy: 'correct it, or omit the budget' });
  const bad = thresholds.find((threshold) => !(threshold > 0 && threshold <= 1000));
  if (bad !== undefined || thresholds.length > 4) {
    refuse({ value: bad ?? thresholds, problem: 'is not valid', allowed: 'at most 4 percentages above 0, up to 1000' });
  }
  if (new Set(thresholds).size < thresholds.length) {
    refuse({ value: thresholds, problem: 'contains a duplicate', allowed: 'different percentages' });
  }
}
