import { checkInteger } from '../../check-integer';
import { refuser, ValidationError } from '../../errors';
import { type Construct, Fn, type TerraformProvider, Token } from '../../framework';
import { aws } from '../../providers/aws';
import { MOST_ZONES } from './subnet-plan';

/** Zones in which EKS can't place a control plane. @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const UNSUPPORTED_ZONE_IDS = ['use1-az3', 'usw1-az2', 'cac1-az3'];
/** EKS wants subnets in two zones at least. */
const FEWEST_ZONES = 2;
const DEFAULT_ZONES = 3;

/** A zone of a network. */
export interface Zone {
  /** Its place in the address plan, 0–7; construct ids are made from it. */
  readonly place: number;
  /** `us-west-2a`; a token where Terraform finds it. */
  readonly name: string;
}

/** Which zones a network has, as the user says. */
export interface ZoneChoice {
  readonly zones?: readonly string[];
  readonly zoneCount?: number;
  /** Property that errors name, of the network: `createNetwork`. */
  readonly property: string;
}

/**
 * The zones of a network that is made: those named, each at the place of its letter, or the first that Terraform finds.
 * `us-west-2a` is place 0 either way where zones `a`, `b`, `c` are found, so that naming them later replaces no subnet;
 * models' volumes are made anew, since they name their zone where it is known.
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

/** `element` begins again where a list ends: two subnets would share a zone, which EKS and load balancers refuse. */
function enoughZones(region: string, count: number) {
  return {
    condition: `\${length(self.names) >= ${count}}`,
    errorMessage:
      `${region} has fewer than ${count} zones that EKS can use and this account may: ` +
      '${join(", ", self.names)}. Lower zoneCount, or name zones.',
  };
}

function namedZones(region: string, zones: readonly string[], { property, zoneCount }: ZoneChoice): readonly Zone[] {
  const allowed = `${FEWEST_ZONES} to ${MOST_ZONES} different zones of ${region}, such as ${region}a, known at synth`;
  const refuse = refuser({ property: `${property}.zones`, value: zones, allowed });
  if (zoneCount !== undefined) {
    throw new ValidationError({
      property: `${property}.zoneCount`,
      value: zoneCount,
      problem: 'says again what zones says',
      allowed,
      remedy: 'leave it out',
    });
  }
  if (zones.length < FEWEST_ZONES || zones.length > MOST_ZONES) {
    refuse({ problem: 'is not a number of zones that EKS can use', remedy: 'name another number of zones' });
  }
  if (new Set(zones).size < zones.length) refuse({ problem: 'names a zone twice', remedy: 'name each zone once' });
  return zones.map((name, index) => {
    const place = name.startsWith(region)
      ? ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].indexOf(name.slice(region.length))
      : -1;
    if (place >= 0) return { place, name };
    throw new ValidationError({
      property: `${property}.zones[${index}]`,
      value: name,
      problem: 'is no zone of the region',
      allowed,
      remedy: 'write region and letter',
    });
  });
}
