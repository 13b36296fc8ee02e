import { GPU_RESOURCE } from '../catalogue/gpu';
import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import { checkInteger } from '../check-integer';
import { ValidationError } from '../errors';
import { allocatable, type Allocatable, maxPodsWithPrefixes } from './allocatable';
import { DAEMON_SETS } from './daemon-sets';
import type { Fit } from './fit-result';
import { conversationMemory } from './host-memory';
import { GPU_EXPORTER_REQUESTS, METRICS_EXPORTER_REQUESTS } from './telemetry-requests';

/** Properties that decide which share of a node one server gets. */
export interface PodResourcesOptions {
  readonly fit: Fit;
  /**
   * Number of servers per node.
   * @default 1
   */
  readonly replicasPerNode?: number;
  /**
   * Whether the models may be partly in main memory. If so, models that do not fit the GPUs are accepted.
   * @default false
   */
  readonly allowCpu?: boolean;
  /**
   * Whether the node also runs exporters of metrics: one in each server's pod, and one for the GPUs.
   * @default false
   */
  readonly telemetry?: boolean;
}

/** Resources of the server's container, as Kubernetes writes them. There is no CPU limit: a server may use all idle CPUs. */
export interface PodResources {
  readonly requests: ResourceQuantities;
  readonly limits: ResourceQuantities;
}

/** Amounts by resource name: `cpu`, `memory`, `nvidia.com/gpu`. */
export interface ResourceQuantities {
  readonly [resource: string]: string;
}

/** Reserved for other pods on the node: the model loader, DaemonSets without requests, and pods of the user. */
const HEADROOM: Allocatable = { cpuMillis: 250, memoryMiB: 512 };
/** Share of its CPUs that a server requests; the GPU does most of the work. */
const CPU_SHARE = 0.5;
/** Minimum memory of a server: one llama-server and a small page cache. */
export const MIN_SERVER_MEMORY_MIB = 4096;

/**
 * Returns requests and limits, calculated from the resources of a node with the instance type of the fit.
 * @throws ValidationError if the models do not fit, or if the node does not have the GPUs or the memory for that many servers
 */
export function podResources(options: PodResourcesOptions): PodResources {
  const { fit, replicasPerNode = 1, allowCpu = false, telemetry = false } = options;
  checkFits(fit, allowCpu);
  checkReplicas(fit, replicasPerNode);
  const taken = telemetry ? telemetryRequests(replicasPerNode) : { cpuMillis: 0, memoryMiB: 0 };
  const node = available(fit.instance);
  const memoryMiB = Math.floor((node.memoryMiB - taken.memoryMiB) / replicasPerNode);
  const cpuMillis = Math.floor(((node.cpuMillis - taken.cpuMillis) / replicasPerNode) * CPU_SHARE);
  const models = fit.models.map(({ model }) => model);
  const neededMiB = conversationMemory(
    models,
    fit.kvCacheType,
    serverMemoryMiB(fit.instance, replicasPerNode),
  ).totalMiB;
  const gpus = String(fit.gpus);
  return {
    requests: {
      cpu: `${cpuMillis}m`,
      memory: `${Math.min(neededMiB, memoryMiB)}Mi`,
      [GPU_RESOURCE]: gpus,
    },
    limits: { memory: `${memoryMiB}Mi`, [GPU_RESOURCE]: gpus },
  };
}

/** Returns the memory in MiB that one server may use. */
export function serverMemoryMiB(instance: GpuInstanceType, replicasPerNode = 1): number {
  return Math.floor(available(instance).memoryMiB / replicasPerNode);
}

/** Returns what the exporters of a node request. */
function telemetryRequests(replicasPerNode: number): Allocatable {
  const [each, node] = [METRICS_EXPORTER_REQUESTS, GPU_EXPORTER_REQUESTS];
  return {
    cpuMillis: replicasPerNode * each.cpuMillis + node.cpuMillis,
    memoryMiB: replicasPerNode * each.memoryMiB + node.memoryMiB,
  };
}

/** Returns the resources of a node without those of DaemonSets and the headroom. */
function available(instance: GpuInstanceType): Allocatable {
  const node = allocatable(instance, maxPods(instance));
  return DAEMON_SETS.reduce<Allocatable>(
    (remaining, requests) => ({
      cpuMillis: remaining.cpuMillis - requests.cpuMillis,
      memoryMiB: remaining.memoryMiB - requests.memoryMiB,
    }),
    { cpuMillis: node.cpuMillis - HEADROOM.cpuMillis, memoryMiB: node.memoryMiB - HEADROOM.memoryMiB },
  );
}

/**
 * Returns the number of pods for which a node reserves memory: Bottlerocket reserves it for the pods with prefix delegation,
 * AL2023 for `maxPods` of the type; the larger number covers both.
 */
function maxPods(instance: GpuInstanceType): number {
  return Math.max(instance.maxPods, maxPodsWithPrefixes(instance.vcpus));
}

function checkFits({ fits, reason }: Fit, allowCpu: boolean): void {
  if (!fits && !allowCpu) {
    throw new ValidationError({
      property: 'fit',
      problem: reason ?? 'the models do not fit',
      allowed: 'models that fit, or allowCpu: true',
      remedy: 'choose another instance type or less context, or allow models in main memory',
    });
  }
}

function checkReplicas({ gpus, instance }: Fit, replicasPerNode: number): void {
  const max = Math.floor(instance.gpuCount / gpus);
  checkInteger('replicasPerNode', replicasPerNode, {
    min: 1,
    max,
    problem: `is not possible: ${instance.name} has ${instance.gpuCount} GPUs and each server uses ${gpus}`,
    allowed: `an integer from 1 to ${max}`,
    remedy: 'use more nodes, or fewer GPUs for each server',
  });
  if (serverMemoryMiB(instance, replicasPerNode) < MIN_SERVER_MEMORY_MIB) {
    throw new ValidationError({
      property: 'replicasPerNode',
      value: replicasPerNode,
      problem: `leaves ${serverMemoryMiB(instance, replicasPerNode)} MiB of the memory of ${instance.name} for each server`,
      allowed: `at least ${MIN_SERVER_MEMORY_MIB} MiB for each`,
      remedy: 'use fewer servers per node, or an instance type with more memory',
    });
  }
}
