import type { Context } from '../program/context';
import { reportDeclined } from '../program/declined';
import { UsageError } from '../program/errors';
import { NOTHING_PROVEN } from '../pools/proof';
import { print, printSecret } from '../program/output';
import { course, Results, runSteps, type Course } from '../program/steps';
import { openDeployment, withKong, type Deployment } from './deployment';
import { describePreview, previewDeployment, withPreview } from './preview';
import { nextSteps } from './next-steps';
import { deploymentSteps, konnectOnlySteps, stepTable, type DeploymentSteps } from './steps';

/** Options of `deploy`. */
export interface DeployOptions {
  /** Name of the first team. */
  readonly team: string;
  /** Let Terraform and the GitOps tree delete and replace without asking. */
  readonly allowDeletions?: boolean;
}

/** Options of `konnect up`. */
export type KonnectUpOptions = Pick<DeployOptions, 'allowDeletions'>;

/** Deploys everything up to an endpoint that answers. A second run continues where the first one stopped. */
export async function deploy(context: Context, example: string | undefined, options: DeployOptions): Promise<void> {
  const asked = { ...options, allowDeletions: options.allowDeletions === true };
  const deployment = await withPreview(context, example, asked, async (opened) => {
    if (context.flags.dryRun) {
      await preview(opened);
      return undefined;
    }
    // The user agrees to what is shown here. With `--yes`, there is no question, and each plan is shown before it is applied.
    if (!context.flags.yes) context.reporter.note(describePreview(opened, await previewDeployment(opened)));
    return opened;
  });
  if (deployment === undefined) return;
  const started = context.clock.now();
  const steps = deploymentSteps(deployment);
  const results = await run(deployment, steps);
  if (results === undefined) return;
  const { summary } = deployment.target;
  const url = steps.address && results.get(steps.address);
  context.reporter.note(nextSteps({ summary, url, seconds: (context.clock.now() - started) / 1000 }));
}

/** Creates everything in Konnect for an existing infrastructure. */
export async function konnectUp(
  context: Context,
  example: string | undefined,
  { allowDeletions = false }: KonnectUpOptions,
): Promise<void> {
  const opened = openDeployment(context, example, { team: '', allowDeletions });
  const deployment = withKong(opened);
  if (deployment === undefined) {
    throw new UsageError(`${opened.project.directory} has no KongTransitExposure, so it needs nothing in Konnect`);
  }
  const steps = konnectOnlySteps(deployment);
  if (!context.flags.dryRun) {
    await run(deployment, steps);
    return;
  }
  const plan = course(steps.all);
  print(context, { cluster: deployment.target.clusterName, ...plan }, () => describePlan(deployment, plan));
}

/** Shows the steps, and what they would change, if accounts and tokens allow it to be compared. */
async function preview(deployment: Deployment): Promise<void> {
  const { context, target } = deployment;
  const plan = course(deploymentSteps(deployment).all);
  const changes = await previewDeployment(deployment);
  print(context, { cluster: target.clusterName, ...plan, ...changes }, () =>
    [describePlan(deployment, plan), describePreview(deployment, changes)].join('\n'),
  );
}

/** Shows the steps, asks, and runs them. Returns their results; undefined if the user declined. */
async function run(deployment: Deployment, steps: DeploymentSteps): Promise<Results | undefined> {
  const { context } = deployment;
  context.reporter.note(describePlan(deployment, course(steps.all)));
  if (!(await context.confirm(question(deployment)))) {
    reportDeclined(context);
    return undefined;
  }
  const results = new Results();
  try {
    await runSteps(context, steps.all, results);
  } finally {
    report(deployment, steps, results);
  }
  return results;
}

/** Prints the result. A new key is shown even if a later step failed, since it cannot be shown again. */
function report({ context, target }: Deployment, steps: DeploymentSteps, results: Results): void {
  const url = steps.address && results.get(steps.address);
  const { name: team, key } = (steps.team && results.get(steps.team)) ?? {};
  const proven = steps.verified && results.get(steps.verified)?.proven;
  const { clusterName: cluster } = target;
  if (steps.address === undefined && proven !== undefined) {
    const state = proven ? 'every server answers' : NOTHING_PROVEN;
    print(context, { cluster, proven }, () => `cluster   ${cluster}: ${state}`);
  }
  if (url === undefined && key === undefined) return;
  const lines = [
    ...(url === undefined ? [] : [`endpoint  ${url}`]),
    ...(team === undefined ? [] : [`team      ${team}`]),
    ...(key === undefined ? [] : [`key       ${key}`, '', 'This is the only time that the key is shown.']),
    ...(key === undefined && team !== undefined
      ? [`its key was shown when it was created; for another key: ollama-eks consumers rotate ${team}`]
      : []),
    ...(proven === false ? ['', NOTHING_PROVEN] : []),
  ];
  printSecret(context, { cluster, url, team, key, proven }, () => lines.join('\n'));
}

function describePlan({ target, exposure }: Deployment, plan: Course): string {
  const { minutes, sequentialMinutes } = plan;
  const ingress = exposure === undefined ? 'without Kong' : `Kong network ${exposure.kongCidr}`;
  return [
    `cluster ${target.clusterName} in ${target.region}, ${ingress}`,
    stepTable(plan),
    `about ${String(minutes)} min (${String(sequentialMinutes)} min if run sequentially)`,
  ].join('\n');
}

function question({ exposure, target: { summary, clusterName } }: Deployment): string {
  const price = summary?.hourly;
  const cost =
    price === undefined
      ? ''
      : ` It costs about $${price.toFixed(2)} per hour at list prices${exposure === undefined ? '' : ', excluding Kong'}.`;
  return `Deploy ${clusterName}?${cost}`;
}
