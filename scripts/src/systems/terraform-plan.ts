import {
  planAction,
  planEffects,
  SUBJECTS,
  type Effect,
  type PlanAction,
  type PlanEffect,
  type TerraformPlan,
} from '@org/ollama-eks/pure';

/** Number of resources that a plan creates, updates in place, replaces, and deletes. */
export type PlanCounts = Readonly<Record<Exclude<PlanAction, 'forget'>, number>>;

/** Summary of a plan. It has no attribute values but names, since attributes may be secret. */
export interface PlanSummary {
  readonly counts: PlanCounts;
  /** Resources that the plan removes, at least temporarily, the worst first. */
  readonly losses: readonly PlanEffect[];
  /** Updates in place that are noticed. */
  readonly updates: readonly PlanEffect[];
}

/** What an effect does, followed by its subject. */
const DOES: Readonly<Record<Effect, string>> = {
  loses: 'loses',
  interrupts: 'interrupts',
  'rolls nodes': 'rolls',
  upgrades: 'upgrades',
  replaces: 'replaces',
  forgets: 'keeps, but no longer manages,',
};

/** Summarizes a plan. */
export function summarizePlan(plan: TerraformPlan): PlanSummary {
  const actions = (plan.resource_changes ?? []).map(planAction);
  const count = (wanted: PlanAction) => actions.filter((action) => action === wanted).length;
  const effects = planEffects(plan);
  return {
    counts: { create: count('create'), update: count('update'), replace: count('replace'), delete: count('delete') },
    losses: effects.filter(({ action }) => action !== 'update'),
    updates: effects.filter(({ action }) => action === 'update'),
  };
}

/** `infra: 3 to create, …`, and what is noticed of the plan, with its consequences. */
export function describePlan(stack: string, { counts, losses, updates }: PlanSummary): string {
  const { create, update, replace, delete: deleted } = counts;
  const numbers = `${String(create)} to create, ${String(update)} to update, ${String(replace)} to replace, ${String(deleted)} to delete`;
  const lines = [...losses, ...updates].flatMap((effect) => [`  ${describeEffect(effect)}`, ...consequence(effect)]);
  return [`${stack}: ${numbers}`, ...lines].join('\n');
}

/** `replace aws_eks_cluster.cluster` */
export function describeEffect({ action, address, unfinished }: PlanEffect): string {
  return `${action} ${address}${unfinished ? ' (left unfinished by an earlier run)' : ''}`;
}

function consequence({ effect, subject, name }: PlanEffect): readonly string[] {
  if (subject === 'resource') return [];
  return [`    ${DOES[effect]} ${SUBJECTS[subject]}${name === undefined ? '' : `: ${name}`}`];
}
