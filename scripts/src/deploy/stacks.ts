import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../program/context';
import { isStructuredFailure } from '../program/exit-codes';
import { ToolError } from '../program/tool-error';
import type { Stack } from '../project/project';
import { Terraform } from '../systems/terraform';
import { describePlan, summarizePlan, type PlanSummary } from '../systems/terraform-plan';
import { stackMinutes } from './apply-minutes';

/** Versions of providers that a stack was last initialized with. */
const LOCK_FILE = '.terraform.lock.hcl';

/** Why something cannot be compared. */
export interface Problem {
  readonly problem: string;
}

/** What would change in a stack, or why it cannot be planned yet. */
export type StackPreview = { readonly stack: string } & (PlanSummary | Problem);

/**
 * Applies stacks sequentially, each only if its plan has changes and `judge` accepts it.
 * Returns a short summary.
 */
export async function applyStacks(
  context: Context,
  stacks: readonly Stack[],
  judge: (stack: string, plan: PlanSummary) => Promise<void>,
): Promise<string> {
  const done: string[] = [];
  for (const stack of stacks) {
    const { name, directory } = stack;
    const terraform = new Terraform(context, directory);
    await terraform.init();
    const changed = await terraform.apply((plan) => judge(name, plan), { name, minutes: stackMinutes(stack) });
    done.push(`${name} ${changed ? 'applied' : 'unchanged'}`);
  }
  return done.join(', ');
}

/**
 * Plans stacks that were synthesized only for a preview. A stack that reads what does not exist yet cannot be planned.
 * @param appliedFrom returns the folder that the same stack is applied from, whose versions of providers are used
 */
export async function previewStacks(
  context: Context,
  stacks: readonly Stack[],
  appliedFrom: (stack: Stack) => string,
): Promise<readonly StackPreview[]> {
  const previews: StackPreview[] = [];
  for (const stack of stacks) {
    const lock = join(appliedFrom(stack), LOCK_FILE);
    if (existsSync(lock)) copyFileSync(lock, join(stack.directory, LOCK_FILE));
    previews.push({ stack: stack.name, ...(await tryPlan(context, stack.directory)) });
  }
  return previews;
}

/** Describes a preview: `infra: 3 to create, …`, and a line for each resource that is deleted. */
export function describeStack(preview: StackPreview): string {
  if ('problem' in preview) return `${preview.stack}: cannot be planned yet: ${gist(preview.problem)}`;
  return describePlan(preview.stack, preview);
}

/** Whether a plan changes anything. */
export function hasChanges({ counts, losses }: PlanSummary): boolean {
  return losses.length > 0 || Object.values(counts).some((count) => count > 0);
}

/** Reads the outputs of a stack. */
export async function readOutputs(context: Context, { directory }: Stack): Promise<Readonly<Record<string, unknown>>> {
  const terraform = new Terraform(context, directory);
  await terraform.init();
  return terraform.outputs();
}

/** Describes a failure for which something cannot be compared. Rethrows an unexpected error, and the signal's reason. */
export function problemOf(error: unknown, { signal }: Pick<Context, 'signal'>): Problem {
  signal.throwIfAborted();
  if (!isStructuredFailure(error)) throw error;
  return { problem: error instanceof ToolError && error.stderr !== '' ? error.stderr : error.message };
}

async function tryPlan(context: Context, directory: string): Promise<PlanSummary | Problem> {
  try {
    const terraform = new Terraform(context, directory);
    await terraform.init();
    return (await terraform.plan()) ?? summarizePlan({});
  } catch (error) {
    return problemOf(error, context);
  }
}

/** Returns the main line of an error: Terraform draws a frame around its errors, and explains them below. */
export function gist(problem: string): string {
  const lines = problem.split('\n').map((line) => line.replace(/^[│╷╵\s]+/, ''));
  return lines.find((line) => line.startsWith('Error: ')) ?? lines.find((line) => line !== '') ?? '';
}
