// https://developer.konghq.com/dedicated-cloud-gateways/ (deleting a network)
import type { Context } from '../context';
import { CommandError, ExitCode } from '../exit-codes';
import { describeStep, readTeardownPlan, tearDown, type KonnectNames, type TeardownPlan } from '../konnect';
import { openKonnect, waitHooks } from '../konnect-access';
import { print } from '../output';

/** The names by which everything in Konnect is found again. */
export function konnectNames({ settings }: Pick<Context, 'settings'>): KonnectNames {
  return { controlPlaneName: settings.require('controlPlane'), networkName: settings.require('networkName') };
}

/** What a teardown would delete. Throws CommandError where something else is still using it. */
export async function planKonnectDown(context: Context): Promise<TeardownPlan> {
  const plan = await readTeardownPlan(openKonnect(context), konnectNames(context));
  if (plan.blockers.length > 0) throw new CommandError(ExitCode.failedState, plan.blockers.join('\n'));
  return plan;
}

/** Deletes everything in Konnect, in order. Returns what was done, in a few words. */
export async function tearDownKonnect(context: Context): Promise<string> {
  const { reporter } = context;
  const steps = await tearDown(openKonnect(context), konnectNames(context), {
    ...waitHooks(context),
    onStep: (step, event) => reporter.note(`${event === 'done' ? 'gone  ' : 'delete'} ${describeStep(step)}`),
  });
  return steps.length === 0 ? 'nothing was there' : `${String(steps.length)} deleted`;
}

/** `konnect down` */
export async function konnectDown(context: Context): Promise<void> {
  const { steps } = await planKonnectDown(context);
  const names = steps.map(describeStep);
  if (context.flags.dryRun || steps.length === 0) {
    print(context, { delete: steps }, () =>
      names.length === 0 ? 'nothing is there' : `would delete\n${names.join('\n')}`,
    );
    return;
  }
  context.reporter.note(`deletes\n${names.join('\n')}`);
  if (!(await context.confirm(`Delete these ${String(steps.length)} in Konnect?`))) {
    context.reporter.note('nothing was done');
    return;
  }
  const done = await tearDownKonnect(context);
  print(context, { deleted: steps }, () => done);
}
