import type { GpuInstanceType } from '../../catalogue/gpu-instance-type';
import { ValidationError } from '../../errors';
import { Token } from '../../framework';
import { MIN_SERVER_MEMORY_MIB, serverMemoryMiB } from '../../sizing/pod-resources';
import { GIB } from '../../sizing/units';
import { checkAmiRelease } from './ami-release';
import type { Capacity } from './capacity';
import { checkInteger } from '../../check-integer';
import { checkOneOf } from '../../check-text';
import type { AmiFamily, GpuPoolProps, LocalStorage, PoolContext } from './gpu-pool';
import { checkNodeLabels, checkStartupTaints } from './node-labels';
import { checkPoolName } from './pool-names';

/** A requested pool, with its defaults filled in. */
export interface RequestedPool extends GpuPoolProps {
  readonly name: string;
  readonly capacity: Capacity;
  readonly amiFamily: AmiFamily;
  readonly localStorage: LocalStorage | undefined;
}

const AMI_FAMILIES: readonly string[] = ['AL2023', 'BOTTLEROCKET'];

/** Refuses names, versions, labels and taints that have the wrong form. */
export function checkPoolForm(pool: RequestedPool, property: string, context: PoolContext): void {
  checkPoolName(`${property}.name`, pool.name);
  if (!AMI_FAMILIES.includes(pool.amiFamily)) {
    throw new ValidationError({
      property: `${property}.amiFamily`,
      value: pool.amiFamily,
      problem: 'has no supported image with NVIDIA drivers; AL2 reached its end of life on 2025-11-26',
      allowed: AMI_FAMILIES.join(', '),
      remedy: 'use AL2023',
    });
  }
  checkOneOf(`${property}.cache.kind`, pool.cache?.kind ?? 'ebs', ['ebs', 'instance-store']);
  if (pool.localStorage !== undefined) checkOneOf(`${property}.localStorage`, pool.localStorage, ['RAID0', 'Mount']);
  checkAmiRelease(`${property}.releaseVersion`, pool.releaseVersion, pool.amiFamily, context.kubernetesVersion);
  checkNodeLabels(`${property}.labels`, pool.labels ?? {});
  checkStartupTaints(`${property}.startupTaints`, pool.startupTaints ?? []);
}

/** Refuses what the instance type or its AMI family does not support. */
export function checkPoolHardware(pool: RequestedPool, instance: GpuInstanceType, property: string): void {
  const { name } = instance;
  const { capacity, localStorage, cache } = pool;
  if (instance.capacityBlocksOnly === true && capacity.kind !== 'CAPACITY_BLOCK') {
    throw new ValidationError({
      property: `${property}.capacity`,
      value: capacity.kind,
      problem: `${name} is available in Capacity Blocks only`,
      allowed: 'Capacity.block(id)',
      remedy: 'buy a Capacity Block and use the id of its reservation, or choose another instance type',
    });
  }
  if (
    capacity.reservationId !== undefined &&
    !Token.isUnresolved(capacity.reservationId) &&
    !/^cr-[0-9a-f]+$/.test(capacity.reservationId)
  ) {
    throw new ValidationError({
      property: `${property}.capacity`,
      value: capacity.reservationId,
      problem: 'is not the id of a capacity reservation',
      allowed: 'cr- and hexadecimal digits',
      remedy: 'copy it from `aws ec2 describe-capacity-reservations`',
    });
  }
  if (pool.efa === true && instance.efaInterfaces === 0) {
    throw new ValidationError({
      property: `${property}.efa`,
      value: true,
      problem: `${name} has no Elastic Fabric Adapter`,
      allowed: 'false',
      remedy: 'omit it: serving on a single node does not use it',
    });
  }
  if (localStorage !== undefined && instance.instanceStoreGB === 0) {
    throw new ValidationError({
      property: cache?.kind === 'instance-store' ? `${property}.cache.kind` : `${property}.localStorage`,
      value: cache?.kind ?? localStorage,
      problem: `${name} has no local NVMe disks`,
      allowed: 'an EBS cache',
      remedy: 'omit it, or choose an instance type with an instance store',
    });
  }
  if (localStorage === 'Mount' && pool.amiFamily === 'BOTTLEROCKET') {
    throw new ValidationError({
      property: `${property}.localStorage`,
      value: localStorage,
      problem: 'is not supported by Bottlerocket',
      allowed: 'RAID0',
      remedy: 'use RAID0 or AL2023',
    });
  }
  if (cache?.kind === 'instance-store') checkInstanceStoreCache(pool, property);
}

function checkInstanceStoreCache(pool: RequestedPool, property: string): void {
  const { cache = {}, localStorage } = pool;
  if (localStorage !== 'RAID0') {
    throw new ValidationError({
      property: `${property}.localStorage`,
      value: localStorage,
      problem: 'does not put pods’ files on the local disks, as an instance-store cache requires',
      allowed: 'RAID0',
      remedy: 'omit it',
    });
  }
  const own = (['iops', 'throughput', 'kmsKeyArn', 'retain'] as const).find((key) => cache[key] !== undefined);
  if (own !== undefined) {
    throw new ValidationError({
      property: `${property}.cache.${own}`,
      value: cache[own],
      problem: 'does not apply to the node’s own disks',
      allowed: 'no value with an instance-store cache',
      remedy: 'omit it, or use an EBS cache',
    });
  }
}

/** Refuses models that do not fit the instance's own disks. */
export function checkInstanceStore(sizeGiB: number, instance: GpuInstanceType, property: string): void {
  const storeGiB = Math.floor((instance.instanceStoreGB * 1e9) / GIB);
  if (sizeGiB > storeGiB) {
    throw new ValidationError({
      property,
      value: sizeGiB,
      problem: `is more than the ${storeGiB} GiB that the disks of ${instance.name} hold`,
      allowed: `at most ${storeGiB}`,
      remedy: 'lower it, or use an EBS cache',
    });
  }
  checkInteger(property, sizeGiB, { min: 1, max: storeGiB, unit: 'GiB' });
}

/** Refuses an instance type that leaves each server less main memory than it needs. */
export function checkServerMemory(instance: GpuInstanceType, replicasPerNode: number, property: string): void {
  const memoryMiB = serverMemoryMiB(instance, replicasPerNode);
  if (memoryMiB < MIN_SERVER_MEMORY_MIB) {
    throw new ValidationError({
      property,
      value: instance.name,
      problem: `would run ${replicasPerNode} servers, with ${memoryMiB} MiB of main memory each`,
      allowed: `at least ${MIN_SERVER_MEMORY_MIB} MiB per server`,
      remedy: 'set gpusPerReplica to more GPUs, so that fewer servers share a node, or choose a type with more memory',
    });
  }
}
