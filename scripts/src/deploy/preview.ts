import { join, relative, resolve } from 'node:path';
import type { TreeChanges } from '@org/ollama-eks/pure';
import { CommandError, messageOf } from '../program/exit-codes';
import { ToolError } from '../program/tool-error';
import { outputDirectory, readProject } from '../project/project';
import { openCluster } from '../systems/cluster-access';
import { diffTree } from '../systems/tree-diff';
import { describeTree } from '../systems/tree-words';
import type { Deployment } from './deployment';
import { checkAccounts } from './preflight';
import { describeStack, gist, hasChanges, previewStacks, type StackPreview } from './stacks';
import { synthesize } from './synthesize';

/** Why something cannot be compared. */
interface Problem {
  readonly problem: string;
}

/** What a deployment would change now. */
export interface Preview {
  readonly stacks: readonly StackPreview[];
  /** What a delivery of the GitOps tree would change; undefined if the project delivers nothing. */
  readonly tree?: TreeChanges | Problem;
}

/**
 * Compares the project with what runs, without changing anything. What cannot be compared yet, or without a token, is reported as a problem.
 * @param output folder to synthesize into
 */
export async function previewDeployment(deployment: Deployment, output: string): Promise<Preview> {
  const { context, project, target } = deployment;
  const stacks = await previewPlans(deployment, output).catch((error: unknown): StackPreview[] => {
    context.signal.throwIfAborted();
    return project.stacks.map(({ name }) => ({ stack: name, problem: messageOf(error) }));
  });
  const tree = await diffTree(output, () => openCluster(context, target)).catch((error: unknown): Problem => {
    context.signal.throwIfAborted();
    if (!(error instanceof CommandError)) throw error;
    return { problem: error instanceof ToolError && error.stderr !== '' ? error.stderr : error.message };
  });
  return { stacks, ...(tree !== undefined && { tree }) };
}

/** Describes what would change: counts, and what is noticed with its consequences. */
export function describePreview({ target }: Deployment, { stacks, tree }: Preview): string {
  const lines = stacks.map(describeStack);
  if (tree === undefined) return lines.join('\n');
  const words =
    'problem' in tree
      ? `GitOps tree: cannot be compared yet: ${gist(tree.problem)}`
      : describeTree(tree, target.summary?.pools ?? []);
  return [...lines, words].join('\n');
}

/** Whether a preview found a change. */
export function differs({ stacks, tree }: Preview): boolean {
  const inTree = tree !== undefined && !('problem' in tree) && Object.values(tree.counts).some((count) => count > 0);
  return inTree || stacks.some((stack) => !('problem' in stack) && hasChanges(stack));
}

/** Returns what could not be compared, by name. */
export function notCompared({ stacks, tree }: Preview): readonly string[] {
  const names = stacks.filter((stack) => 'problem' in stack).map(({ stack }) => `stack ${stack}`);
  return tree !== undefined && 'problem' in tree ? [...names, 'the GitOps tree'] : names;
}

async function previewPlans(deployment: Deployment, output: string): Promise<readonly StackPreview[]> {
  const { context, example, project, target } = deployment;
  const { facts } = (await checkAccounts(deployment)).result;
  await synthesize(context, project.directory, { facts: { [target.clusterName]: facts }, output });
  const { stacks } = readProject(context, example, output);
  const appliedFrom = join(project.directory, outputDirectory(project.directory));
  return previewStacks(context, stacks, ({ directory }) => resolve(appliedFrom, relative(output, directory)));
}
