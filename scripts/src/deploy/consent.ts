import type { PlanEffect } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import type { Aws } from '../systems/aws';
import { describeEffect, describePlan, type PlanSummary } from '../systems/terraform-plan';

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
  if (asked.length === 0) return;
  const what = `stack ${stack} would lose ${String(asked.length)}: ${asked.map(describeEffect).join(', ')}`;
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
