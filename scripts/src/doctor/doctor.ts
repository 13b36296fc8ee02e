import {
  failure,
  ok,
  printFindings,
  runChecks,
  skipped,
  type Check,
  type Findings,
  type Outcome,
} from '../checks/findings';
import { preflight, type PreflightCheck, type PreflightReport, type PreflightSpec } from '../konnect';
import { openKonnect } from '../konnect/access';
import { konnectClaim } from '../konnect/names';
import { startSpec } from '../konnect/specs';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode, isStructuredFailure } from '../program/exit-codes';
import { findKongExposure } from '../project/kong-exposure';
import { readProject, type Project } from '../project/project';
import { findTarget, type Target } from '../project/target';
import { awsChecks } from './aws-checks';
import { gitChecks } from './git-checks';
import { NO_KONG, toolChecks } from './tools';

/** Checks of Konnect, each of which needs the previous one. */
const KONNECT_CHECKS = ['token', 'owner', 'provider-account', 'region', 'version', 'zones', 'cidr', 'quota'] as const;

/** Why a check was skipped that needs a synthesized project. */
const UNKNOWN = 'known once the project is synthesized';

/** Finds what would make a deployment fail, without changing anything. */
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
  const first = await runChecks(context, [projectCheck]);
  const kong = project === undefined || findKongExposure(project) !== undefined;
  const tools = await runChecks(context, toolChecks(context, kong));
  const git = project === undefined ? [] : gitChecks(context, project);
  const second = await runChecks(context, [
    ...git,
    ...awsPart(context, target),
    ...konnectPart(context, project, target),
  ]);
  const findings = merge(tools, first, second);
  printFindings(context, findings);
  const failed = findings.findings.filter(({ status }) => status === 'fail').map(({ id }) => id);
  if (failed.length > 0) throw new CommandError(ExitCode.failedState, `not ready to deploy: ${failed.join(', ')}`);
}

/** Returns the checks of AWS. Nodes are known only if the project is synthesized. */
function awsPart(context: Context, target: Target | undefined): Check[] {
  if (target !== undefined) return awsChecks(context, target).map(guarded);
  const region = context.settings.get('awsRegion');
  const open = check('quota', 'quotas and instance types', () => Promise.resolve(skipped(UNKNOWN)));
  return region === undefined ? [open] : [...awsChecks(context, { region, summary: undefined }).map(guarded), open];
}

/** Returns the checks of Konnect, which share one preflight; those after a failed one are skipped. */
function konnectPart(context: Context, project: Project | undefined, target: Target | undefined): Check[] {
  const exposure = project && findKongExposure(project);
  if (project !== undefined && exposure === undefined) {
    return [check('konnect', 'Konnect', () => Promise.resolve(skipped(NO_KONG)))];
  }
  const region = target?.region ?? context.settings.get('awsRegion');
  const clusterName = target?.clusterName ?? context.settings.get('clusterName');
  const known = project !== undefined && exposure !== undefined && target !== undefined;
  const asked = known || context.settings.get('konnectToken') !== undefined;
  if (region === undefined || clusterName === undefined || !asked) {
    return [check('konnect', 'Konnect', () => Promise.resolve(skipped(UNKNOWN)))];
  }
  const cidr = exposure?.kongCidr ?? context.settings.get('kongCidr');
  let report: Promise<PreflightReport> | undefined;
  const spec = () =>
    known ? startSpec(context, project, exposure, target) : specOfSettings(context, { clusterName, region });
  const read = () => (report ??= lookAtKonnect(context, spec));
  return KONNECT_CHECKS.map((id) =>
    check(`konnect-${id}`, `Konnect: ${id}`, () =>
      asOutcome(async () => {
        if (id === 'cidr' && cidr === undefined) return skipped(UNKNOWN);
        const found = (await read()).checks.find((candidate) => candidate.id === id);
        if (found === undefined) return skipped('an earlier check failed');
        return found.status === 'ok' ? ok(found.message) : failure(found.error);
      }),
    ),
  );
}

/** Runs the preflight. A missing token, or an invalid range, becomes the result of one check. */
async function lookAtKonnect(context: Context, spec: () => PreflightSpec): Promise<PreflightReport> {
  let id: PreflightCheck['id'] = 'token';
  try {
    const client = openKonnect(context);
    id = 'cidr';
    return await preflight(client, spec());
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { checks: [{ id, status: 'fail', error }] };
  }
}

/** Returns what the preflight needs, as far as the settings specify it. */
function specOfSettings(context: Context, target: Pick<Target, 'clusterName' | 'region'>): PreflightSpec {
  const { settings } = context;
  const claim = konnectClaim(context, target);
  return {
    controlPlane: { name: claim.controlPlaneName, owner: claim.owner, chosen: claim.chosen.controlPlane },
    networkName: claim.networkName,
    sharedNetwork: claim.chosen.network,
    region: target.region,
    cidrBlock: settings.get('kongCidr') ?? '',
    availabilityZones: settings.get('kongZones')?.split(/\s*,\s*/),
    providerAccount: settings.get('kongAccount'),
    version: settings.require('gatewayVersion'),
    ownCidrs: [],
  };
}

function check(id: string, title: string, run: Check['run']): Check {
  return { id, title, run };
}

function guarded({ run, ...rest }: Check): Check {
  return { ...rest, run: () => asOutcome(run) };
}

/** Turns an error of the configuration or of an account into a finding. */
async function asOutcome(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (isStructuredFailure(error)) return failure(error);
    throw error;
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
