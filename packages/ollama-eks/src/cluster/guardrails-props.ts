/** A monthly budget of what the cluster costs, by its tag `ollama-eks/cluster`. */
export interface BudgetProps {
  /** USD a month. */
  readonly monthlyUsd: number;
  /** Who is told; at least one, here or in `topicArns`. @default - nobody by mail */
  readonly emails?: readonly string[];
  /** SNS topics that are told; may be tokens. @default - none */
  readonly topicArns?: readonly string[];
  /** Percentages of actual cost at which they are told; a forecast above 100 % is told as well. @default [80, 100] */
  readonly thresholds?: readonly number[];
}

/** What keeps from costly surprises. The checks are made at plan, before anything is created. */
export interface GuardrailsProps {
  /** Budget with notification. The tag must be active as a cost allocation tag. @default - none */
  readonly budget?: BudgetProps;
  /** Whether the account's vCPU quota must hold the GPU nodes at their largest. @default true */
  readonly quotaCheck?: boolean;
  /** Whether the zone of each GPU pool must offer its instance type. @default true */
  readonly offeringCheck?: boolean;
  /**
   * Whether a plan warns of a Kubernetes version out of standard support: by the dates of the `catalogue`, by what EKS
   * says (`eks`; needs AWS provider 6), or not at all (`none`).
   * @default 'catalogue'
   */
  readonly versionCheck?: 'catalogue' | 'eks' | 'none';
}
