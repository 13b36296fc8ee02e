import type { PlanEffect, TreeChanges, TreeEffect } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import type { Aws } from '../systems/aws';
import { describeEffect, describePlan, type PlanSummary } from '../systems/terraform-plan';
import { describeTree, describeTreeEffect, type Pools } from '../systems/tree-words';

/** States of an attachment that no longer carries traffic and never will again. */
const GONE = ['deleting', 'deleted', 'failed', 'rejected'];

/** Options of `requireConsent`. */
export interface ConsentOptions {
  /** Whether deletions and replacements were allowed in advance. */
  readonly allowDeletions: boolean;
}

/**
 * Shows a plan, and asks before it deletes anything. Does not ask about leftovers of an interrupted run, nor about what depended on an
 * attachment of Kong that no longer exists. Throws UsageError before anything is changed.
 */
export async function requireConsent(
  context: Context,
  aws: Aws,
  stack: string,
  plan: PlanSummary,
  { allowDeletions }: ConsentOptions,
): Promise<void> {
  context.reporter.note(describePlan(stack, plan));
  if (allowDeletions) return;
  const asked: PlanEffect[] = [];
  for (const loss of plan.losses) if (!loss.unfinished && !(await isGone(aws, loss))) asked.push(loss);
  await requireLosses(context, `stack ${stack}`, asked.map(describeEffect));
}

/** Shows the changes of the GitOps tree, and asks before objects are deleted, or models are pulled again. Throws UsageError before. */
export async function requireTreeConsent(
  context: Context,
  changes: TreeChanges,
  pools: Pools,
  { allowDeletions }: ConsentOptions,
): Promise<void> {
  context.reporter.note(describeTree(changes, pools));
  if (!allowDeletions)
    await requireLosses(context, 'the GitOps tree', changes.effects.filter(isLoss).map(describeTreeEffect));
}

function isLoss({ action, subject }: TreeEffect): boolean {
  return action === 'delete' || subject === 'new-volume';
}

async function requireLosses(context: Context, subject: string, losses: readonly string[]): Promise<void> {
  if (losses.length === 0) return;
  const what = `${subject} would lose ${String(losses.length)}: ${losses.join(', ')}`;
  if (context.flags.yes) {
    throw new UsageError(what, { remedy: 'nothing was changed there; pass --allow-deletions to allow it' });
  }
  if (!(await context.confirm(`${what}. Continue?`)))
    throw new UsageError(what, { remedy: 'nothing was changed there' });
}

/** Whether the loss depended on an attachment that no longer exists. */
async function isGone(aws: Aws, { subject, name }: PlanEffect): Promise<boolean> {
  if (subject !== 'kong-attachment' || name === undefined) return false;
  const state = await aws.attachmentState(name);
  return state === undefined || GONE.includes(state);
}
