import { checkInteger } from '../../check-integer';
import { refuser, ValidationError } from '../../errors';
import { type Construct, Fn, type TerraformProvider, Token } from '../../framework';
import { aws } from '../../providers/aws';
import { MOST_ZONES } from './subnet-plan';

/** Zones in which EKS does not support control planes. @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const UNSUPPORTED_ZONE_IDS = ['use1-az3', 'usw1-az2', 'cac1-az3'];
/** EKS requires subnets in at least two zones. */
const FEWEST_ZONES = 2;
const DEFAULT_ZONES = 3;

/** A zone of a network. */
export interface Zone {
  /** Its place in the address plan, 0–7, which is part of construct ids. */
  readonly place: number;
  /** Name of the zone, such as `us-west-2a`; a token if Terraform looks it up. */
  readonly name: string;
}

/** The user's choice of zones. */
export interface ZoneChoice {
  readonly zones?: readonly string[];
  readonly zoneCount?: number;
  /** Property of the network in errors: `createNetwork`. */
  readonly property: string;
}

/**
 * Returns the zones of a new network: the named ones, each at the place of its letter, or the first that Terraform finds.
 * If Terraform finds zones `a`, `b`, `c`, then `us-west-2a` is place 0 either way, so naming the zones later replaces no subnet.
 * Model volumes are created again, since they name their zone if it is known.
 */
export function networkZones(
  scope: Construct,
  region: string,
  choice: ZoneChoice,
  provider?: TerraformProvider,
): readonly Zone[] {
  if (choice.zones !== undefined) {
    return namedZones(region, choice.zones, choice);
  }
  const count = checkInteger(`${choice.property}.zoneCount`, choice.zoneCount ?? DEFAULT_ZONES, {
    min: FEWEST_ZONES,
    max: MOST_ZONES,
  });
  const found = new aws.DataAwsAvailabilityZones(scope, 'zones', {
    state: 'available',
    excludeZoneIds: UNSUPPORTED_ZONE_IDS,
    filter: [
      { name: 'opt-in-status', values: ['opt-in-not-required'] },
      { name: 'zone-type', values: ['availability-zone'] },
    ],
    lifecycle: { postcondition: [enoughZones(region, count)] },
    provider,
  });
  return Array.from({ length: count }, (_, place) => ({
    place,
    name: Token.asString(Fn.element(found.names, place)),
  }));
}

/** Returns a check of the number of zones. `element` wraps around at the end of a list: two subnets would share a zone, which EKS
 * and load balancers refuse. */
function enoughZones(region: string, count: number) {
  return {
    condition: `\${length(self.names) >= ${count}}`,
    errorMessage:
      `${region} has fewer than ${count} zones that both EKS and this account can use: ` +
      '${join(", ", self.names)}. Lower zoneCount, or set zones.',
  };
}

function namedZones(region: string, zones: readonly string[], { property, zoneCount }: ZoneChoice): readonly Zone[] {
  const allowed = `${FEWEST_ZONES} to ${MOST_ZONES} different zones of ${region}, such as ${region}a, known at synth`;
  const refuse = refuser({ property: `${property}.zones`, value: zones, allowed });
  if (zoneCount !== undefined) {
    throw new ValidationError({
      property: `${property}.zoneCount`,
      value: zoneCount,
      problem: 'must not be combined with zones',
      allowed,
      remedy: 'remove it',
    });
  }
  if (zones.length < FEWEST_ZONES || zones.length > MOST_ZONES) {
    refuse({ problem: 'has an unsupported number of zones', remedy: 'set another number of zones' });
  }
  if (new Set(zones).size < zones.length) refuse({ problem: 'contains a duplicate', remedy: 'list each zone once' });
  return zones.map((name, index) => {
    const place = name.startsWith(region)
      ? ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].indexOf(name.slice(region.length))
      : -1;
    if (place >= 0) return { place, name };
    throw new ValidationError({
      property: `${property}.zones[${index}]`,
      value: name,
      problem: 'is not a zone of the region',
      allowed,
      remedy: 'use region and letter',
    });
  });
}
