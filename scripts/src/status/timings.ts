import { MODELS_CONTAINER, OLLAMA, type PoolSummary } from '@org/ollama-eks/pure';
import { readPools, type Node, type Pool } from '../pools/pools';
import type { Pod } from '../pools/server-pods';
import type { Context } from '../program/context';
import { isStructuredFailure, messageOf } from '../program/exit-codes';
import { print, table } from '../program/output';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';
import { Aws, type ScalingActivity } from '../systems/aws';
import { openCluster } from '../systems/cluster-access';
import type { Kubectl } from '../systems/kubectl';
import { readStart } from './server-log';
import { startStages, type Stage } from './start-stages';

/** The last start of one server. It names nothing of the account, so that it can be passed on. */
export interface ServerStart {
  readonly pool: string;
  readonly server: string;
  readonly instanceType: string;
  readonly models: readonly string[];
  readonly stages: readonly Stage[];
  /** Null if a stage is not known. */
  readonly seconds: number | null;
}

/** What each stage covers. */
const TITLES: Readonly<Record<Stage['stage'], string>> = {
  node: 'node',
  attach: 'volume and network',
  image: "Ollama's image",
  pull: 'pull of the models',
  load: 'load into the GPUs',
  answer: 'first answers',
};

/** The start is at the beginning of a log, and a load logs some 20 kB. */
const LOG_BYTES = 2_000_000;

/** Prints how long each stage of the last start of every server took, next to what was planned with. */
export async function timings(context: Context, example: string | undefined): Promise<void> {
  const target = findTarget(context, findProject(context, example));
  const kubectl = await openCluster(context, target);
  const aws = new Aws(context, target.region);
  const pools = await readPools(kubectl, aws, target.clusterName, target.summary);
  const starts = await Promise.all(
    pools.map(async (pool) => {
      const launches = await launchesOf(context, aws, pool);
      const summary = target.summary?.pools.find(({ name }) => name === pool.name);
      return Promise.all(pool.pods.map((pod) => serverStart(kubectl, pool, summary, pod, launches)));
    }),
  );
  print(context, { starts: starts.flat() }, () => draw(starts.flat()));
}

async function serverStart(
  kubectl: Kubectl,
  pool: Pool,
  summary: PoolSummary | undefined,
  pod: Pod,
  launches: readonly ScalingActivity[] | undefined,
): Promise<ServerStart> {
  const node = pool.nodes.find(({ metadata }) => metadata.name === pod.spec.nodeName);
  const [sidecar, server] = await Promise.all([
    firstLogs(kubectl, pod, MODELS_CONTAINER),
    firstLogs(kubectl, pod, OLLAMA),
  ]);
  const launched = launchOf(node, launches);
  const stages = startStages({ pod, node, launched, log: readStart(sidecar, server) }, summary);
  const known = stages.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  return {
    pool: pool.name,
    server: pod.metadata.name,
    instanceType: pool.nodeGroup.instanceTypes?.join(', ') ?? 'unknown',
    models: summary?.models.map(({ name }) => name) ?? [],
    stages,
    seconds: known.length === stages.length ? Math.round(known.reduce((sum, one) => sum + one, 0)) : null,
  };
}

/** A container that has not started has no log, for which kubectl fails. */
async function firstLogs(kubectl: Kubectl, { metadata, status }: Pod, container: string): Promise<string> {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const isRunning = all.some(({ name, state }) => name === container && state?.running !== undefined);
  return isRunning ? kubectl.firstLogs(OLLAMA, metadata.name, container, LOG_BYTES) : '';
}

/** Undefined, with the reason on standard error, without the permission for it. */
async function launchesOf(
  context: Context,
  aws: Aws,
  { nodeGroup }: Pool,
): Promise<readonly ScalingActivity[] | undefined> {
  const groups = nodeGroup.resources?.autoScalingGroups ?? [];
  try {
    return (await Promise.all(groups.map(({ name }) => aws.scalingActivities(name)))).flat();
  } catch (error) {
    if (!isStructuredFailure(error)) throw error;
    context.reporter.note(messageOf(error));
    return undefined;
  }
}

/** The description of a launch ends with the id of the instance, as does the provider id of its node: `aws:///us-west-2a/i-0abc`. */
function launchOf(node: Node | undefined, launches: readonly ScalingActivity[] | undefined): number | string {
  if (launches === undefined) return 'the activities of the Auto Scaling group cannot be read';
  const instance = node?.spec?.providerID?.split('/').at(-1) ?? 'unknown';
  const launch = launches.find(
    ({ Description }) => Description.startsWith('Launching') && Description.endsWith(instance),
  );
  return launch === undefined
    ? 'Auto Scaling no longer lists the launch of the instance'
    : Date.parse(launch.StartTime);
}

function draw(starts: readonly ServerStart[]): string {
  if (starts.length === 0) return 'no server has a pod: ollama-eks scale resume starts them';
  return starts.map(drawStart).join('\n\n');
}

function drawStart({ pool, server, instanceType, stages, seconds }: ServerStart): string {
  const rows = stages.map((one) => [TITLES[one.stage], shown(one.seconds), shown(one.plannedSeconds), one.note ?? '']);
  const total = ['all', shown(seconds), shown(plannedOf(stages)), ''];
  return [
    `last start of ${server} (pool ${pool}, ${instanceType}), in seconds`,
    table(['stage', 'took', 'planned', ''], [...rows, total]),
  ].join('\n');
}

function plannedOf(stages: readonly Stage[]): number | null {
  if (stages.some(({ plannedSeconds }) => plannedSeconds === null)) return null;
  return stages.reduce((sum, { plannedSeconds }) => sum + (plannedSeconds ?? 0), 0);
}

function shown(seconds: number | null): string {
  return seconds === null ? 'unknown' : String(Math.round(seconds));
}
