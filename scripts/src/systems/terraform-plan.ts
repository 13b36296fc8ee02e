import {
  planAction,
  planEffects,
  SUBJECTS,
  type Effect,
  type PlanAction,
  type PlanEffect,
  type Subject,
  type TerraformPlan,
} from '@org/ollama-eks/pure';
import { chartWords } from './chart-words';

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

/** What an effect means to the people who use the installation, where its subject does not say it all; `name` is the affected one. */
const SENTENCES: Partial<Readonly<Record<`${Effect} ${Subject}`, (name: string) => string>>> = {
  'loses egress-address': (address) => `NAT address ${address} changes: allow-lists outside that contain it break`,
  'interrupts egress-address': () => 'connections to the internet are cut off until the NAT gateway is replaced',
  'rolls nodes system-nodes': () => 'system nodes roll, nothing is interrupted',
  'rolls nodes gpu-nodes': (pool) =>
    `nodes of pool ${pool} roll: each server ends its requests, and its models are loaded again on a new node`,
  'interrupts gpu-nodes': (pool) => `pool ${pool} loses its nodes: its servers stop, and its volumes stay`,
  'interrupts api-endpoint': (cluster) =>
    `addresses that could call the Kubernetes API of ${cluster} no longer can: check that yours still does`,
  'upgrades control-plane': (cluster) => `the control plane of ${cluster} is upgraded, and EKS cannot downgrade it`,
  'loses kong-attachment': (id) =>
    `Kong's attachment ${id} is detached: Kong cannot reach the VPC until it is attached again`,
};

/** Argument of a node group that changes with the zones of the network. */
const SUBNETS = /\bsubnet_ids$/;

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
  return [`${stack}: ${numbers}`, ...zonesLine(losses), ...lines].join('\n');
}

/** Names the one cause of what would otherwise look like several: node groups have the subnets of the network in its order. */
function zonesLine(losses: readonly PlanEffect[]): readonly string[] {
  const moved = losses.filter(
    ({ effect, causes }) => effect === 'rolls nodes' && causes.some((path) => SUBNETS.test(path)),
  );
  if (moved.length < 2) return [];
  const all = moved.length === 2 ? 'both node groups' : `all ${String(moved.length)} node groups`;
  return [`  zones were added, removed or put in front: ${all} roll`];
}

/** `replace aws_eks_cluster.cluster` */
export function describeEffect({ action, address, unfinished }: PlanEffect): string {
  return `${action} ${address}${unfinished ? ' (left unfinished by an earlier run)' : ''}`;
}

function consequence({ effect, subject, name, versions }: PlanEffect): readonly string[] {
  if (subject === 'resource') return [];
  if (subject === 'chart' && name !== undefined) return [`    ${chartWords(name, versions)}`];
  const sentence = SENTENCES[`${effect} ${subject}`];
  if (sentence !== undefined && name !== undefined) return [`    ${sentence(name)}`];
  return [`    ${DOES[effect]} ${SUBJECTS[subject]}${name === undefined ? '' : `: ${name}`}`];
}
