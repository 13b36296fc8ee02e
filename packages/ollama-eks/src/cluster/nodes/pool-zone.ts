import { checkInteger } from '../../check-integer';
import { refuser } from '../../errors';
import { Token } from '../../framework';

/** The zones that pools of a network can have. */
export interface ZoneContext {
  readonly region: string;
  /** Zones of the network, if they are known at synth. */
  readonly zones?: readonly string[];
  /** Number of zones of the network. */
  readonly zoneCount: number;
  /** Whether the network names its zones, at synth or at plan. */
  readonly networkNamesZones: boolean;
}

/** Zone of a pool's nodes, as far as it is known at synth: its name, its place in the network, or both. */
export interface PoolZone {
  /** Name of the zone; undefined if the pool does not name it and Terraform looks up the network's zones. */
  readonly zone?: string;
  /** Place of the zone in the network, from 0; undefined if the pool names it and Terraform looks up the network's zones. */
  readonly zoneIndex?: number;
}

/**
 * Returns the zone of a pool.
 * @throws ValidationError for a zone that the network does not have, as far as that is known at synth
 */
export function poolZone(
  zone: string | number | undefined,
  property: string,
  { region, zones, zoneCount, networkNamesZones }: ZoneContext,
): PoolZone {
  if (zone === undefined || typeof zone === 'number') {
    const zoneIndex = checkInteger(property, zone ?? 0, {
      min: 0,
      max: zoneCount - 1,
      problem: `is not the place of one of the network's ${zoneCount} zones, the first of which is 0`,
    });
    return { zone: zones?.[zoneIndex], zoneIndex };
  }
  const refuse = refuser({ property, value: zone });
  if (Token.isUnresolved(zone)) {
    refuse({
      problem: 'is known only at apply',
      allowed: `a zone of ${region}, known at synth, or its place in the network`,
      remedy: 'use the name of the zone, or its place, such as 1 for the second',
    });
  }
  if (!networkNamesZones) {
    refuse({
      problem: 'cannot be found: the network does not name the zones of its subnets',
      allowed: `the place of the zone, from 0 to ${zoneCount - 1}`,
      remedy: 'use the place of the subnet in the network, or set `zones` of the network',
    });
  }
  if (zones !== undefined && !zones.includes(zone)) {
    refuse({
      problem: 'is not a zone of the network',
      allowed: zones.join(', '),
      remedy: 'use one of these, or add the zone to the network',
    });
  }
  if (!new RegExp(`^${region}[a-z]$`).test(zone)) {
    refuse({
      problem: `is not a zone of ${region}`,
      allowed: `region and letter, such as ${region}b`,
      remedy: 'use a zone of the region',
    });
  }
  return { zone, zoneIndex: zones?.indexOf(zone) };
}
