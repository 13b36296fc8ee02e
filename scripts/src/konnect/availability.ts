// https://developer.konghq.com/api/konnect/cloud-gateways/v2/#/operations/get-availability-json
import { UsageError } from '../program/errors';
import type { KonnectClient } from './konnect-client';
import type { Availability, RegionAvailability } from './types';

/** Default number of zones of a network: the fewest that survive the loss of one. */
const DEFAULT_ZONES = 2;

/** Returns what Kong currently offers in each region. */
export function readAvailability(client: KonnectClient): Promise<Availability> {
  return client.send({
    doing: 'read the availability of cloud gateways',
    method: 'GET',
    host: 'global',
    path: '/v2/cloud-gateways/availability.json',
    expects: ['versions', 'providers'],
  });
}

/** Returns the AWS region as Kong offers it. Throws CommandError (exit code 2) if Kong does not offer it. */
export function offeredRegion(availability: Availability, region: string): RegionAvailability {
  const regions = availability.providers.find(({ provider }) => provider === 'aws')?.regions ?? [];
  const found = regions.find((candidate) => candidate.region === region);
  if (found === undefined) {
    const offered = regions.map((candidate) => candidate.region).join(', ');
    throw new UsageError(`Kong does not offer gateways in AWS region ${JSON.stringify(region)}`, { allowed: offered });
  }
  return found;
}

/**
 * Returns the AZ IDs of a network: the given ones, or two that Kong offers.
 * Throws CommandError (exit code 2) for a zone that Kong does not offer.
 */
export function chooseZones(region: RegionAvailability, wanted: readonly string[] = []): readonly string[] {
  const offered = [...region.availability_zones].sort();
  const unknown = wanted.filter((zone) => !offered.includes(zone));
  if (unknown.length > 0) {
    throw new UsageError(`Kong does not offer gateways in AZ ID ${unknown.join(', ')} of ${region.region}`, {
      allowed: offered.join(', '),
      remedy: 'correct KONNECT_NETWORK_ZONES',
    });
  }
  return wanted.length > 0 ? wanted : offered.slice(0, DEFAULT_ZONES);
}

/** Throws CommandError (exit code 2) for a Kong Gateway version that Kong does not offer. */
export function assertVersion({ versions }: Availability, version: string): void {
  if (versions.includes(version)) return;
  throw new UsageError(`Kong Gateway ${JSON.stringify(version)} is not offered`, {
    allowed: versions.join(', '),
    remedy: 'correct KONG_GATEWAY_VERSION',
  });
}
