import { creationTasks, criticalPath } from '@org/ollama-eks/pure';
import type { Project, Stack } from '../project/project';

/** Minutes of Terraform itself: it installs providers and plans. */
const PLAN_MINUTES = 1;

/** Returns the typical minutes until Terraform has created a stack: the longest chain of its resources. */
export function stackMinutes({ resources }: Pick<Stack, 'resources'>): number {
  return PLAN_MINUTES + Math.ceil(criticalPath(creationTasks(resources)).seconds / 60);
}

/** Returns the typical minutes until all stacks of a kind are created, sequentially. */
export function applyMinutes({ stacks }: Pick<Project, 'stacks'>, kind: Stack['kind']): number {
  return stacks.filter((stack) => stack.kind === kind).reduce((sum, stack) => sum + stackMinutes(stack), 0);
}
