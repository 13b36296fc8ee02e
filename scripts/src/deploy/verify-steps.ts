import { printFindings, requireOk, type Findings } from '../checks/findings';
import { requestTimeoutOf } from '../endpoint/request-timeout';
import { servedModels } from '../endpoint/served-model';
import type { SyncResult } from '../kong/sync';
import type { KonnectStart } from '../konnect';
import { NOTHING_PROVEN, readProof } from '../pools/proof';
import { serverWorkloads, wantedWorkloads, type Workload } from '../pools/workloads';
import type { Context } from '../program/context';
import type { Done } from '../program/steps';
import { counted } from '../program/words';
import type { Target } from '../project/target';
import { openCluster } from '../systems/cluster-access';
import type { Kubectl } from '../systems/kubectl';
import { verifyEndpoint, verifyServers } from '../verify/verify';
import type { Deployment, KongDeployment } from './deployment';
import { readKey, type FirstTeam } from './kong-steps';
import type { Attached } from './konnect-steps';
import { awaitServers } from './ready-servers';
import type { AllApplied } from './terraform-steps';

/** Nothing before has waited for nodes, so a server without one fails here. */
const DIAGNOSE = 'run `ollama-eks diagnose`, which names the cause, such as AWS having no capacity for a node';

/** What the whole path needs before it can answer. Some members only prove that a step has run. */
export interface PathNeeds {
  readonly served: AllApplied;
  readonly attached: Attached;
  readonly configured: SyncResult;
  readonly started: KonnectStart;
  readonly address: string;
  readonly team: FirstTeam;
}

/** Whether models were asked, and answered. They are not asked if every server is scaled to zero, or has no node because its pool is. */
export interface Verified {
  readonly proven: boolean;
}

/** Verifies the whole path, through Kong. */
export async function verifyPath(
  deployment: KongDeployment,
  { started, address: url, team }: PathNeeds,
): Promise<Done<Verified>> {
  const { context, target } = deployment;
  return verifyUnlessAtZero(deployment, async () => {
    const apiKey =
      context.settings.get('apiKey') ?? team.key ?? (await readKey(context, started.controlPlane.object, team.name));
    return verifyEndpoint(context, { ...asked(target), outside: { url, kong: true, apiKey } });
  });
}

/** Verifies each server on its own, for a project without ingress from Kong. `served` only proves that everything is applied. */
export function verifyEachServer(
  deployment: Deployment,
): (given: { readonly served: AllApplied }) => Promise<Done<Verified>> {
  return () => verifyUnlessAtZero(deployment, (kubectl) => verifyAll(deployment, kubectl));
}

/** Later parts need no server, so a deployment with none is complete, but nothing is proven. */
async function verifyUnlessAtZero(
  deployment: Deployment,
  verify: (kubectl: Kubectl) => Promise<Findings>,
): Promise<Done<Verified>> {
  const { context, target } = deployment;
  const kubectl = await openCluster(context, target);
  const { all, wanted } = await readWorkloads(deployment, kubectl);
  if (all.length > 0 && wanted.length === 0) {
    return { outcome: NOTHING_PROVEN, result: { proven: false } };
  }
  const proof = await readProof(kubectl);
  if (proof?.state === 'not proven') context.reporter.note(proof.detail);
  const { outcome } = judge(context, await verify(kubectl));
  return { outcome, result: { proven: true } };
}

/**
 * Waits until every server is ready again, and verifies each. Servers that are scaled to zero, and those of pools without nodes, have
 * nothing to verify.
 */
export async function verifyWhenReady(deployment: Deployment, signal: AbortSignal): Promise<Done<undefined>> {
  const { context, target } = deployment;
  const kubectl = await openCluster(context, target);
  const read = async () => (await readWorkloads(deployment, kubectl)).wanted;
  if ((await awaitServers(context, read, signal)) === 0) {
    return { outcome: NOTHING_PROVEN, result: undefined };
  }
  const { outcome } = judge(context, await verifyAll(deployment, kubectl));
  return { outcome, result: undefined };
}

function verifyAll({ context, aws, target }: Deployment, kubectl: Kubectl): Promise<Findings> {
  const nodeGroups = () => aws.nodeGroups(target.clusterName);
  return verifyServers(context, { kubectl, nodeGroups }, asked(target));
}

/** The workloads of the servers, and those whose servers can run. */
interface Workloads {
  readonly all: readonly Workload[];
  readonly wanted: readonly Workload[];
}

async function readWorkloads({ aws, target }: Deployment, kubectl: Kubectl): Promise<Workloads> {
  const [all, groups] = await Promise.all([serverWorkloads(kubectl), aws.nodeGroups(target.clusterName)]);
  return { all, wanted: wantedWorkloads(all, groups) };
}

function asked({ summary }: Target) {
  const models = summary === undefined ? [] : servedModels(summary);
  return { models, requestTimeoutSeconds: requestTimeoutOf(summary) };
}

function judge(context: Context, findings: Findings): Done<Findings> {
  if (!findings.ok) printFindings({ ...context, streams: { ...context.streams, out: context.streams.err } }, findings);
  requireOk(findings, 'verify', DIAGNOSE);
  return { outcome: `${counted(findings.counts.ok, 'check')} ok`, result: findings };
}
