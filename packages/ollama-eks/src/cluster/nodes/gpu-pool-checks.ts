import type { GpuInstanceType } from '../../catalogue/gpu-instance-type';
import { type Refusal, ValidationError } from '../../errors';
import { MIN_SERVER_MEMORY_MIB, serverMemoryMiB } from '../../sizing/pod-resources';
import { GIB } from '../../sizing/units';
import { checkAmiRelease } from './ami-release';
import type { Capacity } from './capacity';
import { checkInteger, checkOneOf, isToken } from '../../check';
import type { AmiFamily, GpuPoolProps, LocalStorage, PoolContext } from './gpu-pool';
import { checkNodeLabels, checkStartupTaints } from './node-labels';
import { checkPoolName } from './pool-names';

/** A pool as asked for, its defaults filled in. */
export interface RequestedPool extends GpuPoolProps {
  readonly name: string;
  readonly capacity: Capacity;
  readonly amiFamily: AmiFamily;
  readonly localStorage: LocalStorage | undefined;
}

const AMI_FAMILIES: readonly string[] = ['AL2023', 'BOTTLEROCKET'];

/** Refuses names, zones, versions, labels and taints of the wrong form. */
export function checkPoolForm(pool: RequestedPool, property: string, context: PoolContext): void {
  checkPoolName(`${property}.name`, pool.name);
  if (!AMI_FAMILIES.includes(pool.amiFamily)) {
    throw new ValidationError({
      property: `${property}.amiFamily`,
      value: pool.amiFamily,
      problem: 'has no image with NVIDIA drivers here; AL2 ended on 2025-11-26',
      allowed: AMI_FAMILIES.join(', '),
      remedy: 'use AL2023',
    });
  }
  checkOneOf(`${property}.cache.kind`, pool.cache?.kind ?? 'ebs', ['ebs', 'instance-store']);
  if (pool.localStorage !== undefined) checkOneOf(`${property}.localStorage`, pool.localStorage, ['RAID0', 'Mount']);
  checkAmiRelease(`${property}.releaseVersion`, pool.releaseVersion, pool.amiFamily, context.kubernetesVersion);
  checkZone(pool.zone, `${property}.zone`, context);
  checkNodeLabels(`${property}.labels`, pool.labels ?? {});
  checkStartupTaints(`${property}.startupTaints`, pool.startupTaints ?? []);
}

function checkZone(zone: string | undefined, property: string, { zones, zonesTold, region }: PoolContext): void {
  if (zone === undefined) return;
  const refuse = (problem: string, allowed: string, remedy: string): never => {
    throw new ValidationError({ property, value: zone, problem, allowed, remedy });
  };
  if (isToken(zone)) refuse('is known only at apply', `a zone of ${region}, known at synth`, 'name it');
  if (!zonesTold)
    refuse('can’t be found: the network does not tell the zones of its subnets', 'none', 'give the network zones');
  if (zones !== undefined && !zones.includes(zone)) {
    refuse('is no zone of the network', zones.join(', '), 'name one of these, or add the zone to the network');
  }
  if (!new RegExp(`^${region}[a-z]$`).test(zone)) {
    refuse(`is no zone of ${region}`, `region and letter, such as ${region}b`, 'name a zone of the region');
  }
}

/** Refuses what the instance type, or its AMI family, can't do. */
export function checkPoolHardware(pool: RequestedPool, instance: GpuInstanceType, property: string): void {
  for (const refusal of hardwareRefusals(pool, instance, property)) throw new ValidationError(refusal);
}

function* hardwareRefusals(pool: RequestedPool, instance: GpuInstanceType, property: string): Generator<Refusal> {
  const { name } = instance;
  const { capacity, localStorage, cache } = pool;
  if (instance.capacityBlocksOnly === true && capacity.kind !== 'CAPACITY_BLOCK') {
    yield {
      property: `${property}.capacity`,
      value: capacity.kind,
      problem: `${name} is sold in Capacity Blocks only`,
      allowed: 'Capacity.block(id)',
      remedy: 'buy a Capacity Block and name its reservation, or choose another instance type',
    };
  }
  if (
    capacity.reservationId !== undefined &&
    !isToken(capacity.reservationId) &&
    !/^cr-[0-9a-f]+$/.test(capacity.reservationId)
  ) {
    yield {
      property: `${property}.capacity`,
      value: capacity.reservationId,
      problem: 'is not the id of a capacity reservation',
      allowed: 'cr- and hexadecimal digits',
      remedy: 'take it from `aws ec2 describe-capacity-reservations`',
    };
  }
  if (pool.efa === true && instance.efaInterfaces === 0) {
    yield {
      property: `${property}.efa`,
      value: true,
      problem: `${name} has no Elastic Fabric Adapter`,
      allowed: 'false',
      remedy: 'leave it out: serving on one node has no use for it',
    };
  }
  if (localStorage !== undefined && instance.instanceStoreGB === 0) {
    yield {
      property: cache?.kind === 'instance-store' ? `${property}.cache.kind` : `${property}.localStorage`,
      value: cache?.kind ?? localStorage,
      problem: `${name} has no NVMe disks of its own`,
      allowed: 'an EBS cache',
      remedy: 'leave it out, or choose an instance type with an instance store',
    };
  }
  if (localStorage === 'Mount' && pool.amiFamily === 'BOTTLEROCKET') {
    yield {
      property: `${property}.localStorage`,
      value: localStorage,
      problem: 'is something that Bottlerocket can’t do',
      allowed: 'RAID0',
      remedy: 'use RAID0 or AL2023',
    };
  }
  if (cache?.kind === 'instance-store') yield* instanceStoreRefusals(pool, property);
}

function* instanceStoreRefusals(pool: RequestedPool, property: string): Generator<Refusal> {
  const { cache = {}, localStorage } = pool;
  if (localStorage !== 'RAID0') {
    yield {
      property: `${property}.localStorage`,
      value: localStorage,
      problem: 'does not put pods’ files on the disks, where an instance-store cache lies',
      allowed: 'RAID0',
      remedy: 'leave it out',
    };
  }
  const own = (['iops', 'throughput', 'kmsKeyArn', 'retain'] as const).find((key) => cache[key] !== undefined);
  if (own !== undefined) {
    yield {
      property: `${property}.cache.${own}`,
      value: cache[own],
      problem: 'has no meaning for the node’s own disks',
      allowed: 'nothing with an instance-store cache',
      remedy: 'leave it out, or use an EBS cache',
    };
  }
}

/** Refuses models that the instance's own disks can't hold. */
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
  checkInteger(property, sizeGiB, 1, storeGiB, 'GiB');
}

/** Refuses servers so small that each is left less main memory than one needs. */
export function checkServerMemory(instance: GpuInstanceType, replicasPerNode: number, property: string): void {
  const memoryMiB = serverMemoryMiB(instance, replicasPerNode);
  if (memoryMiB < MIN_SERVER_MEMORY_MIB) {
    throw new ValidationError({
      property,
      value: instance.name,
      problem: `leaves each of the ${replicasPerNode} servers that its GPUs are enough for ${memoryMiB} MiB of main memory`,
      allowed: `at least ${MIN_SERVER_MEMORY_MIB} MiB for each`,
      remedy: 'set gpusPerReplica to more GPUs, so that fewer servers share a node, or choose a type with more memory',
    });
  }
}
