// https://developer.konghq.com/dedicated-cloud-gateways/ (deleting a network)
import type { Context } from '../program/context';
import { reportDeclined } from '../program/declined';
import { print } from '../program/output';
import { waitHooks } from '../program/waiting';
import { counted } from '../program/words';
import { forgetKong } from '../project/kong-context';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';
import { Aws } from '../systems/aws';
import { openKonnect } from './access';
import {
  assertUnblocked,
  describeStep,
  readTeardownPlan,
  tearDown,
  type KonnectClaim,
  type TeardownPlan,
} from './index';
import { konnectClaim } from './names';

/** Returns what a teardown would delete. Throws CommandError if another object uses it, or it belongs to another cluster. */
export async function planKonnectDown(context: Context, claim: KonnectClaim): Promise<TeardownPlan> {
  const plan = await readTeardownPlan(openKonnect(context), claim);
  assertUnblocked(plan);
  return plan;
}

/** Deletes everything in Konnect, in order. Returns a summary. */
export async function tearDownKonnect(context: Context, claim: KonnectClaim): Promise<string> {
  const { reporter } = context;
  const steps = await tearDown(openKonnect(context), claim, {
    ...waitHooks(context),
    onStep: (step, event) => reporter.note(`${event === 'done' ? 'gone  ' : 'delete'} ${describeStep(step)}`),
  });
  return steps.length === 0 ? 'nothing to delete' : `${String(steps.length)} deleted`;
}

/** `konnect down` */
export async function konnectDown(context: Context): Promise<void> {
  const project = findProject(context);
  const target = findTarget(context, project);
  const { Account } = await new Aws(context, target.region).identity(); // several accounts may have a cluster of that name
  const claim = konnectClaim(context, target, Account);
  const { steps, kept } = await planKonnectDown(context, claim);
  const names = steps.map(describeStep);
  const forget = () => {
    if (project !== undefined) forgetKong(context, project.directory, target.clusterName);
  };
  if (context.flags.dryRun || steps.length === 0) {
    if (!context.flags.dryRun) forget();
    print(context, { delete: steps, keep: kept }, () =>
      [...(names.length === 0 ? ['nothing to delete'] : ['would delete', ...names]), ...kept].join('\n'),
    );
    return;
  }
  kept.forEach((line) => context.reporter.note(line));
  context.reporter.note(`deletes\n${names.join('\n')}`);
  if (!(await context.confirm(`Delete ${counted(steps.length, 'object')} in Konnect?`))) {
    reportDeclined(context);
    return;
  }
  const done = await tearDownKonnect(context, claim);
  forget();
  print(context, { deleted: steps }, () => done);
}
