/** Derives everything that nodes and servers need from the props of a pool. Pure. */
import { checkPrice } from '../../catalogue/check-price';
import { gpuInstanceType, type GpuInstanceType } from '../../catalogue/gpu-instance-type';
import { checkInteger } from '../../check-integer';
import { ValidationError } from '../../errors';
import { fit as fitOf, requireFit } from '../../sizing/fit';
import type { Fit } from '../../sizing/fit-result';
import { ebsThroughput, GP3_LIMITS } from '../../sizing/gp3';
import { modelStoreGiB, modelVolume } from '../../sizing/model-volume';
import { podResources } from '../../sizing/pod-resources';
import { serverNeeds } from '../../sizing/server-needs';
import { listOf } from '../../sizing/units';
import { DEFAULT_POOL, POOL_LABEL } from '../../workload/names';
import type { ModelCache } from '../../workload/workload-spec';
import { Capacity } from './capacity';
import type { GpuPool, GpuPoolProps, ModelCacheProps, PoolContext } from './gpu-pool';
import { checkFastImagePull } from './fast-image-pull';
import {
  checkInstanceStore,
  checkPoolForm,
  checkPoolHardware,
  checkServerMemory,
  type RequestedPool,
} from './gpu-pool-checks';
import { GPU_TAINT } from './node-labels';
import { checkNamed, checkPoolsDiffer, poolProperty } from './pool-names';
import { poolZone, type PoolZone } from './pool-zone';
import { rootVolume } from './root-volume';
import { planWarmPool } from './warm-pool-plan';

/** Label of nodes on which NVIDIA's device plugin runs. @see https://github.com/NVIDIA/k8s-device-plugin (affinity of the chart) */
const GPU_LABEL = { 'nvidia.com/gpu.present': 'true' };

const ROOT_VOLUME_GIB = 100;
/** Above this throughput, the CPU limits how fast Ollama's image is unpacked, not the disk. */
const ROOT_VOLUME_THROUGHPUT = 500;
/** What gains most from `FastImagePull`, as its documentation says. */
const FAST_PULL_THROUGHPUT = 1000;
/** More nodes than any quota allows: a larger number is a typing mistake. */
const MOST_NODES = 1000;

/** Resolves the pools, in order of preference. */
export function planGpuPools(gpu: GpuPoolProps | readonly GpuPoolProps[], context: PoolContext): readonly GpuPool[] {
  const pools = listOf(gpu);
  if (pools.length === 0) {
    throw new ValidationError({
      property: 'gpu',
      value: gpu,
      problem: 'has no pool',
      allowed: 'a pool, or a list of pools in order of preference',
      remedy: 'add a pool: { instanceType: "g5.xlarge" }',
    });
  }
  checkNamed(pools);
  const planned = pools.map((pool, index) => planGpuPool(pool, index, poolProperty(gpu, index), context));
  checkPoolsDiffer('gpu', planned);
  return planned;
}

function planGpuPool(props: GpuPoolProps, index: number, property: string, context: PoolContext): GpuPool {
  const instance = gpuInstanceType(props.instanceType, `${property}.instanceType`);
  const pool = {
    name: props.name ?? DEFAULT_POOL,
    capacity: props.capacity ?? Capacity.ON_DEMAND,
    amiFamily: props.amiFamily ?? 'AL2023',
    localStorage: props.localStorage ?? (props.cache?.kind === 'instance-store' ? 'RAID0' : undefined),
  } as const;
  const requested = { ...props, ...pool };
  checkPoolForm(requested, property, context);
  checkPoolHardware(requested, instance, property);
  const zone = poolZone(props.zone, `${property}.zone`, context);
  const cache = modelCache(props.cache, zone, { ...context, instance, property: `${property}.cache` });
  const allowCpu = props.allowCpu ?? false;
  const fit = (allowCpu ? fitOf : requireFit)(context.models, instance, {
    gpus: props.gpusPerReplica,
    kvCacheType: context.kvCacheType,
    volume: cache.kind === 'instance-store' ? 'instance-store' : cache.volume,
    properties: { instance: `${property}.instanceType`, gpus: `${property}.gpusPerReplica` },
  });
  if (props.pricePerHour !== undefined) checkPrice(props.pricePerHour, `${property}.pricePerHour`);
  const replicasPerNode = Math.floor(instance.gpuCount / fit.gpus);
  checkServerMemory(instance, replicasPerNode, `${property}.instanceType`);
  const replicas = checkInteger(`${property}.replicas`, props.replicas ?? (index === 0 ? 1 : 0), {
    min: 0,
    max: MOST_NODES,
  });
  const nodeLabels = { [POOL_LABEL]: pool.name };
  const size = planSize(
    props,
    Math.ceil(replicas / replicasPerNode),
    isLikelyAvailable(pool.capacity, instance, index),
    property,
  );
  return {
    ...pool,
    ...zone,
    ...size,
    warmPool: planWarmPool(requested, size, property),
    instance,
    releaseVersion: props.releaseVersion,
    pricePerHour: props.pricePerHour ?? instance.pricePerHour,
    ...planImages(requested, instance, property),
    efa: props.efa ?? false,
    repair: props.repair ?? true,
    replicas,
    replicasPerNode,
    gpusPerReplica: fit.gpus,
    parallel: parallelOf(fit),
    nodeLabels,
    labels: { ...props.labels, ...GPU_LABEL, ...nodeLabels },
    taints: [GPU_TAINT, ...(props.startupTaints ?? [])],
    fit,
    allowCpu,
    needs: serverNeeds(fit, replicasPerNode),
    resources: podResources({ fit, replicasPerNode, allowCpu, telemetry: context.telemetry }),
    cache,
  };
}

/** Returns the requests processed at the same time: `OLLAMA_NUM_PARALLEL` is one number for the whole server. */
function parallelOf(fit: Fit): number {
  return Math.max(...fit.models.map(({ model }) => model.parallel));
}

/** Returns whether capacity is likely available at once: on-demand G types nearly always are. P types, spot and capacity with
 * a start date are requested when they are needed. */
function isLikelyAvailable(capacity: Capacity, instance: GpuInstanceType, index: number): boolean {
  return index === 0 && capacity.kind === 'ON_DEMAND' && instance.name.startsWith('g');
}

function planSize(props: GpuPoolProps, nodes: number, available: boolean, property: string) {
  const minSize = checkInteger(`${property}.minSize`, props.minSize ?? 0, { min: 0, max: MOST_NODES, unit: 'nodes' });
  const needed = Math.max(nodes, minSize, props.initialSize ?? 0, 1);
  const maxSize = checkInteger(`${property}.maxSize`, props.maxSize ?? needed, {
    min: Math.max(nodes, minSize, 1),
    max: MOST_NODES,
    unit: 'nodes',
  });
  const wanted = props.initialSize ?? Math.max(available ? nodes : 0, minSize);
  const initialSize = checkInteger(`${property}.initialSize`, wanted, { min: minSize, max: maxSize, unit: 'nodes' });
  return { nodes, minSize, maxSize, initialSize };
}

/** Returns the disk that images are on, and how they are pulled. */
function planImages(
  pool: RequestedPool,
  instance: GpuInstanceType,
  property: string,
): Pick<GpuPool, 'rootVolume' | 'fastImagePull'> {
  const { fastImagePull = false, localStorage } = pool;
  const volume = rootVolume(
    pool.rootVolume,
    { sizeGiB: ROOT_VOLUME_GIB, throughput: rootThroughput(instance, fastImagePull && localStorage !== 'RAID0') },
    instance,
    `${property}.rootVolume`,
  );
  if (fastImagePull) checkFastImagePull(pool, volume, instance, property);
  return { rootVolume: volume, fastImagePull };
}

/** Returns the throughput that the instance type can use, up to the point where the disk is no longer the bottleneck. */
function rootThroughput(instance: GpuInstanceType, pullsFast: boolean): number {
  const useful = pullsFast ? FAST_PULL_THROUGHPUT : ROOT_VOLUME_THROUGHPUT;
  return Math.max(GP3_LIMITS.throughput.min, Math.min(useful, ebsThroughput(instance)));
}

/** What a cache of models depends on. */
type CacheContext = Pick<PoolContext, 'models' | 'volumeTags'> & {
  readonly instance: GpuInstanceType;
  readonly property: string;
};

function modelCache(
  props: ModelCacheProps = {},
  { zone, zoneIndex }: PoolZone,
  { models, volumeTags, instance, property }: CacheContext,
): ModelCache {
  const { kind = 'ebs', sizeGiB, iops, throughput, kmsKeyArn, retain } = props;
  if (kind === 'instance-store') {
    const storeGiB = modelStoreGiB(models, sizeGiB, property);
    checkInstanceStore(storeGiB, instance, `${property}.sizeGiB`);
    return { kind, sizeGiB: storeGiB };
  }
  return {
    kind,
    volume: modelVolume(models, instance, { sizeGiB, iops, throughput }, property),
    availabilityZones: zone === undefined ? undefined : [zone],
    zoneIndex: zone === undefined ? zoneIndex : undefined,
    kmsKeyId: kmsKeyArn,
    tags: volumeTags,
    retain,
  };
}
