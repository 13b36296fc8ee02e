import type { Context } from '../context';
import { startSpec } from '../deploy/kong-plan';
import { UsageError } from '../errors';
import { CommandError, ExitCode } from '../exit-codes';
import { fail, ok, printFindings, runChecks, skipped, type Check, type Findings, type Outcome } from '../findings';
import { preflight, type PreflightReport } from '../konnect';
import { openKonnect } from '../konnect-access';
import { findKongExposure, findTarget, readProject, type Project, type Target } from '../project';
import { awsChecks } from './aws-checks';
import { toolChecks } from './tools';

/** Checks of Konnect, in the order in which each needs the one before. */
const KONNECT_CHECKS = ['token', 'provider-account', 'region', 'version', 'zones', 'cidr', 'quota'] as const;

/** Finds out what a deployment would stumble over, without writing anything. */
export async function doctor(context: Context, example: string | undefined): Promise<void> {
  let project: Project | undefined;
  let target: Target | undefined;
  const projectCheck: Check = {
    id: 'project',
    title: 'the project is synthesized',
    run: () =>
      asOutcome(() => {
        project = readProject(context, example);
        target = findTarget(context, project);
        return Promise.resolve(
          ok(`${project.stacks.map(({ name }) => name).join(', ')} for cluster ${target.clusterName}`),
        );
      }),
  };
  const first = await runChecks(context, [...toolChecks(context), projectCheck]);
  const second = await runChecks(context, [
    ...(target === undefined ? [] : awsChecks(context, target).map(guarded)),
    ...konnectChecks(context, project, target),
  ]);
  const findings = merge(first, second);
  printFindings(context, findings);
  const failed = findings.findings.filter(({ status }) => status === 'fail').map(({ id }) => id);
  if (failed.length > 0) throw new CommandError(ExitCode.failedState, `not ready to deploy: ${failed.join(', ')}`);
}

/** One look at Konnect answers all checks; those behind a failed one are skipped. */
function konnectChecks(context: Context, project: Project | undefined, target: Target | undefined): Check[] {
  const exposure = project && findKongExposure(project);
  if (project === undefined || target === undefined) return [];
  if (exposure === undefined) {
    return [check('konnect', 'Konnect', () => Promise.resolve(skipped('the project has no way in from Kong')))];
  }
  let report: Promise<PreflightReport> | undefined;
  const read = () => (report ??= preflight(openKonnect(context), startSpec(context, project, exposure, target)));
  return KONNECT_CHECKS.map((id) =>
    check(`konnect-${id}`, `Konnect: ${id}`, () =>
      asOutcome(async () => {
        const found = (await read()).checks.find((candidate) => candidate.id === id);
        if (found === undefined) return skipped('not looked at: an earlier check failed');
        if (found.status === 'ok') return ok(found.message);
        const [problem = '', ...remedy] = found.message.split('; ');
        return fail(problem, remedy.length === 0 ? undefined : remedy.join('; '));
      }),
    ),
  );
}

function check(id: string, title: string, run: Check['run']): Check {
  return { id, title, run };
}

function guarded({ run, ...rest }: Check): Check {
  return { ...rest, run: () => asOutcome(run) };
}

/** What is wrong with the configuration or an account is a finding, not the end. */
async function asOutcome(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof CommandError)) throw error;
    const [problem = '', ...remedy] = error.message.split('; ');
    return fail(problem, remedy.length === 0 ? undefined : remedy.join('; '));
  }
}

function merge(...parts: readonly Findings[]): Findings {
  const sum = (status: 'ok' | 'warn' | 'fail' | 'skipped') =>
    parts.reduce((all, { counts }) => all + counts[status], 0);
  return {
    ok: parts.every(({ ok: good }) => good),
    counts: { ok: sum('ok'), warn: sum('warn'), fail: sum('fail'), skipped: sum('skipped') },
    findings: parts.flatMap(({ findings }) => findings),
  };
}
