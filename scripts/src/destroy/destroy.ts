import { describeStep, type KonnectClaim, type TeardownPlan } from '../konnect';
import { planKonnectDown, tearDownKonnect } from '../konnect/down';
import { konnectClaim } from '../konnect/names';
import type { Context } from '../program/context';
import { reportDeclined } from '../program/declined';
import { CommandError, ExitCode } from '../program/exit-codes';
import { print, table } from '../program/output';
import { runSteps, step, type Done, type Step } from '../program/steps';
import { counted } from '../program/words';
import { forgetKong } from '../project/kong-context';
import { findKongExposure } from '../project/kong-exposure';
import { readProject, type Project, type Stack } from '../project/project';
import { findTarget } from '../project/target';
import { Aws } from '../systems/aws';
import { Terraform } from '../systems/terraform';
import {
  awsLeftovers,
  type AwsLeftovers,
  type Destroyed,
  konnectLeftovers,
  type Leftover,
  monthlyOf,
} from './leftovers';
import { usd } from './monthly';

export interface DestroyOptions {
  /** Delete volumes that the cluster left, with the models on them. */
  readonly deleteVolumes?: boolean;
}

/** What exists and will be deleted. */
interface DestroyPlan {
  readonly konnect: Pick<TeardownPlan, 'steps' | 'kept'>;
  /** Stacks with resources in their state, in the order in which they are destroyed. */
  readonly stacks: readonly { readonly stack: Stack; readonly resources: readonly string[] }[];
}

/** Minutes that Kong takes to delete a network and what depends on it. */
const KONNECT_MINUTES = 20;

/** Minutes that Terraform takes to destroy a stack. */
const DESTROY_MINUTES: Readonly<Record<Stack['kind'], number>> = { platform: 10, infrastructure: 15 };

/** Deletes everything, each object before those that it depends on, then searches for leftovers. */
export async function destroy(context: Context, example: string | undefined, options: DestroyOptions): Promise<void> {
  const project = readProject(context, example);
  const target = findTarget(context, project);
  const { clusterName, region } = target;
  const { Account } = await new Aws(context, region).identity(); // without access, the search must fail instead of reporting that nothing exists
  const claim = findKongExposure(project) && konnectClaim(context, target, Account);
  const plan = await readPlan(context, project, claim);
  if (context.flags.dryRun) {
    print(context, summary(plan), () => describePlan(plan));
    return;
  }
  if (isEmpty(plan)) context.reporter.note('nothing to destroy; searching for leftovers');
  else if (!(await confirmed(context, plan, clusterName))) return;
  await runSteps(context, destroySteps(context, plan, claim));
  forgetKong(context, project.directory, clusterName);
  const found = await search(
    context,
    { region, cluster: clusterName, existing: target.summary?.existing === true },
    claim,
  );
  const left = options.deleteVolumes === true ? await deleteVolumes(context, region, found.left) : found.left;
  report(context, plan, { ...found, left });
}

async function readPlan(context: Context, project: Project, claim: KonnectClaim | undefined): Promise<DestroyPlan> {
  const stacks = [];
  for (const stack of [...project.stacks].reverse()) {
    const terraform = new Terraform(context, stack.directory);
    await terraform.init();
    stacks.push({ stack, resources: await terraform.resources() });
  }
  return {
    konnect: claim === undefined ? { steps: [], kept: [] } : await planKonnectDown(context, claim),
    stacks: stacks.filter(({ resources }) => resources.length > 0),
  };
}

/** Returns the steps, Konnect first: Kong deletes its attachment while the transit gateway still exists. */
function destroySteps(
  context: Context,
  { konnect, stacks }: DestroyPlan,
  claim: KonnectClaim | undefined,
): readonly Step[] {
  const steps: Step<true>[] = [];
  const after = () => Object.fromEntries(steps.slice(-1).map((before) => ['before', before]));
  if (claim !== undefined && konnect.steps.length > 0) {
    steps.push(
      step({
        id: 'konnect',
        title: 'everything in Konnect',
        minutes: KONNECT_MINUTES,
        needs: {},
        run: async () => ({ outcome: await tearDownKonnect(context, claim), result: true }),
      }),
    );
  }
  for (const { stack, resources } of stacks) {
    steps.push(
      step({
        id: stack.name,
        title: `${counted(resources.length, 'resource')} of stack ${stack.name}`,
        minutes: DESTROY_MINUTES[stack.kind],
        needs: after(),
        run: () => destroyStack(context, stack),
      }),
    );
  }
  return steps;
}

async function destroyStack(context: Context, { name, directory, kind }: Stack): Promise<Done<true>> {
  const terraform = new Terraform(context, directory);
  await terraform.destroy({ name, minutes: DESTROY_MINUTES[kind] });
  const left = await terraform.resources();
  if (left.length === 0) return { outcome: 'destroyed', result: true };
  throw new CommandError(ExitCode.failedState, `still in the state of ${name}: ${left.join(', ')}`);
}

async function search(context: Context, destroyed: Destroyed, claim: KonnectClaim | undefined): Promise<AwsLeftovers> {
  const inKonnect = claim === undefined ? [] : await konnectLeftovers(context, claim);
  const { left, pendingKeys } = await awsLeftovers(context, destroyed);
  return { left: [...inKonnect, ...left], pendingKeys };
}

/** Deletes the volumes that are no longer used, after asking. Returns what is left. */
async function deleteVolumes(
  context: Context,
  region: string,
  left: readonly Leftover[],
): Promise<readonly Leftover[]> {
  const volumes = left.filter(({ kind }) => kind === 'volume');
  const ids = volumes.map(({ id }) => id).join(', ');
  if (volumes.length === 0 || !(await context.confirm(`Delete the volumes ${ids} with all their data?`))) return left;
  const aws = new Aws(context, region);
  for (const { id } of volumes) await aws.deleteVolume(id);
  return left.filter(({ kind }) => kind !== 'volume');
}

async function confirmed(context: Context, plan: DestroyPlan, cluster: string): Promise<boolean> {
  context.reporter.note(describePlan(plan));
  if (await context.confirm(`Destroy everything listed for ${cluster}?`)) return true;
  reportDeclined(context);
  return false;
}

function report(context: Context, plan: DestroyPlan, { left, pendingKeys }: AwsLeftovers): void {
  const monthlyUsd = monthlyOf(left);
  print(context, { ...summary(plan), left, monthlyUsd, pendingKeys }, () =>
    [
      ...(left.length === 0 ? ['destroyed; no leftovers found'] : [leftoverTable(left), totalLine(monthlyUsd)]),
      ...pendingKeys.map(({ id, deletedOn }) => `${id} costs nothing until AWS deletes it on ${deletedOn}`),
    ].join('\n'),
  );
  if (left.length === 0) return;
  throw new CommandError(
    ExitCode.failedState,
    `${counted(left.length, 'leftover')}: ${left.map(({ kind, id }) => `${kind} ${id}`).join(', ')}`,
  );
}

function leftoverTable(left: readonly Leftover[]): string {
  return table(
    ['leftover', 'a month', 'id', 'what to do'],
    left.map(({ kind, monthlyUsd, id, remedy }) => [
      kind,
      monthlyUsd === undefined ? 'unknown' : usd(monthlyUsd),
      id,
      remedy,
    ]),
  );
}

function totalLine(monthlyUsd: number): string {
  return `leftovers cost ${usd(monthlyUsd)} a month at list prices, without Konnect and tax`;
}

function isEmpty({ konnect, stacks }: DestroyPlan): boolean {
  return konnect.steps.length === 0 && stacks.length === 0;
}

function summary({ konnect, stacks }: DestroyPlan) {
  return {
    konnect: konnect.steps,
    keep: konnect.kept,
    stacks: stacks.map(({ stack, resources }) => ({ stack: stack.name, resources })),
  };
}

function describePlan({ konnect, stacks }: DestroyPlan): string {
  return [
    'will be destroyed, in this order:',
    ...konnect.steps.map((step) => `  ${describeStep(step)}`),
    ...stacks.flatMap(({ stack, resources }) => [
      `  stack ${stack.name}:`,
      ...resources.map((address) => `    ${address}`),
    ]),
    ...konnect.kept,
  ].join('\n');
}
