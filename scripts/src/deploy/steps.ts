import { creationTime } from '@org/ollama-eks/pure';
import { argoNamespace } from '../argo/application';
import { waitForApplications } from '../argo/applications';
import { table } from '../program/output';
import { step, type Course, type Done, type Step } from '../program/steps';
import { openCluster } from '../systems/cluster-access';
import { applyMinutes } from './apply-minutes';
import {
  applicationsMinutes,
  meshMinutes,
  platformMinutes,
  restartMinutes,
  VERIFICATION_MINUTES,
} from './delivery-minutes';
import { withKong, type Deployment, type KongDeployment } from './deployment';
import { deferredClusters, startGpuNodes, type StartedNodes } from './gpu-nodes';
import { configure, ensureTeam, type FirstTeam } from './kong-steps';
import { attach, awaitNetwork, bringUp, findAddress, request, share, start } from './konnect-steps';
import { checkAccounts, type Known } from './preflight';
import {
  applyInfrastructure,
  applyPlatform,
  readInfrastructure,
  type AllApplied,
  type Infrastructure,
} from './terraform-steps';
import { verifyEachServer, verifyPath, verifyWhenReady, type Verified } from './verify-steps';

/** Minutes of a step that changes very little. */
const QUICK = 1;

/** The steps to run, and those whose results are shown at the end. */
export interface DeploymentSteps {
  readonly all: readonly Step[];
  /** URL of the endpoint. */
  readonly address?: Step<string>;
  readonly team?: Step<FirstTeam>;
  readonly verified?: Step<Verified>;
}

/**
 * Returns the steps of a deployment. Konnect's network takes longest, so it is requested first, and everything in AWS is created meanwhile.
 * Minutes are typical durations, all from `creationTime` and `coldStart`, as `npm run bench` computes with.
 */
export function deploymentSteps(deployment: Deployment): DeploymentSteps {
  const { project } = deployment;
  const isArgo = argoNamespace(project) !== undefined;
  const kong = withKong(deployment);
  const known = preflightStep(deployment);
  const infrastructure = infrastructureStep(deployment, known, async (given) =>
    applyInfrastructure(deployment, given, await deferredClusters(deployment)),
  );
  const platform = step({
    id: 'platform',
    title: 'Argo CD, or Helm releases',
    minutes: platformMinutes(project, isArgo, poolsOf(deployment)),
    needs: { infrastructure },
    run: (given) => applyPlatform(deployment, given),
  });
  const nodes = step({
    id: 'gpu-nodes',
    title: 'first GPU nodes requested, once the mesh is up',
    minutes: meshMinutes(project, isArgo),
    waits: true,
    left: 'the next run requests the nodes',
    needs: { infrastructure },
    run: (given, signal) => startGpuNodes(deployment, given, signal),
  });
  const served = applicationsStep(deployment, platform) ?? platform;
  if (kong !== undefined) return kongSteps(kong, { known, infrastructure, nodes, platform, served });
  const verified = step({
    id: 'verify',
    title: 'every server answers',
    minutes: VERIFICATION_MINUTES,
    needs: { served, nodes },
    run: verifyEachServer(deployment),
  });
  return { all: [verified], verified };
}

/**
 * Returns the steps of an upgrade: the parts in their order, and after each a proof that every server answers. Nothing changes in Konnect.
 */
export function upgradeSteps(deployment: Deployment): readonly Step[] {
  const infrastructure = infrastructureStep(deployment, preflightStep(deployment), (given) =>
    applyInfrastructure(deployment, given),
  );
  const nodes = step({
    id: 'verify-nodes',
    title: 'every server answers on its node',
    minutes: restartMinutes(poolsOf(deployment)),
    waits: true,
    needs: { infrastructure },
    run: (_, signal) => verifyWhenReady(deployment, signal),
  });
  const platform = step({
    id: 'platform',
    title: 'Argo CD, or Helm releases',
    minutes: applyMinutes(deployment.project, 'platform'),
    needs: { infrastructure, nodes },
    run: (given) => applyPlatform(deployment, given),
  });
  const served = applicationsStep(deployment, platform) ?? platform;
  const verified = step({
    id: 'verify',
    title: 'every server answers',
    minutes: restartMinutes(poolsOf(deployment)),
    waits: true,
    needs: { served },
    run: (_, signal) => verifyWhenReady(deployment, signal),
  });
  return [verified];
}

/** Returns the steps that create everything in Konnect for an existing infrastructure. */
export function konnectOnlySteps(deployment: KongDeployment): DeploymentSteps {
  const known = preflightStep(deployment);
  const infrastructure = step({
    id: 'infrastructure',
    title: 'outputs of Terraform',
    minutes: QUICK,
    needs: { known },
    run: () => readInfrastructure(deployment),
  });
  const { attached, address } = konnectSteps(deployment, known, infrastructure, infrastructure);
  return { all: [attached, address], address };
}

/** Draws a table of steps, with the minutes at which each starts and ends. */
export function stepTable({ steps }: Course): string {
  return table(
    ['from', 'to min', 'step', ''],
    steps.map(({ id, title, from, to }) => [String(from), String(to), id, title]),
  );
}

function poolsOf({ target }: Deployment) {
  return target.summary?.pools ?? [];
}

function preflightStep(deployment: Deployment): Step<Known> {
  return step({
    id: 'preflight',
    title: 'accounts, tokens, quotas, ranges',
    minutes: QUICK,
    needs: {},
    run: () => checkAccounts(deployment),
  });
}

function infrastructureStep(
  { exposure, project }: Deployment,
  known: Step<Known>,
  run: (given: { readonly known: Known }) => Promise<Done<Infrastructure>>,
): Step<Infrastructure> {
  return step({
    id: 'infrastructure',
    title: `network, cluster, nodes${exposure === undefined ? '' : ', transit gateway'}`,
    minutes: applyMinutes(project, 'infrastructure'),
    needs: { known },
    run,
  });
}

/** Returns the step that waits for Argo CD; undefined if the project is not delivered by it. */
function applicationsStep(deployment: Deployment, platform: Step<AllApplied>): Step<AllApplied> | undefined {
  const { context, project, target } = deployment;
  const namespace = argoNamespace(project);
  if (namespace === undefined) return undefined;
  return step({
    id: 'applications',
    title: 'every Application synced and healthy',
    minutes: applicationsMinutes(project, poolsOf(deployment)),
    waits: true,
    needs: { applied: platform },
    run: async ({ applied }, signal): Promise<Done<AllApplied>> => {
      const kubectl = await openCluster(context, target);
      const applications = await waitForApplications(context, kubectl, namespace, signal);
      return { outcome: `${String(applications.length)} healthy`, result: applied };
    },
  });
}

/** @param applied the step after which every stack is applied, so that synth does not write a stack while Terraform reads it */
function konnectSteps(
  deployment: KongDeployment,
  known: Step<Known>,
  infrastructure: Step<Infrastructure>,
  applied: Step<AllApplied>,
) {
  const started = step({
    id: 'konnect',
    title: 'control plane created, network requested',
    minutes: QUICK,
    needs: { known },
    run: (given) => start(deployment, given),
  });
  const requested = step({
    id: 'gateways-early',
    title: 'data plane group requested, before its network is ready',
    minutes: QUICK,
    needs: { started },
    run: (given) => request(deployment, given),
  });
  const network = step({
    id: 'network',
    title: 'Konnect network ready',
    minutes: creationTime('konnect_network').seconds / 60,
    waits: true,
    needs: { started },
    run: (given, signal) => awaitNetwork(deployment, given, signal),
  });
  const shared = step({
    id: 'principal',
    title: "transit gateway shared with Kong's account",
    minutes: QUICK,
    needs: { started, infrastructure },
    run: (given) => share(deployment, given),
  });
  const gateways = step({
    id: 'gateways',
    title: 'data plane group ready',
    minutes: creationTime('konnect_gateways').seconds / 60,
    needs: { started, network, requested },
    run: (given) => bringUp(deployment, given),
  });
  const attached = step({
    id: 'attachment',
    title: 'transit gateway attached, accepted and routed',
    minutes: creationTime('konnect_attachment').seconds / 60,
    needs: { known, network, shared, applied },
    run: (given) => attach(deployment, given),
  });
  const address = step({
    id: 'address',
    title: 'proxy URL',
    minutes: 0,
    needs: { started, network, gateways },
    run: (given) => findAddress(deployment, given),
  });
  return { started, attached, address };
}

/** Steps of every deployment that those with Kong need. */
interface CommonSteps {
  readonly known: Step<Known>;
  readonly infrastructure: Step<Infrastructure>;
  readonly nodes: Step<StartedNodes>;
  readonly platform: Step<AllApplied>;
  readonly served: Step<AllApplied>;
}

function kongSteps(
  deployment: KongDeployment,
  { known, infrastructure, nodes, platform, served }: CommonSteps,
): DeploymentSteps {
  const { started, attached, address } = konnectSteps(deployment, known, infrastructure, platform);
  const configured = step({
    id: 'configuration',
    title: 'services, routes and plugins',
    minutes: QUICK,
    needs: { started, infrastructure },
    run: (given) => configure(deployment, given),
  });
  const team = step({
    id: 'consumer',
    title: 'first team',
    minutes: 0,
    needs: { started },
    run: (given) => ensureTeam(deployment, given),
  });
  const verified = step({
    id: 'verify',
    title: 'the whole path answers',
    minutes: VERIFICATION_MINUTES,
    needs: { served, nodes, attached, configured, started, address, team },
    run: (given) => verifyPath(deployment, given),
  });
  return { all: [started, attached, address, verified], address, team, verified };
}
