import type { Done } from '../program/steps';
import { rememberKong, type KongFacts } from '../project/kong-context';
import { findKongExposure } from '../project/kong-exposure';
import { readProject, type Project, type Stack } from '../project/project';
import { openCluster } from '../systems/cluster-access';
import { diffTree } from '../systems/tree-diff';
import { requireConsent, requireTreeConsent } from './consent';
import type { Deployment } from './deployment';
import type { Known } from './preflight';
import { applyStacks, readOutputs } from './stacks';
import { synthesize } from './synthesize';

/** The stacks of the infrastructure, as applied. */
export interface Infrastructure {
  /** The project as last synthesized, which the stacks are applied from. */
  readonly project: Project;
  /** Outputs of the stack with ingress from Kong; empty if no stack has it. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Proof that every stack is applied, so that a step may synthesize and apply one again. */
export interface AllApplied {
  readonly allApplied: true;
}

/**
 * Synthesizes with what is known about Kong, and applies the infrastructure.
 * @param deferredNodes clusters whose GPU nodes are started later
 */
export async function applyInfrastructure(
  deployment: Deployment,
  { known }: { readonly known: Known },
  deferredNodes: readonly string[] = [],
): Promise<Done<Infrastructure>> {
  const { project, outcome } = await synthesizeAndApply(deployment, known.facts, deferredNodes);
  return { outcome, result: { project, outputs: await exposureOutputs(deployment, project) } };
}

/** Reads the outputs of an infrastructure that was deployed earlier. */
export async function readInfrastructure(deployment: Deployment): Promise<Done<Infrastructure & AllApplied>> {
  const { project } = deployment;
  const outputs = await exposureOutputs(deployment, project);
  return { outcome: 'read', result: { project, outputs, allApplied: true } };
}

/** Applies the stacks that need the cluster. */
export async function applyPlatform(
  deployment: Deployment,
  { infrastructure: { project } }: { readonly infrastructure: Infrastructure },
): Promise<Done<AllApplied>> {
  const { context, target, options } = deployment;
  const changes = await diffTree(project.output, () => openCluster(context, target));
  if (changes !== undefined) await requireTreeConsent(context, changes, target.summary?.pools ?? [], options);
  return { outcome: await apply(deployment, project, 'platform'), result: { allApplied: true } };
}

/** Writes what is known about Kong now to `cdktf.json`, synthesizes, and applies the infrastructure. */
export async function synthesizeAndApply(
  deployment: Deployment,
  facts: KongFacts,
  deferredNodes: readonly string[] = [],
): Promise<{ readonly project: Project; readonly outcome: string }> {
  const { context, example, project, target } = deployment;
  remember(deployment, facts);
  await synthesize(context, project.directory, { facts: { [target.clusterName]: facts }, deferredNodes });
  const synthesized = readProject(context, example);
  return { project: synthesized, outcome: await apply(deployment, synthesized, 'infrastructure') };
}

/** Keeps what is known about Kong in `cdktf.json`, so that a plain apply later removes nothing. */
export function remember({ context, exposure, project, target }: Deployment, facts: KongFacts): void {
  if (exposure === undefined || !rememberKong(project.directory, target.clusterName, facts)) return;
  context.reporter.note("wrote Kong's account and attachment to the context of cdktf.json: commit it");
}

function apply({ context, aws, options }: Deployment, project: Project, kind: Stack['kind']): Promise<string> {
  const stacks = project.stacks.filter((stack) => stack.kind === kind);
  return applyStacks(context, stacks, (stack, plan) => requireConsent(context, aws, stack, plan, options));
}

async function exposureOutputs({ context }: Deployment, project: Project): Promise<Infrastructure['outputs']> {
  const exposure = findKongExposure(project);
  return exposure === undefined ? {} : readOutputs(context, exposure.stack);
}
