import { OLLAMA, OLLAMA_PORT, type ClusterSummary } from '@org/ollama-eks/pure';
import { chatChecks } from '../checks/api-checks';
import { requireOk, runChecks } from '../checks/findings';
import { Endpoint } from '../endpoint/endpoint';
import { servedModels } from '../endpoint/served-model';
import { hopeless, capacityProblems } from '../pools/capacity';
import { choosePools, isNodeReady, readPools, readyServers, type Pool } from '../pools/pools';
import { recordAnswer } from '../pools/proof';
import { isReady, type Pod } from '../pools/server-pods';
import { replicasOf } from '../pools/workloads';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import { print, table } from '../program/output';
import { counted } from '../program/words';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';
import { Aws } from '../systems/aws';
import { openCluster } from '../systems/cluster-access';
import type { Kubectl } from '../systems/kubectl';
import { withPort } from '../systems/port-forward';

/** Options of `scale`. */
export interface ScaleFlags {
  readonly pool?: string;
  /** Nodes to resume with. */
  readonly nodes?: number;
  /** False with `--no-wait`: `zero` waits for servers only, `resume` for nothing. */
  readonly wait: boolean;
  /** Longest wait, in minutes. */
  readonly timeout: number;
}

/** How long a command waits. */
type WaitFlags = Pick<ScaleFlags, 'wait' | 'timeout'>;

/** Seconds between two checks. */
const INTERVAL = 15;
/** Typical minutes until the last request ends and the node is drained. */
const ZERO_MINUTES = 5;
/** Typical minutes until a node starts, the image is pulled and the model is loaded. */
const RESUME_MINUTES = 12;

/** What the commands work with. */
interface Site {
  readonly context: Context;
  readonly kubectl: Kubectl;
  readonly aws: Aws;
  readonly cluster: string;
  readonly summary: ClusterSummary | undefined;
}

/** Prints the nodes and servers of every pool, and why some are missing. */
export async function scaleStatus(context: Context, flags: Pick<ScaleFlags, 'pool'>): Promise<void> {
  const site = await open(context);
  const pools = choosePools(await read(site), flags.pool);
  const rows = await Promise.all(
    pools.map(async (pool) => ({
      ...describe(pool),
      problems: await capacityProblems(site.aws, pool.nodeGroup, hourAgo(context)),
    })),
  );
  print(context, { cluster: site.cluster, pools: rows }, () =>
    [
      table(
        ['pool', 'instance', 'nodes', 'servers', 'state'],
        rows.map(({ pool, instanceTypes, nodes, servers, state }) => [
          pool,
          instanceTypes.join(', '),
          `${String(nodes.ready)} of ${String(nodes.desired)} (at most ${String(nodes.max)})`,
          `${String(servers.ready)} of ${String(servers.desired)}`,
          state,
        ]),
      ),
      ...rows.flatMap(({ pool, problems }) => problems.map((problem) => `${pool}: ${problem}`)),
    ].join('\n'),
  );
}

/** Stops the servers, then their nodes. Neither Argo CD nor Terraform manages these numbers, so nothing reverts them. */
export async function scaleToZero(context: Context, flags: ScaleFlags): Promise<void> {
  const site = await open(context);
  const pools = await poolsToStop(site, flags);
  const names = namesOf(pools);
  if (context.flags.dryRun) {
    print(
      context,
      { wouldScale: pools.map(({ name }) => ({ pool: name, servers: 0, nodes: 0 })) },
      () => `would scale to zero: ${names}`,
    );
    return;
  }
  const now = await stop(site, pools, flags);
  print(context, { pools: now.map(describe) }, () =>
    flags.wait
      ? `${names}: no servers, ${left(site, pools)} stay. To resume: ollama-eks scale resume`
      : `${names}: no servers; GPU nodes are going, and cost money until they are gone: ollama-eks scale status`,
  );
}

/** Describes what pools at zero still have, and cost. */
function left({ summary }: Site, pools: readonly Pool[]): string {
  const names = pools.map(({ name }) => name);
  const isWarm = summary?.pools.some(({ name, preparedNodes = 0 }) => names.includes(name) && preparedNodes > 0);
  return isWarm === true ? 'no running GPU nodes; volumes and stopped nodes' : 'no GPU nodes; volumes';
}

/** Starts nodes, then servers, and waits until a model answers. */
export async function scaleResume(context: Context, flags: ScaleFlags): Promise<void> {
  const site = await open(context);
  const start = await planStart(site, flags);
  if (context.flags.dryRun) {
    const plan = [...start.wanted].map(([pool, nodes]) => ({ pool, nodes }));
    print(context, { wouldScale: plan }, () =>
      plan.map(({ pool, nodes }) => `would scale ${pool} to ${counted(nodes, 'node')}`).join('\n'),
    );
    return;
  }
  const ready = await resume(site, start, flags);
  print(context, { pools: ready.map(describe) }, () =>
    flags.wait ? `${namesOf(ready)}: a model answers` : 'resuming; see ollama-eks scale status',
  );
}

/** How long it took to scale to zero, and back until every model answered. */
export interface ScaleCycle {
  readonly toZeroSeconds: number;
  readonly toAnswerSeconds: number;
}

/**
 * Plans to scale all pools to zero and back, as `scale zero` and `scale resume` do; the returned function does it. Throws UsageError if
 * that is not possible.
 */
export async function planCycle(context: Context, timeouts: CycleTimeouts): Promise<() => Promise<ScaleCycle>> {
  const site = await open(context);
  const pools = await poolsToStop(site, {});
  const start = await planStart(site, {});
  return async () => {
    const { clock } = context;
    const started = clock.now();
    const atZero = await stop(site, pools, { wait: true, timeout: timeouts.zeroMinutes });
    const stopped = clock.now();
    const planned = atZero.filter(({ name }) => start.wanted.has(name));
    await resume(site, { ...start, pools: planned }, { wait: true, timeout: timeouts.resumeMinutes });
    return { toZeroSeconds: (stopped - started) / 1000, toAnswerSeconds: (clock.now() - stopped) / 1000 };
  };
}

/** Longest waits of a cycle, in minutes. */
export interface CycleTimeouts {
  readonly zeroMinutes: number;
  readonly resumeMinutes: number;
}

/** Returns the pools to stop. Throws UsageError if the minimum of a node group is not 0. */
async function poolsToStop(site: Site, { pool }: Pick<ScaleFlags, 'pool'>): Promise<readonly Pool[]> {
  const pools = choosePools(await read(site), pool);
  const held = pools.find(({ nodeGroup }) => nodeGroup.scalingConfig.minSize > 0);
  if (held === undefined) return pools;
  throw new UsageError(
    `node group ${held.nodeGroup.nodegroupName} has a minimum of ${String(held.nodeGroup.scalingConfig.minSize)}`,
    { remedy: `set minSize of pool ${held.name} to 0 and deploy` },
  );
}

/** Returns the pools as they are after servers and, unless it does not wait, nodes are gone. */
async function stop(site: Site, pools: readonly Pool[], flags: WaitFlags): Promise<readonly Pool[]> {
  for (const { name, workloads } of pools) {
    for (const { kind, metadata, spec } of workloads) {
      if (spec.replicas !== 0) await site.kubectl.scale(kind.toLowerCase(), metadata.name, OLLAMA, 0);
    }
    site.context.reporter.note(`pool ${name}: servers end once their last request is answered`);
  }
  // A node that is terminated ends its server even during a request, so the servers end first, with `--no-wait`, too.
  await until(site, pools, flags, ZERO_MINUTES, 'servers gone', ({ pods }) => pods.length === 0);
  for (const { nodeGroup } of pools) {
    if (nodeGroup.scalingConfig.desiredSize !== 0)
      await site.aws.setDesiredSize(site.cluster, nodeGroup.nodegroupName, 0);
  }
  if (!flags.wait) return pools;
  return until(site, pools, flags, ZERO_MINUTES, 'nodes gone', ({ nodes }) => nodes.length === 0);
}

/** What to start. */
interface Start {
  readonly pools: readonly Pool[];
  /** Nodes of each pool, by its name. */
  readonly wanted: ReadonlyMap<string, number>;
  /** Names of pools that stay on standby. */
  readonly others: readonly string[];
}

/** Plans what to start. Throws UsageError if that is nothing, or more nodes than a node group may have. */
async function planStart(site: Site, flags: Pick<ScaleFlags, 'pool' | 'nodes'>): Promise<Start> {
  const all = await read(site);
  const pools = choosePools(all, flags.pool).filter(
    (pool) => flags.pool !== undefined || wantedNodes(site, pool, flags) > 0,
  );
  if (pools.length === 0)
    throw new UsageError('every pool is on standby', {
      remedy: `name one with --pool ${all.map(({ name }) => name).join(' | ')}`,
    });
  const wanted = new Map(pools.map((pool) => [pool.name, Math.max(1, wantedNodes(site, pool, flags))]));
  for (const { name, nodeGroup } of pools) {
    if ((wanted.get(name) ?? 1) > nodeGroup.scalingConfig.maxSize) {
      throw new UsageError(
        `node group ${nodeGroup.nodegroupName} may have at most ${counted(nodeGroup.scalingConfig.maxSize, 'node')}`,
        { remedy: `ask for fewer, or raise maxSize of pool ${name} and deploy` },
      );
    }
  }
  return { pools, wanted, others: all.map(({ name }) => name).filter((name) => !wanted.has(name)) };
}

/** Returns the pools as they are when a model answers; as they were, if it does not wait. */
async function resume(site: Site, { pools, wanted, others }: Start, flags: WaitFlags): Promise<readonly Pool[]> {
  const since = site.context.clock.now();
  for (const { name, nodeGroup, workloads } of pools) {
    const desired = wanted.get(name) ?? 1;
    if (nodeGroup.scalingConfig.desiredSize < desired)
      await site.aws.setDesiredSize(site.cluster, nodeGroup.nodegroupName, desired);
    for (const { kind, metadata, spec } of workloads) {
      // An autoscaler raises the number of servers once one of them runs.
      if (spec.replicas === 0) await site.kubectl.scale(kind.toLowerCase(), metadata.name, OLLAMA, 1);
    }
  }
  if (!flags.wait) return pools;
  const ready = await until(
    site,
    pools,
    flags,
    RESUME_MINUTES,
    'server with its models in GPU memory',
    (pool) => readyServers(pool) > 0,
    async (pool) => {
      if (pool.nodes.filter(isNodeReady).length < (wanted.get(pool.name) ?? 1)) {
        const error = hopeless(pool.nodeGroup, await capacityProblems(site.aws, pool.nodeGroup, since), others);
        if (error !== undefined) throw error;
      }
    },
  );
  await answer(site, ready);
  return ready;
}

/** Asks every model for one word, bypassing Kong, and records that all have answered. */
async function answer({ context, kubectl, summary }: Site, pools: readonly Pool[]): Promise<void> {
  const pod = pools.flatMap(({ pods }) => pods).find(isReady);
  if (pod === undefined || summary === undefined) return;
  await withPort(
    kubectl,
    { namespace: OLLAMA, object: `pod/${pod.metadata.name}`, port: OLLAMA_PORT },
    async (port) => {
      const endpoint = new Endpoint(
        context,
        `http://127.0.0.1:${String(port)}`,
        undefined,
        summary.requestTimeoutSeconds * 1000,
      );
      requireOk(await runChecks(context, chatChecks(endpoint, servedModels(summary), context.clock)), 'resume');
    },
  );
  await recordAnswer(kubectl, context.clock.now());
}

/** Waits until every pool is done; throws CommandError with exit code 5 at the deadline. */
async function until(
  site: Site,
  pools: readonly Pool[],
  { timeout }: Pick<ScaleFlags, 'timeout'>,
  expectedMinutes: number,
  waitsFor: string,
  done: (pool: Pool) => boolean,
  look: (pool: Pool) => Promise<void> = () => Promise.resolve(),
): Promise<readonly Pool[]> {
  const { context } = site;
  const started = context.clock.now();
  const names = pools.map(({ name }) => name);
  try {
    for (;;) {
      const now = (await read(site)).filter(({ name }) => names.includes(name));
      const open = now.filter((pool) => !done(pool));
      if (open.length === 0) return now;
      for (const pool of open) await look(pool);
      const elapsedSeconds = (context.clock.now() - started) / 1000;
      const states = open.map((pool) => `${pool.name}: ${describe(pool).state}`).join('; ');
      if (elapsedSeconds > timeout * 60) {
        throw new CommandError(
          ExitCode.timeout,
          `waited ${String(Math.round(elapsedSeconds / 60))} min for ${waitsFor} (${states})`,
          { remedy: 'run ollama-eks diagnose, or run this command again' },
        );
      }
      context.reporter.waiting({
        step: 'scale',
        elapsedSeconds,
        expectedSeconds: expectedMinutes * 60,
        waitsFor: `${waitsFor} (${states})`,
      });
      await context.clock.sleep(INTERVAL * 1000, context.signal);
    }
  } finally {
    context.reporter.waited('scale');
  }
}

function namesOf(pools: readonly Pool[]): string {
  return pools.map(({ name }) => name).join(', ');
}

/** What a pool is doing. */
export type PoolState =
  'zero' | 'no nodes' | 'stopping' | 'waiting for nodes' | 'loading models' | 'partly ready' | 'ready';

/** Nodes and servers of a pool. */
export interface PoolStatus {
  readonly pool: string;
  readonly nodeGroup: string;
  readonly instanceTypes: readonly string[];
  readonly nodes: { readonly ready: number; readonly desired: number; readonly max: number };
  readonly servers: { readonly ready: number; readonly desired: number };
  readonly state: PoolState;
}

/** Describes a pool in numbers and words. */
function describe(pool: Pool): PoolStatus {
  const { name, nodeGroup, nodes, workloads } = pool;
  const { desiredSize, maxSize } = nodeGroup.scalingConfig;
  const servers = workloads.reduce((sum, workload) => sum + replicasOf(workload), 0);
  const [readyNodes, ready] = [nodes.filter(isNodeReady).length, readyServers(pool)];
  const counts = { desiredSize, nodes: nodes.length, readyNodes, servers, ready, pods: pool.pods };
  return {
    pool: name,
    nodeGroup: nodeGroup.nodegroupName,
    instanceTypes: nodeGroup.instanceTypes ?? [],
    nodes: { ready: readyNodes, desired: desiredSize, max: maxSize },
    servers: { ready, desired: servers },
    state: stateOf(counts),
  };
}

/** Returns what a pool is doing. */
function stateOf(pool: {
  readonly desiredSize: number;
  readonly nodes: number;
  readonly readyNodes: number;
  readonly servers: number;
  readonly ready: number;
  readonly pods: readonly Pod[];
}): PoolState {
  const running = pool.nodes > 0 || pool.pods.some(({ spec }) => spec.nodeName !== undefined);
  if (pool.desiredSize === 0 && !running) return pool.servers === 0 ? 'zero' : 'no nodes';
  if (pool.desiredSize === 0 || pool.servers === 0) return 'stopping';
  if (pool.readyNodes < pool.desiredSize) return 'waiting for nodes';
  if (pool.ready === 0) return 'loading models';
  return pool.ready < pool.servers ? 'partly ready' : 'ready';
}

function wantedNodes({ summary }: Site, { name, nodeGroup }: Pool, { nodes }: Pick<ScaleFlags, 'nodes'>): number {
  const planned = summary?.pools.find((pool) => pool.name === name);
  return nodes ?? planned?.nodes ?? Math.max(1, nodeGroup.scalingConfig.desiredSize);
}

async function open(context: Context): Promise<Site> {
  const target = findTarget(context, findProject(context));
  const { clusterName, region, summary } = target;
  return {
    context,
    kubectl: await openCluster(context, target),
    aws: new Aws(context, region),
    cluster: clusterName,
    summary,
  };
}

function read({ kubectl, aws, cluster, summary }: Site): Promise<readonly Pool[]> {
  return readPools(kubectl, aws, cluster, summary);
}

function hourAgo({ clock }: Context): number {
  return clock.now() - 3_600_000;
}
