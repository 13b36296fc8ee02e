import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import type { Aws } from '../systems/aws';
import { describeLoss, describePlanCounts, type Loss, type PlanSummary } from '../systems/terraform-plan';

/** States of an attachment that nothing passes through any more, nor ever will. */
const GONE = ['deleting', 'deleted', 'failed', 'rejected'];

/** What is asked before something goes. */
export interface ConsentOptions {
  /** Deletions and replacements were allowed beforehand. */
  readonly allowDeletions: boolean;
}

/**
 * Shows a plan, and lets it pass unless it takes something away that nobody has agreed to. What an interrupted run has left goes unasked, and so does what hung
 * on an attachment of Kong's that AWS does not have any more. Throws UsageError, with nothing changed.
 */
export async function requireConsent(
  context: Context,
  aws: Aws,
  stack: string,
  { counts, losses }: PlanSummary,
  { allowDeletions }: ConsentOptions,
): Promise<void> {
  context.reporter.note([`${stack}: ${describePlanCounts(counts)}`, ...losses.map(indented)].join('\n'));
  if (allowDeletions) return;
  const asked: Loss[] = [];
  for (const loss of losses) if (!loss.unfinished && !(await isGone(aws, loss))) asked.push(loss);
  if (asked.length === 0) return;
  const what = `stack ${stack} would lose ${String(asked.length)}: ${asked.map(describeLoss).join(', ')}`;
  if (context.flags.yes) {
    throw new UsageError(what, { remedy: 'nothing was changed there: say --allow-deletions where that is meant' });
  }
  if (!(await context.confirm(`${what}. Go on?`))) throw new UsageError(what, { remedy: 'nothing was changed there' });
}

/** Whether it hung on an attachment that is not there any more. */
async function isGone(aws: Aws, { attachment }: Loss): Promise<boolean> {
  if (attachment === undefined) return false;
  const state = await aws.attachmentState(attachment);
  return state === undefined || GONE.includes(state);
}

function indented(loss: Loss): string {
  return `  ${describeLoss(loss)}`;
}
