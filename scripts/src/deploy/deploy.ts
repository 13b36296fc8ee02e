import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, exitCodeOf, messageOf } from '../program/exit-codes';
import { print, printSecret, table } from '../program/output';
import { course, runSteps, StepFailure, type Course, type Step } from '../program/steps';
import { projectDirectory } from '../project/project';
import { openDeployment, type Deployment } from './deployment';
import { describePreview, type StackPreview } from './stacks';
import { deploymentSteps, type Part } from './steps';
import { synthesize, withPreview } from './synthesize';

/** Options of `deploy`. */
export interface DeployOptions {
  /** Name of the first team. */
  readonly team: string;
  /** Let Terraform delete and replace what its plans name. */
  readonly allowDeletions?: boolean;
}

/** Options of `konnect up`. */
export type KonnectUpOptions = Pick<DeployOptions, 'allowDeletions'>;

/** From nothing to an endpoint that answers; run again, it goes on from where it was. */
export async function deploy(context: Context, example: string | undefined, options: DeployOptions): Promise<void> {
  const directory = projectDirectory(context, example);
  const deployment = await withPreview(directory, async (output) => {
    await synthesize(context, directory, { output });
    const opened = openDeployment(
      context,
      example,
      { ...options, allowDeletions: options.allowDeletions === true },
      output,
    );
    if (!context.flags.dryRun) return opened;
    await preview(context, opened, output);
    return undefined;
  });
  if (deployment !== undefined) await run(context, deployment, 'all');
}

/** What is in Konnect alone, for an infrastructure that is there. */
export async function konnectUp(
  context: Context,
  example: string | undefined,
  { allowDeletions = false }: KonnectUpOptions,
): Promise<void> {
  const deployment = openDeployment(context, example, { team: '', allowDeletions });
  if (deployment.exposure === undefined) {
    throw new UsageError(
      `${deployment.project.directory} makes no way in from Kong: there is nothing to do in Konnect`,
    );
  }
  await run(context, deployment, 'konnect');
}

/** Shows the course, and what Terraform would do where accounts and tokens let it be asked. */
async function preview(context: Context, deployment: Deployment, output: string): Promise<void> {
  const plan = course(deploymentSteps(context, deployment, 'all'));
  const stacks = await deployment.preview(output).catch((error: unknown): StackPreview[] => {
    context.signal.throwIfAborted();
    const problem = messageOf(error);
    return deployment.project.stacks.map(({ name }) => ({ stack: name, problem }));
  });
  print(context, { cluster: deployment.target.clusterName, ...plan, stacks }, () =>
    [describePlan(deployment, plan), ...stacks.map(describePreview)].join('\n'),
  );
}

async function run(context: Context, deployment: Deployment, part: Part): Promise<void> {
  const steps = deploymentSteps(context, deployment, part);
  const plan = course(steps);
  if (context.flags.dryRun) {
    print(context, { cluster: deployment.target.clusterName, ...plan }, () => describePlan(deployment, plan));
    return;
  }
  context.reporter.note(describePlan(deployment, plan));
  if (!(await context.confirm(question(deployment)))) {
    context.reporter.note('nothing was done');
    return;
  }
  try {
    await runAll(context, steps);
  } finally {
    tell(context, deployment, part);
  }
  const { exposure, target } = deployment;
  if (exposure === undefined) {
    print(context, { cluster: target.clusterName }, () => `cluster   ${target.clusterName}: every server answers`);
  }
}

/** Runs the steps; a failure says what was not begun, and how to go on. */
async function runAll(context: Context, steps: readonly Step<Context>[]): Promise<void> {
  try {
    await runSteps(steps, context, context.reporter, context.signal);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    const left = error.notStarted.length === 0 ? '' : ` (not done: ${error.notStarted.join(', ')})`;
    throw new CommandError(exitCodeOf(error), `${error.message}${left}`, {
      remedy: 'what is done stays done; run the same command again and it goes on from there',
      cause: error,
    });
  }
}

/** The result; a key that was made is shown even when something failed after it, since it can't be shown again. */
function tell(context: Context, { result, target }: Deployment, part: Part): void {
  const { url, team, key } = result;
  if (url === undefined && key === undefined) return;
  const value = { cluster: target.clusterName, ...result };
  const lines = [
    ...(url === undefined ? [] : [`endpoint  ${url}`]),
    ...(part === 'konnect' || team === undefined ? [] : [`team      ${team}`]),
    ...(key === undefined ? [] : [`key       ${key}`, '', 'This is the only time that the key is shown.']),
    ...(key === undefined && team !== undefined
      ? [`its key was shown when it was made; another: ollama-eks consumers rotate ${team}`]
      : []),
  ];
  printSecret(context, value, () => lines.join('\n'));
}

function describePlan({ target, exposure }: Deployment, { steps, minutes, sequentialMinutes }: Course): string {
  const rows = steps.map(({ id, title, from, to }) => [String(from), String(to), id, title]);
  const way = exposure === undefined ? 'no way in from Kong' : `Kong network ${exposure.kongCidr}`;
  return [
    `cluster ${target.clusterName} in ${target.region}, ${way}`,
    table(['from', 'to min', 'step', ''], rows),
    `about ${String(minutes)} min; one after the other it would be ${String(sequentialMinutes)}`,
  ].join('\n');
}

function question({ exposure, target: { summary, clusterName } }: Deployment): string {
  const price = summary?.hourly;
  const cost =
    price === undefined
      ? ''
      : ` It costs about $${price.toFixed(2)} an hour at list prices${exposure === undefined ? '' : ", without Kong's"}.`;
  return `Deploy ${clusterName}?${cost}`;
}
