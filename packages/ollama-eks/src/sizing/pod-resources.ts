import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import { ValidationError } from '../errors';
import { allocatable, type Allocatable } from './allocatable';
import { DAEMON_SETS } from './daemon-sets';
import type { Fit } from './fit-result';

/** Which share of a node one server gets. */
export interface PodResourcesOptions {
  readonly fit: Fit;
  /**
   * Servers on one node.
   * @default 1
   */
  readonly replicasPerNode?: number;
  /**
   * Whether the models may lie in main memory in part: then a fit that doesn't fit is taken, too.
   * @default false
   */
  readonly allowCpu?: boolean;
}

/** Resources of the server's container, as Kubernetes writes them. The CPU has no limit: what is idle may be used. */
export interface PodResources {
  readonly requests: ResourceQuantities;
  readonly limits: ResourceQuantities;
}

/** Amounts by resource name: `cpu`, `memory`, `nvidia.com/gpu`. */
export interface ResourceQuantities {
  readonly [resource: string]: string;
}

/** Left for pods that come beside the server: the model loader, DaemonSets that request nothing, the user's own. */
const HEADROOM: Allocatable = { cpuMillis: 250, memoryMiB: 512 };
/** Share of its CPUs that a server asks for; a GPU does the work. */
const CPU_SHARE = 0.5;
/** Less memory than this is no server: one llama-server and a little page cache. */
export const LEAST_SERVER_MEMORY_MIB = 4096;

/**
 * Requests and limits from what a node of the fit's instance type can give.
 * @throws ValidationError for models that don't fit, and for more servers than the node has GPUs or memory for
 */
export function podResources({ fit, replicasPerNode = 1, allowCpu = false }: PodResourcesOptions): PodResources {
  checkFits(fit, allowCpu);
  checkReplicas(fit, replicasPerNode);
  const memoryMiB = serverMemoryMiB(fit.instance, replicasPerNode);
  const cpuMillis = Math.floor((available(fit.instance).cpuMillis / replicasPerNode) * CPU_SHARE);
  const gpus = String(fit.gpus);
  return {
    requests: {
      cpu: `${cpuMillis}m`,
      memory: `${Math.min(fit.hostMemoryMiB, memoryMiB)}Mi`,
      'nvidia.com/gpu': gpus,
    },
    limits: { memory: `${memoryMiB}Mi`, 'nvidia.com/gpu': gpus },
  };
}

/** Memory in MiB that one server may take. */
export function serverMemoryMiB(instance: GpuInstanceType, replicasPerNode = 1): number {
  return Math.floor(available(instance).memoryMiB / replicasPerNode);
}

/** What DaemonSets and headroom leave. */
function available(instance: GpuInstanceType): Allocatable {
  const node = allocatable(instance, mostPods(instance));
  return DAEMON_SETS.reduce<Allocatable>(
    (rest, requests) => ({
      cpuMillis: rest.cpuMillis - requests.cpuMillis,
      memoryMiB: rest.memoryMiB - requests.memoryMiB,
    }),
    { cpuMillis: node.cpuMillis - HEADROOM.cpuMillis, memoryMiB: node.memoryMiB - HEADROOM.memoryMiB },
  );
}

/**
 * With prefix delegation EKS recommends 110 pods below 30 vCPUs and 250 above; Bottlerocket reserves memory for that number,
 * AL2023 for the type's own. The larger one holds for both.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html
 */
function mostPods(instance: GpuInstanceType): number {
  return Math.max(instance.maxPods, instance.vcpus < 30 ? 110 : 250);
}

function checkFits({ fits, reason }: Fit, allowCpu: boolean): void {
  if (!fits && !allowCpu) {
    throw new ValidationError({
      property: 'fit',
      problem: reason ?? 'the models do not fit',
      allowed: 'a fit that fits, or allowCpu: true',
      remedy: 'choose another instance type or less context, or allow models in main memory',
    });
  }
}

function checkReplicas({ gpus, instance }: Fit, replicasPerNode: number): void {
  const most = Math.floor(instance.gpuCount / gpus);
  if (!Number.isInteger(replicasPerNode) || replicasPerNode < 1 || replicasPerNode > most) {
    throw new ValidationError({
      property: 'replicasPerNode',
      value: replicasPerNode,
      problem: `${instance.name} has ${instance.gpuCount} GPUs and each server takes ${gpus}`,
      allowed: `an integer from 1 to ${most}`,
      remedy: 'use more nodes, or fewer GPUs for each server',
    });
  }
  if (serverMemoryMiB(instance, replicasPerNode) < LEAST_SERVER_MEMORY_MIB) {
    throw new ValidationError({
      property: 'replicasPerNode',
      value: replicasPerNode,
      problem: `leaves each server ${serverMemoryMiB(instance, replicasPerNode)} MiB of the memory of ${instance.name}`,
      allowed: `at least ${LEAST_SERVER_MEMORY_MIB} MiB for each`,
      remedy: 'use fewer servers on a node, or an instance type with more memory',
    });
  }
}
