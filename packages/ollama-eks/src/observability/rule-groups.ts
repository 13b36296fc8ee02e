import { alertingRule, ALERTS, budgetAlert, POD_STATES } from './alerts';
import type { RuleGroup } from './monitoring-types';
import { type NodePrices, recordingRules } from './recording-rules';

/** What rules depend on. */
export interface RuleInput extends NodePrices {
  /**
   * Monthly budget in USD.
   * @default - none
   */
  readonly monthlyUsd?: number;
}

/** Returns all rules. */
export function ruleGroups(input: RuleInput): readonly RuleGroup[] {
  const { monthlyUsd } = input;
  const alerts = [...ALERTS, ...(monthlyUsd === undefined ? [] : [budgetAlert(monthlyUsd)])];
  return [
    { name: 'ollama', rules: recordingRules(input) },
    { name: 'ollama-alerts', rules: alerts.map(alertingRule) },
  ];
}

/** Returns the rules for which nothing but the endpoint is measured: those of pods that do not start need kube-state-metrics. */
export function rulesWithoutPodStates(input: RuleInput): readonly RuleGroup[] {
  return ruleGroups(input).map(({ name, rules }) => ({
    name,
    rules: rules.filter(({ expr }) => !expr.includes(POD_STATES)),
  }));
}
