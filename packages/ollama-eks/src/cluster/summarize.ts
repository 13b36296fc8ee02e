/** Summarizes what a cluster is, does and costs. Pure: it works on resolved pools, without constructs. */
import type { KubernetesVersion } from '../catalogue/kubernetes-version';
import { metricsVolumeGiB } from '../observability/installed-prometheus';
import type { ObservabilityProps } from '../observability/observability-props';
import { type Measured, telemetrySummary } from '../observability/telemetry-summary';
import { type Cost, cost, type CostLine, gp3PerMonth, type NodeCount, sumsOf } from '../sizing/cost';
import { GP3_LIMITS, type Gp3Volume } from '../sizing/gp3';
import { totalBytes } from '../sizing/model-volume';
import {
  LONGEST_DRAINED_REQUEST_SECONDS,
  NODE_DRAIN_SECONDS,
  nodeDrainSeconds,
  serversPerNode,
} from '../workload/timing';
import { type AccessEntryProps, DEPLOYER } from './control-plane/access-entry';
import { type EndpointProps, isWorld } from './control-plane/endpoint';
import type { GpuPool } from './nodes/gpu-pool';
import type { SystemPool } from './nodes/system-pool';
import type { ClusterSummary, PoolSummary } from './summary';

/** Input of a summary. */
export interface SummaryInput {
  readonly clusterName: string;
  readonly region: string;
  /** Kubernetes minor version: `1.35`. */
  readonly kubernetesVersion: string;
  readonly requestTimeoutSeconds: number;
  readonly pools: readonly GpuPool[];
  /** Where metrics are collected. @default - nowhere */
  readonly observability?: ObservabilityProps;
  /** What is created besides the pools. @default - nothing: the cluster is an existing one */
  readonly created?: CreatedCluster;
}

/** A cluster that is created together with its pools, and everything in it that is not a pool. */
export interface CreatedCluster {
  readonly kubernetesVersion: KubernetesVersion;
  readonly system: SystemPool;
  readonly natGateways: number;
  /** Number of interface endpoints, each counted once per zone. */
  readonly interfaceEndpoints: number;
  /** Number of KMS keys that the cluster creates. */
  readonly kmsKeys: number;
  readonly access: readonly AccessEntryProps[];
  readonly endpoint: EndpointProps;
  readonly hasBudget: boolean;
  /** Whether nodes have no route to the internet. */
  readonly hasNoInternet: boolean;
  readonly upgradePolicy: 'STANDARD' | 'EXTENDED';
  /** Whether the VPC CNI enforces security groups of pods in a mode that breaks probes of pods in the mesh. */
  readonly hasStrictPodInterfaces: boolean;
}

/** Summarizes a cluster. */
export function summarize(input: SummaryInput): ClusterSummary {
  const bill = billOf(input);
  return {
    clusterName: input.clusterName,
    region: input.region,
    kubernetesVersion: input.kubernetesVersion,
    ...(input.created === undefined && { existing: true }),
    requestTimeoutSeconds: input.requestTimeoutSeconds,
    pools: input.pools.map(summarizePool),
    ...(input.observability && { telemetry: telemetrySummary(input.observability, measured(input.pools)) }),
    costLines: bill?.lines ?? [],
    hourly: bill?.hourly,
    monthly40h: bill?.monthly40h,
    monthlyAlwaysOn: bill?.monthlyAlwaysOn,
    notes: [...notes(input), ...(bill?.note === undefined ? [] : [bill.note])],
    warnings: warnings(input, bill),
  };
}

/** Adds what other constructs cost to the bill of a cluster, unless a price of the cluster itself is not known. */
export function withCosts(summary: ClusterSummary, added: readonly CostLine[]): ClusterSummary {
  if (summary.hourly === undefined) return summary;
  const costLines = [...summary.costLines, ...added];
  return { ...summary, costLines, ...sumsOf(costLines) };
}

function measured(pools: readonly GpuPool[]): Measured {
  return {
    servers: pools.reduce((sum, { replicas }) => sum + replicas, 0),
    gpuNodes: pools.reduce((sum, { nodes }) => sum + nodes, 0),
  };
}

function summarizePool(pool: GpuPool): PoolSummary {
  const { instance, fit, capacity } = pool;
  return {
    name: pool.name,
    instanceType: instance.name,
    gpu: `${instance.gpuCount} × ${instance.gpu.name}`,
    zone: pool.zone,
    capacity: capacity.kind,
    replicas: pool.replicas,
    gpusPerReplica: pool.gpusPerReplica,
    nodes: pool.nodes,
    initialSize: pool.initialSize,
    ...(pool.warmPool !== undefined && { preparedNodes: pool.warmPool.maxGroupPreparedCapacity }),
    models: fit.models.map(({ model, largestContextLength, numBatch }) => ({
      name: model.name,
      contextLength: model.contextLength,
      parallel: model.parallel,
      largestContextLength,
      ...(numBatch !== undefined && { numBatch }),
    })),
    gpus: fit.perGpu.map(({ usableBytes, marginBytes, freeBytes }) => ({
      usedBytes: usableBytes - marginBytes - freeBytes,
      marginBytes,
      freeBytes,
    })),
    vramUsedBytes: fit.usedBytes,
    vramFreeBytes: fit.freeBytes,
    spread: fit.spread,
    modelBytes: totalBytes(fit.models.map(({ model }) => model)),
    coldLoadSeconds: fit.coldLoadSeconds,
    pullSeconds: fit.pullSeconds,
  };
}

/** Returns the bill with all replicas running; undefined where a price is not known. */
function billOf({ pools, created, region, observability }: SummaryInput): Cost | undefined {
  const running = pools.filter((pool) => paidNodes(pool) > 0);
  const system = created === undefined ? [] : [{ instance: created.system.instance, count: created.system.size }];
  const instances = [...running, ...system.map(({ instance }) => instance)];
  if (instances.some(({ pricePerHour }) => pricePerHour === undefined)) return undefined;
  const modelVolumes = running.flatMap(({ cache, replicas }) =>
    cache.kind === 'ebs' ? repeat(cache.volume, replicas) : [],
  );
  const metricsGiB = metricsVolumeGiB(observability);
  return cost({
    region,
    hasControlPlane: created !== undefined,
    gpuNodes: running.map((pool) => nodesOf(pool, paidNodes(pool) - pool.minSize)),
    systemNodes: [...system, ...running.map((pool) => nodesOf(pool, pool.minSize))],
    natGateways: created?.natGateways ?? 0,
    interfaceEndpoints: created?.interfaceEndpoints,
    kmsKeys: created?.kmsKeys,
    volumes: [
      ...modelVolumes,
      ...(created === undefined ? [] : repeat(created.system.rootVolume, created.system.size)),
      ...running.flatMap((pool) => repeat(pool.rootVolume, paidNodes(pool))),
    ],
    stoppedVolumes: pools.flatMap((pool) => repeat(pool.rootVolume, stoppedNodes(pool))),
    metricsVolume:
      metricsGiB === undefined
        ? undefined
        : { sizeGiB: metricsGiB, iops: GP3_LIMITS.iops.min, throughput: GP3_LIMITS.throughput.min },
    metricsCollectors: observability?.metrics === 'amp' ? 1 : 0,
  });
}

/** Returns the number of nodes that the replicas need or, if more, that the pool is created with; never below `minSize`. */
function paidNodes({ nodes, minSize, initialSize }: GpuPool): number {
  return Math.max(nodes, minSize, initialSize);
}

/** Returns the number of nodes that are stopped when all nodes that are paid for run. */
function stoppedNodes(pool: GpuPool): number {
  return Math.max(0, (pool.warmPool?.maxGroupPreparedCapacity ?? 0) - paidNodes(pool));
}

function nodesOf({ instance, pricePerHour }: GpuPool, count: number): NodeCount {
  return { instance, count, pricePerHour: pricePerHour === instance.pricePerHour ? undefined : pricePerHour };
}

function notes({ pools, created }: SummaryInput): string[] {
  return [...pools.flatMap(poolNotes), ...(created === undefined ? [] : clusterNotes(created))];
}

function clusterNotes({
  kubernetesVersion,
  access,
  endpoint,
  hasBudget,
  hasNoInternet,
  upgradePolicy,
}: CreatedCluster): string[] {
  const said: [boolean, string][] = [
    [(endpoint.publicCidrs ?? []).length === 0, 'the Kubernetes API is reachable from inside the VPC only'],
    [
      hasNoInternet,
      'nodes have no route to the internet: unless something else routes them there, set `mirrors` of the delivery',
    ],
    [
      access.some(({ principalArn }) => principalArn === DEPLOYER),
      'anyone who runs terraform apply gets access; name a role if several people deploy',
    ],
    [!hasBudget, 'no budget is set: guardrails.budget notifies you before the monthly bill runs high'],
    [
      kubernetesVersion.endOfStandardSupport !== undefined,
      `standard support of Kubernetes ${kubernetesVersion.version} ends on ${kubernetesVersion.endOfStandardSupport}; EKS then ` +
        (upgradePolicy === 'STANDARD' ? 'upgrades the cluster' : 'charges six times as much'),
    ],
  ];
  return said.filter(([holds]) => holds).map(([, note]) => note);
}

function poolNotes({ name, initialSize, nodes, replicas, warmPool, rootVolume }: GpuPool): string[] {
  const said: [boolean, string][] = [
    [
      initialSize < nodes,
      `GPU pool ${name} is created with fewer nodes than its replicas need; scale it up when you need it`,
    ],
    [replicas === 0, `GPU pool ${name} is on standby with no replicas`],
    [
      warmPool !== undefined,
      `nodes of GPU pool ${name} are stopped, not terminated, when it is scaled in: each then costs its root volume, ` +
        `${gp3PerMonth(rootVolume).toFixed(2)} USD a month, and reserves no capacity`,
    ],
  ];
  return said.filter(([holds]) => holds).map(([, note]) => note);
}

function warnings(input: SummaryInput, bill: Cost | undefined): string[] {
  const { pools, created, requestTimeoutSeconds } = input;
  const said: [boolean, string][] = [
    [
      lacksFallback(pools),
      'one instance type in one zone, with no fallback: if AWS has no capacity there, nothing is served; add a pool',
    ],
    ...(created === undefined ? [] : clusterWarnings(created)),
    [
      requestTimeoutSeconds > LONGEST_DRAINED_REQUEST_SECONDS,
      `requests of ${requestTimeoutSeconds} s outlast the 15 minutes in which EKS drains a node: an update of a node group ` +
        `fails while one runs, and scaling in cuts it off; set requestTimeoutSeconds to at most ${LONGEST_DRAINED_REQUEST_SECONDS}, ` +
        'or run `ollama-eks scale zero`, which stops servers first, before an update',
    ],
    [bill === undefined, 'an instance type has no list price in the catalogue: no cost is reported'],
  ];
  return [
    ...said.filter(([holds]) => holds).map(([, warning]) => warning),
    ...pools.flatMap((pool) => poolWarnings(pool, input)),
  ];
}

function clusterWarnings({
  access,
  endpoint,
  kubernetesVersion,
  hasStrictPodInterfaces,
}: CreatedCluster): [boolean, string][] {
  return [
    [access.length === 0, 'nobody has access to the Kubernetes API: add a principal to `access`'],
    [(endpoint.publicCidrs ?? []).some(isWorld), 'the Kubernetes API is open to the whole internet'],
    [
      !kubernetesVersion.listed,
      `Kubernetes ${kubernetesVersion.version} is not in the catalogue: add-ons use the default versions of EKS`,
    ],
    [
      hasStrictPodInterfaces,
      'addOns.vpcCni sets ENABLE_POD_ENI in strict mode, which drops probes of pods in the mesh: set ' +
        'POD_SECURITY_GROUP_ENFORCING_MODE to standard',
    ],
  ];
}

/** Returns whether everything depends on one type in one zone, without reserved capacity. */
function lacksFallback(pools: readonly GpuPool[]): boolean {
  const places = new Set(pools.map(({ instance, zone, zoneIndex }) => `${instance.name} ${zone ?? zoneIndex ?? ''}`));
  return places.size === 1 && pools.every(({ capacity }) => capacity.reservationId === undefined);
}

function poolWarnings(pool: GpuPool, { pools, requestTimeoutSeconds }: SummaryInput): string[] {
  const { name, fit, capacity, cache } = pool;
  const spot = capacity.kind === 'SPOT' && cache.kind === 'ebs';
  const own = [
    ...(fit.reason === undefined ? [] : [`${fit.reason}; the rest is in main memory, which is many times slower`]),
    ...fit.warnings,
    ...drainWarning(pool, requestTimeoutSeconds),
    ...(spot ? ['spot nodes with models on EBS: replacement capacity must be in the same zone as the volume'] : []),
  ];
  return own.map((warning) => (pools.length > 1 ? `GPU pool ${name}: ${warning}` : warning));
}

/** Servers that share a node leave it sequentially. */
function drainWarning(pool: GpuPool, requestTimeoutSeconds: number): string[] {
  const seconds = nodeDrainSeconds(pool, requestTimeoutSeconds);
  if (serversPerNode(pool) < 2 || seconds <= NODE_DRAIN_SECONDS) return [];
  return [
    `${serversPerNode(pool)} servers share a node and leave it one by one, which takes up to ${Math.ceil(seconds / 60)} minutes if ` +
      `requests run for ${requestTimeoutSeconds} s; EKS waits 15, then an update of the node group fails, and scaling in cuts the ` +
      'requests off: run `ollama-eks scale zero`, which stops servers first, before an update',
  ];
}

function repeat(volume: Gp3Volume, times: number): readonly Gp3Volume[] {
  return Array.from({ length: times }, () => volume);
}
