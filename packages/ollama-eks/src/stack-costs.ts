import { type Construct, TerraformStack } from './framework';
import type { CostLine } from './sizing/cost';

/** By stack and cluster. Exposures add costs and the file of summaries has them, but neither layer may know the other. */
const COSTS = new WeakMap<TerraformStack, Map<string, CostLine[]>>();

/** Adds what a construct costs to the bill of a cluster in the same stack. Without that cluster in the stack, it has no effect. */
export function addStackCost(scope: Construct, clusterName: string, line: CostLine): void {
  const stack = TerraformStack.of(scope);
  const costs = COSTS.get(stack) ?? new Map<string, CostLine[]>();
  COSTS.set(stack, costs.set(clusterName, [...(costs.get(clusterName) ?? []), line]));
}

/** Returns what the other constructs of a stack cost a cluster. */
export function stackCosts(stack: TerraformStack, clusterName: string): readonly CostLine[] {
  return COSTS.get(stack)?.get(clusterName) ?? [];
}
