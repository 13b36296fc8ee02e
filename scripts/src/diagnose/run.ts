import { ARGOCD_NAMESPACE } from '@org/ollama-eks/pure';
import { argoNamespace } from '../argo/application';
import {
  fail,
  ok,
  printFindings,
  requireOk,
  runChecks,
  type Check,
  type Findings,
  type Outcome,
} from '../checks/findings';
import { Endpoint } from '../endpoint/endpoint';
import { findEndpoint } from '../endpoint/find-endpoint';
import { konnectStates } from '../konnect/status';
import { hopeless, capacityProblems } from '../pools/capacity';
import { readPools, type Pool } from '../pools/pools';
import type { Context } from '../program/context';
import { counted } from '../program/words';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';
import { Aws } from '../systems/aws';
import { openCluster } from '../systems/cluster-access';
import { pathChecks } from './path-checks';
import { podChecks } from './pod-checks';

const HOUR = 3_600_000;
/** Longest wait for the endpoint, in milliseconds; the check uses no model. */
const TIMEOUT = 30_000;

/** Options of `diagnose`. */
export interface DiagnoseFlags {
  /** Repair what this command can repair. */
  readonly fix?: boolean;
}

/** Checks everything that is known to fail, from the GPU to Kong, and shows how to fix it, or does so. */
export async function runDiagnose(context: Context, { fix = false }: DiagnoseFlags): Promise<void> {
  const { settings, clock } = context;
  const project = findProject(context);
  const target = findTarget(context, project);
  const kubectl = await openCluster(context, target);
  const aws = new Aws(context, target.region);
  let pools: Promise<readonly Pool[]> | undefined;
  const readOnce = () => (pools ??= readPools(kubectl, aws, target.clusterName, target.summary));
  const hasToken = settings.get('konnectToken') !== undefined;
  const knowsUrl = hasToken || settings.get('proxyUrl') !== undefined;
  const findings = await runChecks(context, [
    nodeGroupCheck(readOnce, aws, clock.now() - HOUR),
    ...podChecks(kubectl, readOnce),
    ...pathChecks({
      kubectl,
      aws,
      argoNamespace: (project && argoNamespace(project)) ?? ARGOCD_NAMESPACE,
      now: () => clock.now(),
      konnect: hasToken ? () => konnectStates(context) : undefined,
      endpoint: knowsUrl
        ? async () => new Endpoint(context, await findEndpoint(context), settings.get('apiKey'), TIMEOUT)
        : undefined,
    }),
  ]);
  printFindings(context, findings);
  requireOk(fix ? await repair(context, findings) : findings, 'diagnose');
}

/** Runs the repairs that the user confirms. Returns the findings that are left. */
async function repair(context: Context, findings: Findings): Promise<Findings> {
  const { reporter, flags } = context;
  const repairs = findings.findings.flatMap((finding) => finding.repair ?? []);
  const titles = repairs.map(({ title }) => title).join('; ');
  if (repairs.length === 0) {
    reporter.note('nothing that this command can repair');
    return findings;
  }
  if (flags.dryRun) {
    reporter.note(`would ${titles}`);
    return findings;
  }
  if (!(await context.confirm(`Repair this: ${titles}?`))) {
    reporter.note('nothing was changed');
    return findings;
  }
  for (const { title, run } of repairs) {
    await run();
    reporter.note(`done: ${title}`);
  }
  reporter.note('run ollama-eks diagnose again in a few minutes');
  const left = findings.findings.filter((finding) => finding.repair === undefined);
  return { ...findings, findings: left, ok: left.every(({ status }) => status !== 'fail') };
}

function nodeGroupCheck(pools: () => Promise<readonly Pool[]>, aws: Aws, since: number): Check {
  return {
    id: 'node-groups',
    title: 'node groups get the instances that they request',
    run: async () => nodeGroups(await pools(), aws, since),
  };
}

async function nodeGroups(pools: readonly Pool[], aws: Aws, since: number): Promise<Outcome> {
  if (pools.length === 0) {
    return fail(
      'the cluster has no node group with servers',
      'ollama-eks deploy; or name another cluster with --cluster',
    );
  }
  for (const { name, nodeGroup } of pools) {
    const problems = await capacityProblems(aws, nodeGroup, since);
    const [first] = problems;
    if (first === undefined) continue;
    const others = pools.map((pool) => pool.name).filter((other) => other !== name);
    const remedy = hopeless(nodeGroup, problems, others)?.remedy ?? 'ollama-eks scale status';
    return fail(`node group ${nodeGroup.nodegroupName}: ${first}`, remedy);
  }
  return ok(`${counted(pools.length, 'node group')} without problems`);
}
