import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { TreeChanges } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import type { KongFacts } from '../project/kong-context';
import { outputDirectory, projectDirectory, readProject, type Stack } from '../project/project';
import { openCluster } from '../systems/cluster-access';
import { diffTree } from '../systems/tree-diff';
import { describeTree } from '../systems/tree-words';
import { openDeployment, type Deployment, type DeploymentOptions } from './deployment';
import { checkAccounts } from './preflight';
import { describeStack, gist, hasChanges, previewStacks, problemOf, type Problem, type StackPreview } from './stacks';
import { synthesize } from './synthesize';

/** What a deployment would change now. */
export interface Preview {
  readonly stacks: readonly StackPreview[];
  /** What a delivery of the GitOps tree would change; undefined if the project delivers nothing. */
  readonly tree?: TreeChanges | Problem;
}

/**
 * Synthesizes the project into a temporary folder, and runs `work` with the deployment from there. The folder is next to the output folder
 * of `cdktf.json`, since the path of a local state is relative to its stack.
 */
export async function withPreview<Result>(
  context: Context,
  example: string | undefined,
  options: DeploymentOptions,
  work: (deployment: Deployment) => Promise<Result>,
): Promise<Result> {
  const directory = projectDirectory(context, example);
  const parent = dirname(resolve(directory, outputDirectory(directory)));
  const output = mkdtempSync(join(parent, '.ollama-eks-preview-'));
  try {
    await synthesize(context, directory, { output });
    return await work(openDeployment(context, example, options, output));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/**
 * Compares the project with what runs, without changing anything. What cannot be compared yet, or without a token, is reported as a problem.
 * @param deployment as passed by `withPreview`, since it is synthesized again
 */
export async function previewDeployment(deployment: Deployment): Promise<Preview> {
  const { context, project, target } = deployment;
  const stacks = await previewPlans(deployment).catch((error: unknown): StackPreview[] => {
    const problem = problemOf(error, context);
    return project.stacks.map(({ name }) => ({ stack: name, ...problem }));
  });
  const tree = await diffTree(project.output, () => openCluster(context, target)).catch((error: unknown) =>
    problemOf(error, context),
  );
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

async function previewPlans(deployment: Deployment): Promise<readonly StackPreview[]> {
  const { context, project } = deployment;
  const { facts } = (await checkAccounts(deployment)).result;
  const appliedFrom = join(project.directory, outputDirectory(project.directory));
  return previewStacks(context, await stacksWith(deployment, facts), ({ directory }) =>
    resolve(appliedFrom, relative(project.output, directory)),
  );
}

/** Returns the stacks with what is known about Kong now, on which they depend only with ingress from Kong. */
async function stacksWith(
  { context, example, exposure, project, target }: Deployment,
  facts: KongFacts,
): Promise<readonly Stack[]> {
  if (exposure === undefined) return project.stacks;
  await synthesize(context, project.directory, { facts: { [target.clusterName]: facts }, output: project.output });
  return readProject(context, example, project.output).stacks;
}
